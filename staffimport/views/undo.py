"""Undo of the last applied run: its preview, and its start."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from schools.access import ConsoleRequest, actor_of, manages_import
from staffimport.errors import Refused
from staffimport.models import ImportRun
from staffimport.services import undo as service

LEFT_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@manages_import
def undo(request: ConsoleRequest, number: int) -> HttpResponse:
    """Show what an undo would do and leave; sent, start it.

    A dialog when htmx asks, else a page with the same form.
    """
    run = get_object_or_404(request.district.import_runs, pk=number)
    try:
        if request.method == "POST":
            started = service.start_undo(run, actor_of(request))
            return redirect("staffimport:run", started.pk)
        preview = service.preview_undo(run)
    except Refused as refusal:
        messages.error(request, refusal.user_message)
        return _back(request, run)
    context = {
        "run": run,
        "preview": preview,
        "left": preview.left[:LEFT_SHOWN],
        "more_left": max(0, len(preview.left) - LEFT_SHOWN),
    }
    template = "_undo_dialog.html" if request.htmx else "undo.html"
    return render(request, f"staffimport/{template}", context)


def _back(request: ConsoleRequest, run: ImportRun) -> HttpResponse:
    """Go to the run's page, where the message says why, also from a dialog."""
    page = redirect("staffimport:run", run.pk)
    return HttpResponseClientRedirect(page.url) if request.htmx else page
