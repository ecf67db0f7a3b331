"""Child: django-import-export with the rows of the newest test.

It is told the id of each account, so that it has no matching to do, and schools come
as keys, which saves it a query a row.
"""

import tablib
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import IntegerWidget

from accounts.models import StaffAccount
from bench.child import BenchFailedError, Measured
from staffimport.models import ImportResult, ImportRun

_COLUMNS = (
    "id", "district_id", "school_id", "clever_id", "first_name", "middle_name",
    "last_name", "job_title", "email", "employee_id",
)  # fmt: skip


class AsItComes(ModelResource):
    """Staff accounts, with nothing set but the columns."""

    district_id = Field("district_id", "district_id", IntegerWidget())
    school_id = Field("school_id", "school_id", IntegerWidget())

    class Meta:
        """The columns that Clever fills."""

        model = StaffAccount
        fields = _COLUMNS


class Tuned(AsItComes):
    """The same with all that its documentation offers for large imports."""

    class Meta:
        """In bulk, accounts looked up once, no comparison kept for display."""

        model = StaffAccount
        fields = _COLUMNS
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        instance_loader_class = CachedInstanceLoader


def main(resource: str, mode: str) -> Measured:
    """Measure "as-it-comes" or "tuned" in a "dry-run" or an "import"."""
    data = _dataset()
    chosen = AsItComes() if resource == "as-it-comes" else Tuned()
    measured = Measured()
    with measured.clock():
        result = chosen.import_data(data, dry_run=mode == "dry-run", raise_errors=True)
    if result.has_errors():
        raise BenchFailedError("django-import-export reported errors.")
    measured.parts = {
        "rows": len(data),
        "created": result.totals["new"],
        "updated": result.totals["update"],
    }
    return measured


def _dataset() -> tablib.Dataset:
    test = ImportRun.objects.filter(kind=ImportRun.Kind.TEST).latest("pk")
    rows = ImportResult.objects.filter(run=test).values_list(
        "account_id", "school_id", *_COLUMNS[3:]
    )
    data = tablib.Dataset(headers=_COLUMNS)
    for account, school, *texts in rows:
        data.append([account, test.district_id, school, *texts])
    return data
