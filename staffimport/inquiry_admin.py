"""Support's pages of what it asks about runs: to ask, the answer, the download."""

from functools import partial

import msgspec
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from schools.csv_admin import actor_of
from schools.support_admin import RecordAdmin, district_filter
from schools.support_links import SupportLink, add_links
from staffimport.core.comparing import Difference
from staffimport.errors import NotReady
from staffimport.inquiries import replay
from staffimport.models import ImportRun, Inquiry
from staffimport.services.inquiries import ask, take_bundle, why_not
from staffimport.wording import rows_in_words

Kind = Inquiry.Kind

MAY_ASK = "staffimport.add_inquiry"
_ASK, _DOWNLOAD = "staffimport_inquiry_ask", "staffimport_inquiry_download"

_DIFFERENCES = {
    Difference.ONLY_FIRST: "Only in the stored results",
    Difference.ONLY_SECOND: "Only in the replay",
    Difference.OUTCOME: "Another outcome",
    Difference.CHANGE: "Another change",
    Difference.STATE: "Another state",
    Difference.REASON: "Another reason",
}


def _link(kind: Inquiry.Kind) -> SupportLink:
    return SupportLink(
        kind.label,
        MAY_ASK,
        lambda run: reverse(f"admin:{_ASK}", args=[run.pk, kind.value]),
        lambda run: not why_not(run, kind),
    )


add_links(ImportRun, *map(_link, Kind))


@admin.register(Inquiry)
class InquiryAdmin(RecordAdmin):
    """Replays and redacted bundles of runs."""

    change_form_template = "admin/staffimport/inquiry/change_form.html"
    fields = ["run", "asked_by_name", "asked_at"]
    list_display = [
        "__str__",
        "district",
        "state",
        "asked_by_name",
        "asked_at",
        "answered_at",
        "error",
    ]
    list_filter = ["kind", "state", "asked_at", district_filter("run__district")]
    list_select_related = ["run__district"]
    search_fields = ["=run__id", "run__district__name", "asked_by_name"]

    @admin.display(ordering="run__district__name")
    def district(self, inquiry: Inquiry) -> str:
        """Return whose run it is about."""
        return str(inquiry.run.district)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        """Return the inquiries without their answers, which are big."""
        inquiries: QuerySet[Inquiry] = super().get_queryset(request)
        return inquiries.select_related("run__district").defer("content", "given")

    def get_urls(self) -> list[URLPattern]:
        """Add the page to ask on, and the download."""
        wrap = self.admin_site.admin_view
        return [
            path("ask/<int:number>/<slug:kind>/", wrap(self.ask), name=_ASK),
            path(
                "<int:number>/download/",
                wrap(require_POST(partial(self.download))),
                name=_DOWNLOAD,
            ),
            *super().get_urls(),
        ]

    def ask(self, request: HttpRequest, number: int, kind: str) -> HttpResponse:
        """Say what is asked; sent, ask it and show the answer's page."""
        _check_may_ask(request)
        if kind not in Kind.values:
            raise Http404
        runs = ImportRun.objects.select_related("district", "snapshot")
        run = get_object_or_404(runs.defer("snapshot__blob"), pk=number)
        if request.method == "POST":
            try:
                inquiry = ask(run, Kind(kind), actor_of(request))
            except NotReady as refusal:
                messages.error(request, refusal.user_message)
                return redirect("admin:staffimport_importrun_change", run.pk)
            return redirect("admin:staffimport_inquiry_change", inquiry.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{Kind(kind).label} of {run}",
            "run": run,
            "kind": Kind(kind),
            "why_not": why_not(run, Kind(kind)),
        }
        return render(request, "admin/staffimport/inquiry/ask.html", context)

    def download(self, request: HttpRequest, number: int) -> HttpResponse:
        """Send a bundle's ZIP."""
        _check_may_ask(request)
        bundles = Inquiry.objects.filter(
            kind=Kind.BUNDLE, state=Inquiry.State.ANSWERED
        ).select_related("run__district")
        inquiry = get_object_or_404(bundles, pk=number)
        response = HttpResponse(
            take_bundle(inquiry, actor_of(request)), content_type="application/zip"
        )
        name = f"navsync-run-{inquiry.run_id}-redacted.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def page_context(self, request: HttpRequest, shown: Inquiry) -> dict[str, object]:
        """Add the answer."""
        context = super().page_context(request, shown)
        if shown.kind == Kind.REPLAY and shown.state == Inquiry.State.ANSWERED:
            context |= _answer(shown)
        return context


def _answer(inquiry: Inquiry) -> dict[str, object]:
    summary = msgspec.convert(inquiry.summary, replay.Summary)
    counted = summary.differences
    return {
        "summary": summary,
        "planned": _in_words(summary.counts),
        "counted": [(word, counted.get(k, 0)) for k, word in _DIFFERENCES.items()],
        "differing": [
            (_DIFFERENCES[each.kind], each)
            for each in replay.read(bytes(inquiry.content))
        ],
        "kept_of_a_kind": replay.KEPT_OF_A_KIND,
    }


def _check_may_ask(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_ASK):
        raise PermissionDenied


def _in_words(counts: dict[str, int]) -> str:
    """Return what was planned: its rows, and how many of the matched ones change."""
    told, changed = rows_in_words(counts), counts.get("changed", 0)
    if not changed:
        return told
    change = "changes" if changed == 1 else "change"
    return f"{told} {changed:,} of those matched {change}."
