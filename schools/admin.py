"""Support's pages for schools, matches and the audit trail.

That of districts is registered in navsync, which sees every app.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from schools.audit import COMMAND_LINE, SCHEDULE
from schools.csv_admin import DistrictCsvAdmin, DistrictResource, StrictCsv
from schools.csv_files import CsvRow, Problem
from schools.district_actions import UNLOCK
from schools.models import (
    AuditEntry,
    CleverSchool,
    School,
    SchoolMatch,
    SchoolMatchReset,
)
from schools.services.loading import SCHOOL_COLUMNS, changes_of, check_school_rows
from schools.support_admin import (
    DistrictFilter,
    RecordAdmin,
    SupportAdmin,
)
from schools.support_links import SupportLink, add_links
from schools.support_pages import action_address


def _unlocking(match: SchoolMatch) -> str:
    """Return the address of the page that unlocks a match."""
    return f"{action_address(UNLOCK, [match.district])}&match={match.pk}"


add_links(
    SchoolMatch,
    SupportLink(UNLOCK.label, UNLOCK.permission, _unlocking, lambda m: m.is_locked),
)


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
        """Return what the command would say; keep what changes of known schools."""
        known = {school.school_id: school for school in self.get_queryset()}
        for row in rows:
            if school := known.get(row.values["school_id"]):
                self.changes |= changes_of(school, row.values)
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
    list_filter = [DistrictFilter]
    list_select_related = ["district"]
    search_fields = ["name", "school_id", "nces_id", "city"]
    autocomplete_fields = ["district"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: School | None = None
    ) -> list[str]:
        """Fix the district: a school doesn't move."""
        return [] if obj is None else ["district"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether this person edits schools by form, which adding one is.

        Whoever may only add them loads them from a file.
        """
        may: bool = super().has_add_permission(request)
        return may and request.user.has_perm("schools.change_school")


@admin.register(CleverSchool)
class CleverSchoolAdmin(RecordAdmin):
    """Schools as Clever last showed them."""

    list_display = ["name", "clever_id", "district", "nces_id", "is_shared", "city"]
    list_filter = ["is_shared", DistrictFilter]
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
    list_filter = [
        "method",
        DistrictFilter,
        ("imported_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["school", "clever_school", "district", "matched_by"]
    search_fields = ["school__name", "school__school_id", "clever_school__name"]


@admin.register(SchoolMatchReset)
class SchoolMatchResetAdmin(RecordAdmin):
    """Pairs taken apart by hand."""

    list_display = ["school", "clever_school", "district", "reset_by", "reset_at"]
    list_filter = [DistrictFilter]
    list_select_related = ["school", "clever_school", "district", "reset_by"]
    search_fields = ["school__name", "school__school_id", "clever_school__name"]


class ActorKind(admin.SimpleListFilter):
    """Narrows entries to what support, people of districts, or programs did."""

    title = "kind of actor"
    parameter_name = "actor"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        """Return the kinds."""
        return [
            ("support", "Support"),
            ("district", "People of districts"),
            ("nobody", "Not signed in"),
            *((name, name) for name in (COMMAND_LINE.name, SCHEDULE.name)),
        ]

    def queryset(
        self, request: HttpRequest, entries: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        """Keep the entries of the chosen kind."""
        programs = (COMMAND_LINE.name, SCHEDULE.name)
        match self.value():
            case "support":
                return entries.filter(actor__is_staff=True)
            case "district":
                return entries.filter(actor__is_staff=False)
            case "nobody":
                return entries.filter(actor=None).exclude(actor_name__in=programs)
            case str(name) if name in programs:
                return entries.filter(actor_name=name)
        return entries


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    """Who did what; append-only. A name leads to all that its person did."""

    list_display = ["at", "district", "who", "verb", "target", "origin"]
    list_filter = ["verb", ActorKind, "at", DistrictFilter]
    list_select_related = ["district"]
    search_fields = ["actor_name", "verb", "target", "note"]
    date_hierarchy = "at"

    @admin.display(description="Who", ordering="actor_name")
    def who(self, entry: AuditEntry) -> SafeString:
        """Return the actor's name as a link to the entries of that name."""
        query = urlencode({"actor_name__exact": entry.actor_name})
        return format_html('<a href="?{}">{}</a>', query, entry.actor_name)

    @admin.display(description="From where", ordering="address")
    def origin(self, entry: AuditEntry) -> str:
        """Return the address, or that no person did it over the network."""
        return entry.origin
