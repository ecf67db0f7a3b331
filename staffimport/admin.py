"""Support's pages for import settings, runs, results, snapshots and decisions.

All of them only show: settings are saved on the console or by command, everything else
is written by runs and decisions.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from schools.support_actions import add_actions
from schools.support_admin import DistrictFilter, RecordAdmin, district_filter
from staffimport import inquiry_admin  # noqa: F401 — it registers its pages
from staffimport.models import (
    DistrictExport,
    ExportPart,
    FieldDrift,
    ImportResult,
    ImportRun,
    ImportSettings,
    MatchDecision,
    RosterSnapshot,
    RunComparison,
    RunProgress,
    RunSummary,
    TitleKeyword,
)
from staffimport.support_actions import IMPORT_ACTIONS

add_actions(*IMPORT_ACTIONS)


class KeywordInline(admin.TabularInline):
    """The title keywords, in their order, on the settings they belong to."""

    model = TitleKeyword
    extra = 0
    can_delete = False

    def has_add_permission(
        self, request: HttpRequest, obj: ImportSettings | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: ImportSettings | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False


@admin.register(ImportSettings)
class ImportSettingsAdmin(RecordAdmin):
    """What each district chose."""

    inlines = [KeywordInline]
    list_display = [
        "district",
        "school_user_role",
        "district_user_role",
        "district_zone",
        "all_schools",
        "teacher_fallback",
        "saved_at",
        "saved_by",
    ]
    list_filter = ["all_schools", "teacher_fallback", "saved_at"]
    list_select_related = [
        "district",
        "school_user_role",
        "district_user_role",
        "district_zone",
    ]
    search_fields = ["district__name", "district__slug", "saved_by"]


@admin.register(TitleKeyword)
class TitleKeywordAdmin(RecordAdmin):
    """Title keywords of all districts."""

    list_display = [
        "keyword",
        "district",
        "position",
        "applies_to",
        "job_function",
        "user_role",
        "teacher_list",
        "counselor_list",
    ]
    list_filter = ["applies_to", district_filter("settings__district")]
    list_select_related = ["settings__district", "job_function", "user_role"]
    search_fields = ["keyword", "job_function__name", "user_role__name"]

    @admin.display(ordering="settings__district__name")
    def district(self, keyword: TitleKeyword) -> str:
        """Return whose keyword it is."""
        return str(keyword.settings.district)


@admin.register(ImportRun)
class ImportRunAdmin(RecordAdmin):
    """Runs: what each did, how long it took, why it failed."""

    list_display = [
        "__str__",
        "district",
        "state",
        "requested_by_name",
        "requested_at",
        "finished_at",
        "attempts",
        "error",
    ]
    list_filter = [
        "kind",
        "state",
        "error_is_unexpected",
        "requested_at",
        DistrictFilter,
    ]
    list_select_related = ["district"]
    search_fields = ["=id", "district__name", "requested_by_name", "error"]
    date_hierarchy = "requested_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        """Return the runs without their snapshots, which are big."""
        runs: QuerySet[ImportRun] = super().get_queryset(request)
        related = runs.select_related("district", "snapshot")
        return related.defer("snapshot__blob")


@admin.register(RunProgress)
class RunProgressAdmin(RecordAdmin):
    """Heartbeats of runs."""

    list_display = ["run", "district", "step", "done", "total", "heartbeat_at"]
    list_filter = ["step", "run__state", district_filter("run__district")]
    list_select_related = ["run__district"]
    search_fields = ["=run__id", "run__district__name"]

    @admin.display(ordering="run__district__name")
    def district(self, progress: RunProgress) -> str:
        """Return whose run it is."""
        return str(progress.run.district)


@admin.register(ImportResult)
class ImportResultAdmin(RecordAdmin):
    """Rows of runs, with their reasons."""

    list_display = [
        "last_name",
        "first_name",
        "run",
        "district",
        "school",
        "outcome",
        "state",
        "held_reason",
        "reason",
    ]
    list_filter = [
        "outcome",
        "state",
        "held_reason",
        "level",
        district_filter("run__district"),
    ]
    list_select_related = ["run__district", "school"]
    search_fields = [
        "=run__id",
        "last_name",
        "first_name",
        "email",
        "employee_id",
        "clever_id",
        "account_id",
    ]
    ordering = ["-run_id", "position"]

    @admin.display(ordering="run__district__name")
    def district(self, result: ImportResult) -> str:
        """Return whose run it is."""
        return str(result.run.district)


@admin.register(RosterSnapshot)
class RosterSnapshotAdmin(RecordAdmin):
    """Snapshots: when and how much, never what is in them."""

    fields = ["district", "taken_at", "counts"]
    list_display = ["taken_at", "district", "counts"]
    list_filter = ["taken_at", DistrictFilter]
    list_select_related = ["district"]
    search_fields = ["district__name", "district__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RosterSnapshot]:
        """Return the snapshots without their content."""
        snapshots: QuerySet[RosterSnapshot] = super().get_queryset(request)
        return snapshots.defer("blob", "readiness_people")


@admin.register(DistrictExport)
class DistrictExportAdmin(RecordAdmin):
    """What leaving districts take along: whether it is made, and how much it is."""

    fields = ["district", "asked_at", "begun_at", "made_at", "size", "contents"]
    list_display = ["district", "asked_at", "made_at", "size"]
    list_filter = ["asked_at", "district"]
    list_select_related = ["district"]
    search_fields = ["district__name", "district__slug"]


@admin.register(ExportPart)
class ExportPartAdmin(RecordAdmin):
    """The pieces of those files: how many there are, never what is in them."""

    fields = ["export", "number"]
    list_display = ["export", "number"]
    list_filter = [district_filter("export__district")]
    list_select_related = ["export__district"]
    search_fields = ["export__district__name", "export__district__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExportPart]:
        """Return the pieces without their content."""
        parts: QuerySet[ExportPart] = super().get_queryset(request)
        return parts.defer("data")


@admin.register(RunSummary)
class RunSummaryAdmin(RecordAdmin):
    """Runs whose rows are counted and sorted, so that their pages are quick."""

    fields = ["run"]
    list_display = ["run"]
    list_filter = ["run__kind", district_filter("run__district")]
    list_select_related = ["run__district"]
    search_fields = ["run__district__name", "run__district__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunSummary]:
        """Return the summaries without what they repeat of the rows."""
        summaries: QuerySet[RunSummary] = super().get_queryset(request)
        return summaries.only("run")


@admin.register(RunComparison)
class RunComparisonAdmin(RecordAdmin):
    """Runs whose comparison is kept, and as of which states of their rows."""

    fields = ["first", "second", "stamp"]
    list_display = ["first", "second", "stamp"]
    list_filter = ["second__kind", district_filter("second__district")]
    list_select_related = ["first__district", "second__district"]
    search_fields = ["second__district__name", "second__district__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunComparison]:
        """Return the comparisons without what was found."""
        comparisons: QuerySet[RunComparison] = super().get_queryset(request)
        return comparisons.defer("found")


@admin.register(MatchDecision)
class MatchDecisionAdmin(RecordAdmin):
    """What admins decided about persons and accounts."""

    list_display = [
        "kind",
        "district",
        "clever_id",
        "account_id",
        "decided_by_name",
        "decided_at",
        "revoked_at",
    ]
    list_filter = ["kind", ("revoked_at", admin.EmptyFieldListFilter), DistrictFilter]
    list_select_related = ["district"]
    search_fields = ["clever_id", "account_id", "note", "decided_by_name"]


@admin.register(FieldDrift)
class FieldDriftAdmin(RecordAdmin):
    """What Clever says instead of a field that is pinned by hand."""

    list_display = ["account", "district", "field", "clever_value", "seen_at"]
    list_filter = ["field", district_filter("account__district")]
    list_select_related = ["account__district"]
    search_fields = ["account__last_name", "account__first_name", "clever_value"]

    @admin.display(ordering="account__district__name")
    def district(self, drift: FieldDrift) -> str:
        """Return whose account it is."""
        return str(drift.account.district)
