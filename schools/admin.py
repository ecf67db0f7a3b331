"""Support's pages for districts, schools, matches and the audit trail."""

from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from clever.errors import CleverError
from schools.audit import record
from schools.clever_connection import check_token
from schools.csv_admin import DistrictCsvAdmin, DistrictResource, StrictCsv, actor_of
from schools.csv_files import CsvRow, Problem
from schools.errors import RefusedError
from schools.models import (
    AuditEntry,
    CleverSchool,
    District,
    School,
    SchoolMatch,
    SchoolMatchReset,
)
from schools.services.districts import activate_district
from schools.services.loading import SCHOOL_COLUMNS, check_school_rows


class SupportAdmin(admin.ModelAdmin):
    """A page on which support may change things: each change is in the audit trail.

    Nothing is deleted here: accounts and history hang on it. `secret_fields` of the
    form are audited as replaced, never with their values.
    """

    list_per_page = 50
    show_full_result_count = False
    secret_fields: tuple[str, ...] = ()

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Model,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save, and keep who changed what."""
        super().save_model(request, obj, form, change)
        district = obj if isinstance(obj, District) else getattr(obj, "district", None)
        what = obj._meta.verbose_name  # noqa: SLF001 - Django's own API
        record(
            district,
            actor_of(request),
            f"{'changed' if change else 'added'} {what}",
            str(obj),
            changes={name: self._change(form, name) for name in form.changed_data},
        )

    def _change(self, form: forms.ModelForm, name: str) -> list[object]:
        if name in self.secret_fields:
            return ["(secret)", "(replaced)"]
        old = form.get_initial_for_field(form.fields[name], name)
        return [_as_text(old), _as_text(form.cleaned_data.get(name))]


class RecordAdmin(SupportAdmin):
    """A page that only shows: a run, a pull or a service wrote what stands there."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False, whoever asks."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False


def _as_text(value: object) -> object:
    """Return a form's value as the audit trail keeps it: JSON, lists as texts."""
    match value:
        case None | bool() | int():
            return value
        case QuerySet() | list():
            return [str(item) for item in value]
    return str(value)


class DistrictForm(forms.ModelForm):
    """A district; its Clever token can be replaced here, never read."""

    new_clever_token = forms.CharField(
        required=False,
        widget=forms.PasswordInput(render_value=False),
        help_text="Replaces the stored token. Clever is asked whose it is first.",
    )

    class Meta:
        """The stored token is no field of the form."""

        model = District
        exclude = ["clever_token"]  # noqa: DJ006 - a new field must not be forgotten

    def clean_time_zone(self) -> str:
        """Take a time zone by its IANA name only."""
        name = self.cleaned_data["time_zone"]
        if name not in available_timezones():
            problem = f"“{name}” is no time zone. Write one such as America/Chicago."
            raise ValidationError(problem)
        return str(name)

    def clean(self) -> dict[str, object]:
        """Ask Clever whether a new token is this district's."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        token = cleaned.get("new_clever_token")
        clever_id = cleaned.get("clever_id") or self.instance.clever_id
        if not token:
            return cleaned
        try:
            check_token(str(token), str(clever_id))
        except (CleverError, RefusedError) as error:
            self.add_error("new_clever_token", error.user_message)
        else:
            self.instance.clever_token = str(token)
        return cleaned


@admin.register(District)
class DistrictAdmin(SupportAdmin):
    """The districts; the way through its states is a matter of actions."""

    form = DistrictForm
    secret_fields = ("new_clever_token",)
    list_display = [
        "name",
        "slug",
        "state",
        "launch_date",
        "first_final_at",
        "uses_sso",
        "paused_at",
        "clever_state",
        "clever_last_sync",
        "has_token",
    ]
    list_filter = ["state", "uses_sso", "clever_state", "launch_date"]
    search_fields = ["name", "slug", "nces_id", "clever_id"]
    readonly_fields = [
        "state",
        "activated_at",
        "launched_at",
        "paused_at",
        "sync_paused_at",
        "first_final_at",
        "clever_state",
        "clever_last_sync",
        "clever_checked_at",
        "event_cursor",
        "has_token",
        "created_at",
    ]
    actions = ["activate"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: District | None = None
    ) -> list[str]:
        """Fix the Clever id once the district is there: its accounts hang on it."""
        fixed = [*super().get_readonly_fields(request, obj)]
        return fixed if obj is None else [*fixed, "clever_id"]

    @admin.display(boolean=True, description="Clever token")
    def has_token(self, district: District) -> bool:
        """Return whether a token is stored."""
        return bool(district.clever_token)

    @admin.action(description="Activate requested districts", permissions=["change"])
    def activate(self, request: HttpRequest, districts: QuerySet[District]) -> None:
        """Activate each, or say why not."""
        for district in districts:
            try:
                activate_district(district, actor_of(request))
            except RefusedError as error:
                messages.error(request, error.user_message)
            else:
                messages.success(request, f"{district} is activated.")


class SchoolCsv(StrictCsv):
    """The file of `load_schools`."""

    columns = SCHOOL_COLUMNS


class SchoolResource(DistrictResource):
    """Schools, known again by their school_id."""

    verb = "loaded schools"

    class Meta:
        """Columns as in the file; unchanged rows are left alone."""

        model = School
        fields = SCHOOL_COLUMNS
        export_order = SCHOOL_COLUMNS
        import_order = SCHOOL_COLUMNS
        import_id_fields = ["school_id"]
        skip_unchanged = True
        report_skipped = True

    def check(self, rows: list[CsvRow]) -> list[Problem]:
        """Return what the command would say."""
        return check_school_rows(rows)[1]

    def get_queryset(self) -> QuerySet[School]:
        """Look for known schools in the file's district only."""
        return School.objects.filter(district=self.district)

    def init_instance(self, row: dict[str, str] | None = None) -> School:
        """Return a new school of the district."""
        return School(district=self.district)


