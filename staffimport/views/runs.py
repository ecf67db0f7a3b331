"""One run's page with its progress, and starting and stopping runs."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from schools.access import ConsoleRequest, actor_of, manages_import
from schools.models import District
from staffimport.errors import Refused
from staffimport.models import ImportRun, RunProgress
from staffimport.queries.progress import Look, look
from staffimport.services.cancel import cancel_run
from staffimport.services.start import start_sync as queue_sync
from staffimport.services.start import start_test as queue_test
from staffimport.views.results import results_page
from staffimport.wording import CANCEL_LABELS, PROGRESS_LABELS


@require_safe
@manages_import
def run(request: ConsoleRequest, number: int) -> HttpResponse:
    """Show one run: its progress, its results, or why it ended without any."""
    found = _run(request.district, number)
    if not found.has_ended:
        return render(request, "staffimport/progress.html", _progress(found))
    if found.state != ImportRun.State.SUCCEEDED:
        return render(request, "staffimport/ended.html", {"run": found})
    return results_page(request, found)


@require_safe
@manages_import
def progress(request: ConsoleRequest, number: int) -> HttpResponse:
    """Return the moving part of a run's page; the page reloads when the run ends.

    `step` is the step the page shows: its announcement changes with the step alone.
    """
    found = _run(request.district, number)
    if found.has_ended:
        return HttpResponseClientRefresh()
    now = timezone.now()
    context = {
        "run": found,
        "look": _look(found, now),
        "now": now,
        "shown_step": request.GET.get("step", ""),
        "is_fragment": True,
    }
    return render(request, "staffimport/_progress.html", context)


@require_POST
@manages_import
def start_test(request: ConsoleRequest) -> HttpResponse:
    """Start a test import and show its progress; a second click shows the same run."""
    try:
        found = queue_test(request.district, actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.user_message)
        return redirect("home")
    return redirect("staffimport:run", found.pk)


@require_POST
@manages_import
def start_sync(request: ConsoleRequest) -> HttpResponse:
    """Start a sync and show its progress; a second click shows the same run.

    Where none can start, the page it was sent from says why.
    """
    try:
        found = queue_sync(request.district, actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.user_message)
        is_from_staff = request.POST.get("from") == "staff"
        return redirect("staffimport:staff" if is_from_staff else "home")
    return redirect("staffimport:run", found.pk)


@require_POST
@manages_import
def cancel(request: ConsoleRequest, number: int) -> HttpResponse:
    """Cancel a run that has not changed any account yet."""
    found = _run(request.district, number)
    try:
        cancel_run(found, actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.user_message)
    return redirect("staffimport:run", found.pk)


def _run(district: District, number: int) -> ImportRun:
    """Return a run of the district; anything else is a 404."""
    runs = district.import_runs.select_related("progress", "base_run")
    return get_object_or_404(runs, pk=number)


def _look(found: ImportRun, now: datetime) -> Look:
    try:
        written: RunProgress | None = found.progress
    except RunProgress.DoesNotExist:
        written = None
    return look(found, written, now)


def _progress(found: ImportRun) -> dict[str, object]:
    now = timezone.now()
    kind = ImportRun.Kind(found.kind)
    return {
        "run": found,
        "look": _look(found, now),
        "now": now,
        "check_label": PROGRESS_LABELS.get(kind, "Check progress"),
        "cancel_label": CANCEL_LABELS.get(kind, f"Cancel this {kind.label.lower()}"),
    }
