"""Support's admin of districts, with the board of all of them."""

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from navsync.leaving.support import EXPORT_PAGE, support_export
from navsync.standing import stand
from navsync.support.board import Owner, make_board, next_step, owner_of
from navsync.support.district_page import read_page
from navsync.support.fleet import Line, read_fleet
from navsync.support.words import (
    freshness_in_words,
    left_in_words,
    quiet_in_words,
    run_age_in_words,
)
from schools.clock import zone_of
from schools.district_admin import DistrictAdmin
from schools.models import District, DistrictState
from schools.support_actions import allowed_actions
from schools.support_pages import PAGE


class SupportDistrictAdmin(DistrictAdmin):
    """The districts' pages, with what upper apps know of each."""

    def get_urls(self) -> list[URLPattern]:
        """Add the board, and the data of a district that leaves."""
        board = self.admin_site.admin_view(self.board)
        export = self.admin_site.admin_view(support_export)
        return [
            path("board/", board, name="schools_district_board"),
            path("<int:number>/data.zip", export, name=EXPORT_PAGE),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, shown: District) -> dict[str, object]:
        """Add where the district stands, and short lists of what it has."""
        page = read_page(shown, request, timezone.now())
        return {
            **super().page_context(request, shown),
            **_row(page.line),
            "steps": page.line.standing.steps,
            "next": stand(page.overview.facts).next,
            "waiting": page.overview.waiting,
            "sections": page.sections,
            "zone": zone_of(shown),
        }

    def board(self, request: HttpRequest) -> HttpResponse:
        """Show all districts: where each stands, and what needs somebody."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        board = make_board(read_fleet(now), request.GET)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Board",
            "board": board,
            "rows": [_row(line) for line in board.page],
            "states": DistrictState.choices,
            "owners": list(Owner),
            "chosen": request.GET,
            "actions": [
                (action, reverse(f"admin:{PAGE}", args=[action.name]))
                for action in allowed_actions(request.user)
                if not action.is_for_one
            ],
            "sorting": _query(request, "o"),
            "paging": _query(request),
            "showing": _query(request, "show"),
        }
        return render(request, "admin/schools/district/board.html", context)


def _query(request: HttpRequest, *left_out: str) -> str:
    """Return the query string to which a link of the board adds its own part."""
    params: QueryDict = request.GET.copy()
    for name in ("page", *left_out):
        params.pop(name, None)
    text = params.urlencode()
    return f"{text}&" if text else ""


def _row(line: Line) -> dict[str, object]:
    """Return what the board's table says of one district."""
    district = line.district
    return {
        "line": line,
        "district": district,
        "url": reverse("admin:schools_district_change", args=[quote(district.pk)]),
        "step": next_step(line),
        "owner": owner_of(line),
        "left": left_in_words(line),
        "run_url": _run_url(line),
        "run_age": run_age_in_words(line),
        "fresh": freshness_in_words(line),
        "quiet": quiet_in_words(line),
    }


def _run_url(line: Line) -> str:
    if line.newest is None:
        return ""
    return reverse("admin:staffimport_importrun_change", args=[line.newest.pk])
