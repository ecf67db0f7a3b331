"""Deactivating and reactivating an account by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import StaffAccount
from accounts.people import Person
from accounts.services.staff_guards import check_not_oneself
from accounts.services.staff_status import NOT_ONESELF, deactivate_account
from schools.access import ConsoleRequest, actor_of, manages_staff
from schools.errors import RefusedError
from staffimport.errors import Refused
from staffimport.queries.person_clever import clever_side
from staffimport.services.staff import reactivate as service
from staffimport.views.person import (
    back_to_person,
    full_name,
    place_of,
    seen_account,
)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_staff
def deactivate(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """Ask before an account is made inactive; sent, do it.

    A dialog when htmx asks, else a page with the same form.
    """
    found = seen_account(request, account)
    if request.method != "POST":
        try:
            check_not_oneself(found, actor_of(request), NOT_ONESELF)
        except RefusedError as refusal:
            messages.error(request, refusal.user_message)
            return back_to_person(request, found)
        return _ask(request, found, "deactivate", {})
    try:
        deactivate_account(found, request.POST.get("note", ""), actor_of(request))
    except RefusedError as refusal:
        messages.error(request, refusal.user_message)
    else:
        messages.success(
            request,
            f"The account at {place_of(found)} is inactive. Imports leave it so.",
        )
    return redirect("staffimport:staff_person", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_staff
def reactivate(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """Ask before an account becomes active again; sent, do it.

    With `leave_alone` no import archives it; that is offered where Clever does not
    have its person at its place.
    """
    found = seen_account(request, account)
    if request.method != "POST":
        side = clever_side(request.district, Person((found,)))
        is_there = side is not None and found.school_id in side.places
        return _ask(request, found, "reactivate", {"is_there": is_there})
    leave_alone = "leave_alone" in request.POST
    try:
        service(
            found,
            request.POST.get("note", ""),
            actor_of(request),
            leave_alone=leave_alone,
        )
    except (RefusedError, Refused) as refusal:
        messages.error(request, refusal.user_message)
    else:
        left = " Imports leave it alone." if leave_alone else ""
        messages.success(request, f"The account at {place_of(found)} is active.{left}")
    return redirect("staffimport:staff_person", found.pk)


def _ask(
    request: ConsoleRequest, found: StaffAccount, deed: str, more: dict[str, object]
) -> HttpResponse:
    is_done = (found.status == StaffAccount.Status.ACTIVE) == (deed == "reactivate")
    if is_done:
        state = found.get_status_display().lower()
        messages.info(request, f"The account at {place_of(found)} is {state} already.")
        return back_to_person(request, found)
    context = {
        "account": found,
        "name": full_name(found),
        "place": place_of(found),
        "form": f"staff/_{deed}_form.html",
        "is_dialog": bool(request.htmx),
        **more,
    }
    template = "_ask_dialog.html" if request.htmx else "ask.html"
    return render(request, f"staff/{template}", context)
