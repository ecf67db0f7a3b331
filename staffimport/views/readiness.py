"""The Readiness page: the manual's two "Prepare" lists as checks on today's data."""

import csv

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from schools.access import ConsoleRequest, actor_of, manages_import
from schools.formulas import guard
from staffimport.core.readiness import Check, Concerned, find_check
from staffimport.errors import Refused
from staffimport.models import ImportRun, RunProgress
from staffimport.queries import readiness as queries
from staffimport.queries.progress import look
from staffimport.services.start import start_check
from staffimport.store import readiness as store

COLUMNS = ("name", "email", "where", "value", "clever_id", "account_id")
_MOST_DIGITS = 9


@require_safe
@manages_import
def readiness(request: ConsoleRequest) -> HttpResponse:
    """Show how the district stands on each line of the manual's lists."""
    district = request.district
    report = store.latest(district)
    parts = queries.looks(report) if report else ()
    context = {
        "report": report,
        "parts": parts,
        "summary": queries.summary(parts),
        "is_outdated": report is not None and queries.is_outdated(district, report),
        "failed": queries.failed_check(district, report),
        **_progress(queries.check_under_way(district)),
    }
    return render(request, "staffimport/readiness.html", context)


@require_safe
@manages_import
def progress(request: ConsoleRequest) -> HttpResponse:
    """Return how far the check is; the page reloads when it has ended."""
    run = queries.check_under_way(request.district)
    if run is None:
        return HttpResponseClientRefresh()
    return render(request, "staffimport/_readiness_progress.html", _progress(run))


@require_POST
@manages_import
def check_now(request: ConsoleRequest) -> HttpResponse:
    """Start a check; a second click finds the one under way."""
    try:
        start_check(request.district, actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.user_message)
    return redirect("staffimport:readiness")


@require_safe
@manages_import
def people(request: ConsoleRequest, code: str) -> HttpResponse:
    """Show whom a check concerns, page by page; a fragment when htmx asks."""
    check, found = _concerned(request, code)
    context = {
        "check": check,
        "noun": queries.noun(check, len(found)),
        "page": queries.people_page(found, _number(request.GET.get("page", ""))),
    }
    template = "_readiness_people.html" if request.htmx else "readiness_people.html"
    return render(request, f"staffimport/{template}", context)


@require_safe
@manages_import
def people_csv(request: ConsoleRequest, code: str) -> HttpResponse:
    """Return all whom a check concerns as CSV; no cell is a formula."""
    check, found = _concerned(request, code)
    response = HttpResponse(content_type="text/csv")
    name = f"{request.district.slug}-readiness-{check.code.replace('_', '-')}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for one in found:
        writer.writerow([guard(getattr(one, column)) for column in COLUMNS])
    return response


def _concerned(
    request: ConsoleRequest, code: str
) -> tuple[Check, tuple[Concerned, ...]]:
    """Return a check and whom it concerns; without check or report a 404."""
    check, report = find_check(code), store.latest(request.district)
    if check is None or report is None:
        raise Http404
    return check, store.people(request.district, report, code)


def _progress(run: ImportRun | None) -> dict[str, object]:
    if run is None:
        return {"run": None}
    try:
        written: RunProgress | None = run.progress
    except RunProgress.DoesNotExist:
        written = None
    return {"run": run, "look": look(run, written, timezone.now())}


def _number(text: str) -> int:
    """Return the page asked for, 1 if that is no number."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 1
