"""CSV loading on the Django admin, by the same rules as the commands.

django-import-export shows the preview and asks for confirmation; reading, checking and
recognising rows are ours. Nothing is loaded unless all rows are good. There is no
export: a district's data goes out as its audited ZIP alone.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable

import tablib
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from import_export.admin import ImportMixin
from import_export.formats.base_formats import CSV
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.resources import ModelResource
from import_export.results import Result
from import_export.tmp_storages import CacheStorage

from schools.access import remote_address
from schools.audit import Actor, record
from schools.connected import NOT_LISTED, check_connected, connected_districts
from schools.csv_files import CsvRow, Problem, read_csv
from schools.errors import RefusedError
from schools.models import District

LINE = "line"
"""Name of the extra column that carries a row's line to the resource."""


_SUPPORT = Actor("Naviance Support")


def actor_of(request: HttpRequest) -> Actor:
    """Return the support person asking, for the audit trail."""
    user = request.user if request.user.is_authenticated else None
    return Actor(str(request.user), user, remote_address(request))


class StrictCsv(CSV):
    """CSV as `schools.csv_files` reads it; subclasses name the columns."""

    columns: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def is_binary(self) -> bool:
        """Return True: the reader itself finds out whether the bytes are UTF-8."""
        return True

    def get_read_mode(self) -> str:
        """Return the mode that goes with it."""
        return "rb"

    def create_dataset(self, in_stream: bytes | None, **_: object) -> tablib.Dataset:
        """Return the file's rows, each with its line; RefusedError for unread ones."""
        if in_stream is None:
            raise RefusedError("The file is not kept any more. Upload it again.")
        table = read_csv(in_stream, self.columns, self.optional)
        if table.problems:
            raise RefusedError(" ".join(str(problem) for problem in table.problems))
        names = [*self.columns, *self.optional]
        rows = [[*(row.values[name] for name in names), row.line] for row in table.rows]
        return tablib.Dataset(*rows, headers=[*names, LINE])


class DistrictImportForm(ImportForm):
    """The upload form; the file is for one district."""

    district = forms.ModelChoiceField(
        connected_districts(), error_messages={"invalid_choice": NOT_LISTED}
    )


class DistrictConfirmForm(ConfirmImportForm):
    """The confirmation; it carries the district along."""

    district = forms.ModelChoiceField(
        connected_districts(),
        widget=forms.HiddenInput(),
        error_messages={"invalid_choice": NOT_LISTED},
    )


class DistrictResource(ModelResource):
    """Rows of one district's file. Subclasses check rows and find their objects."""

    verb = ""

    def __init__(
        self, district: District | None = None, actor: Actor = _SUPPORT
    ) -> None:
        super().__init__()
        self.district = district
        self.actor = actor
        self.faults: defaultdict[int, list[Problem]] = defaultdict(list)
        self.changes: dict[str, list[object]] = {}
        self.is_preview = True

    def import_data(
        self, dataset: tablib.Dataset, *, dry_run: bool = False, **kwargs: object
    ) -> Result:
        """Load the rows, or with `dry_run` find out what loading them would do."""
        self.is_preview = dry_run
        return super().import_data(dataset, dry_run=dry_run, **kwargs)

    def before_import(self, dataset: tablib.Dataset, **_: object) -> None:
        """Check all rows together, so that doubles among them are found too."""
        if self.district is not None and not self.is_preview:
            check_connected(self.district)
        rows = [
            CsvRow(int(row[LINE]), {key: row[key] for key in row if key != LINE})
            for row in dataset.dict
        ]
        for problem in self.check(rows):
            self.faults[problem.line].append(problem)

    def check(self, rows: list[CsvRow]) -> Iterable[Problem]:
        """Return what is wrong with the rows; subclasses define it."""
        return []

    def before_import_row(self, row: OrderedDict[str, str], **_: object) -> None:
        """Refuse a bad row with the sentences the command would print."""
        if faults := self.faults.get(int(row[LINE])):
            raise ValidationError([str(problem) for problem in faults])

    def after_import(self, _dataset: object, result: Result, **_: object) -> None:
        """Keep who loaded what in the audit trail."""
        if not self.is_preview and not result.has_errors():
            self.keep(result)

    def keep(self, result: Result) -> None:
        """Write what a load did into the audit trail."""
        totals = ", ".join(f"{n} {kind}" for kind, n in result.totals.items() if n)
        record(self.district, self.actor, self.verb, totals, changes=self.changes)


class DistrictCsvAdmin(ImportMixin):
    """Gives an admin an Import button for one district's CSV files."""

    import_form_class = DistrictImportForm
    confirm_form_class = DistrictConfirmForm
    tmp_storage_class = CacheStorage
    skip_admin_log = True  # the audit trail has it

    def get_confirm_form_initial(
        self, request: HttpRequest, import_form: DistrictImportForm | None
    ) -> dict[str, object]:
        """Carry the chosen district to the confirmation."""
        initial: dict[str, object] = super().get_confirm_form_initial(
            request, import_form
        )
        if import_form is not None:
            initial["district"] = import_form.cleaned_data["district"].pk
        return initial

    def get_import_resource_kwargs(
        self, request: HttpRequest, **kwargs: object
    ) -> dict[str, object]:
        """Give the resource the district of the form, and who asks."""
        form = kwargs.get("form")
        if isinstance(form, forms.Form) and form.is_bound and form.is_valid():
            district = form.cleaned_data["district"]
            return {"district": district, "actor": actor_of(request)}
        return {}

    def get_import_data_kwargs(self, **_: object) -> dict[str, object]:
        """Ask for all rows or none, also when confirmed."""
        return {"rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(
        self, form: forms.Form, error: Exception
    ) -> None:
        """Show why the file can't be read."""
        if not isinstance(error, RefusedError):
            raise error
        form.add_error("import_file", error.user_message)

    def process_import(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Load what was confirmed, unless the file or the district is gone by now."""
        form = self.create_confirm_form(request)
        if self.has_import_permission(request) and "district" in form.errors:
            messages.error(request, " ".join(form.errors["district"]))
            return redirect("..")
        if form.data.get("format") not in map(str, range(len(self.import_formats))):
            messages.error(request, "The file is not kept any more. Upload it again.")
            return redirect("..")
        try:
            answer: HttpResponse = super().process_import(request, **kwargs)
        except RefusedError as error:
            messages.error(request, error.user_message)
            return redirect("..")
        return answer

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Say what was loaded, or that nothing was: what has changed meanwhile."""
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, _why_not_loaded(result))
            return redirect("..")
        answer: HttpResponse = super().process_result(result, request)
        return answer

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may add such objects."""
        opts = self.model._meta  # noqa: SLF001 - Django's own API
        return request.user.has_perm(f"{opts.app_label}.add_{opts.model_name}")


def _why_not_loaded(result: Result) -> str:
    """Return what has changed since the preview, or that something has."""
    for fault in result.base_errors:
        if isinstance(fault.error, RefusedError):
            return f"Nothing was loaded. {fault.error.user_message}"
    return (
        "Nothing was loaded: something has changed since the preview. Import the file "
        "again."
    )
