"""Staff files on the Django admin, by the rules of `load_staff`."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any  # what django-import-export hands on

from django.utils import timezone
from import_export.fields import Field
from import_export.results import Result
from import_export.widgets import Widget

from accounts.models import StaffAccount
from accounts.services.filling import fill, new_account, why_left
from accounts.services.load_guards import refused_rows
from accounts.services.load_trail import LoadTrail
from accounts.services.loading import check_rows
from accounts.services.recognising import recognise
from accounts.services.roles import Names
from accounts.staff_rows import OPTIONAL_COLUMNS, STAFF_COLUMNS, StaffRow
from schools.csv_admin import LINE, DistrictResource, StrictCsv
from schools.csv_files import CsvRow, Problem


class StaffCsv(StrictCsv):
    """The file of `load_staff`."""

    columns = STAFF_COLUMNS
    optional = OPTIONAL_COLUMNS


class YesNo(Widget):
    """A list's tick as the file says it."""

    def render(self, value: object, obj: object = None, **_: object) -> str:
        """Return yes or no."""
        return "yes" if value else "no"


class LevelName(Widget):
    """Where an account is, told from its school's primary key."""

    def render(self, value: object, obj: object = None, **_: object) -> str:
        """Return district for no school."""
        return "district" if value is None else "school"


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A good row and the account it is about, made for it if it is new."""

    row: StaffRow
    account: StaffAccount
    is_new: bool


class StaffResource(DistrictResource):
    """Staff accounts, recognised over the whole file; tied ones are skipped."""

    level = Field("school_id", column_name="level", widget=LevelName())
    school_id = Field("school__school_id", column_name="school_id")
    job_function = Field("job_function__name", column_name="job_function")
    user_role = Field("user_role__name", column_name="user_role")
    teacher_list = Field("teacher_list", column_name="teacher_list", widget=YesNo())
    counselor_list = Field(
        "counselor_list", column_name="counselor_list", widget=YesNo()
    )
    zone = Field("zone__name", column_name="zone")
    account_id = Field("id", column_name="account_id")

    class Meta:
        """Columns as in the file."""

        model = StaffAccount
        fields = (*STAFF_COLUMNS, *OPTIONAL_COLUMNS)
        import_order = export_order = fields
        import_id_fields = ["account_id"]
        report_skipped = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.placed: dict[int, PlacedRow] = {}
        self.is_changed = False

    def check(self, rows: list[CsvRow]) -> list[Problem]:
        """Return what the command would say, and which rows are refused here."""
        if self.district is None:
            return []
        good, problems = check_rows(self.district, rows)
        self.names, self.trail = Names(self.district), LoadTrail(self.district)
        accounts = self.district.staff_accounts.select_related(
            "school", "job_function", "user_role", "zone"
        ).order_by("created_at", "id")
        found = recognise(good, accounts)
        for row, account in zip(good, found, strict=True):
            new = new_account(self.district, row, timezone.now())
            self.placed[row.line] = PlacedRow(row, account or new, account is None)
        placed = [(each.row, each.account) for each in self.placed.values()]
        refused = refused_rows(self.district, placed, self.names, self.actor)
        return problems + refused

    def get_or_init_instance(
        self, _loader: object, row: OrderedDict[str, str]
    ) -> tuple[StaffAccount, bool]:
        """Return the account a row is about, and whether it is new."""
        placed = self.placed[int(row[LINE])]
        return placed.account, placed.is_new

    def import_instance(
        self, instance: StaffAccount, row: OrderedDict[str, str], **_: object
    ) -> None:
        """Give the account the row's values, unless a file leaves it as it is."""
        placed = self.placed[int(row[LINE])]
        cause = instance.inactive_cause
        is_left = why_left(placed.row, instance.clever_id, cause)
        before = self.trail.state(instance)
        self.is_changed = not is_left and fill(
            instance, placed.row, self.names, self.actor, timezone.now()
        )
        if placed.is_new:
            self.trail.add_new(instance)
        elif self.is_changed:
            self.trail.add_changed(instance, before)

    def keep(self, _result: Result) -> None:
        """Write what the load did, also to single accounts, into the audit trail."""
        self.trail.keep(self.actor)

    def skip_row(self, *_: object) -> bool:
        """Skip what didn't change."""
        return not self.is_changed