@admin.register(School)
class SchoolAdmin(DistrictCsvAdmin, SupportAdmin):
    """Naviance schools."""

    resource_classes = [SchoolResource]
    import_formats = [SchoolCsv]
    list_display = ["name", "school_id", "district", "nces_id", "city", "state"]
    list_filter = ["district"]
    list_select_related = ["district"]
    search_fields = ["name", "school_id", "nces_id", "city"]
    autocomplete_fields = ["district"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: School | None = None
    ) -> list[str]:
        """Fix the district: a school doesn't move."""
        return [] if obj is None else ["district"]


@admin.register(CleverSchool)
class CleverSchoolAdmin(RecordAdmin):
    """Schools as Clever last showed them."""

    list_display = ["name", "clever_id", "district", "nces_id", "is_shared", "city"]
    list_filter = ["is_shared", "district"]
    list_select_related = ["district"]
    search_fields = ["name", "clever_id", "nces_id", "city"]


@admin.register(SchoolMatch)
class SchoolMatchAdmin(RecordAdmin):
    """Which school is which; matched on the district's page or by command."""

    list_display = [
        "school",
        "clever_school",
        "district",
        "method",
        "matched_by",
        "matched_at",
        "imported_at",
    ]
    list_filter = ["method", "district", ("imported_at", admin.EmptyFieldListFilter)]
    list_select_related = ["school", "clever_school", "district", "matched_by"]
    search_fields = ["school__name", "school__school_id", "clever_school__name"]


@admin.register(SchoolMatchReset)
class SchoolMatchResetAdmin(RecordAdmin):
    """Pairs taken apart by hand."""

    list_display = ["school", "clever_school", "district", "reset_by", "reset_at"]
    list_filter = ["district"]
    list_select_related = ["school", "clever_school", "district", "reset_by"]
    search_fields = ["school__name", "school__school_id", "clever_school__name"]


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    """Who did what; append-only."""

    list_display = ["at", "district", "actor_name", "verb", "target", "address"]
    list_filter = ["verb", "at", "district"]
    list_select_related = ["district"]
    search_fields = ["actor_name", "verb", "target", "note"]
    date_hierarchy = "at"
