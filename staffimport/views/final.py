"""Start Import: the warning before a final import, and its start."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from schools.access import ConsoleRequest, actor_of, manages_import
from staffimport.errors import Refused
from staffimport.gate import final_gate
from staffimport.queries.effects import effects
from staffimport.services.start import start_final as queue_final

UNTICKED = "Tick “Yes, permanently import staff records”, then click Start Import."


@require_http_methods(["GET", "HEAD", "POST"])
@manages_import
def start_final(request: ConsoleRequest) -> HttpResponse:
    """Warn what a final import will do; with the tick sent, start it.

    A dialog when htmx asks, else a page with the same form. Manual, "Import Staff
    Data", steps 2 to 4.
    """
    if request.method == "POST" and "permanently" in request.POST:
        return _start(request)
    gate = final_gate(request.district, timezone.now())
    if gate.reasons or gate.test is None:
        messages.error(request, " ".join(gate.reasons))
        return _leave(request)
    context = {
        "test": gate.test,
        "effects": effects(gate.test),
        "error": UNTICKED if request.method == "POST" else "",
    }
    as_dialog = request.htmx and request.method == "GET"
    template = "_final_dialog.html" if as_dialog else "final.html"
    return render(request, f"staffimport/{template}", context)


def _start(request: ConsoleRequest) -> HttpResponse:
    try:
        run = queue_final(
            request.district,
            actor_of(request),
            include_held="include_held" in request.POST,
        )
    except Refused as refusal:
        messages.error(request, refusal.user_message)
        return redirect("home")
    return redirect("staffimport:run", run.pk)


def _leave(request: ConsoleRequest) -> HttpResponse:
    """Go home, where the message says why, also from within a page."""
    home = redirect("home")
    return HttpResponseClientRedirect(home.url) if request.htmx else home
