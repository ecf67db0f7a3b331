"""With which Naviance ID somebody signs in to an account: inviting, taking out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.services.inviting import (
    NOT_ONESELF,
    invite_by_hand,
    take_out_of_identity,
)
from accounts.services.staff_guards import check_not_oneself
from schools.access import ConsoleRequest, actor_of, manages_staff
from schools.errors import RefusedError
from staffimport.views.person import (
    back_to_person,
    full_name,
    place_of,
    seen_account,
)


@require_POST
@manages_staff
def invite(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """E-mail the account's person a link that sets up a Naviance ID."""
    found = seen_account(request, account)
    try:
        invitation = invite_by_hand(found, actor_of(request))
    except RefusedError as refusal:
        messages.error(request, refusal.user_message)
    else:
        sentence = f"An invitation to set up a Naviance ID goes to {invitation.email}."
        messages.success(request, sentence)
    return redirect("staffimport:staff_person", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_staff
def take_out(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """Ask before an account is taken out of a Naviance ID; sent, do it.

    A dialog when htmx asks, else a page with the same form.
    """
    found = seen_account(request, account)
    if request.method != "POST":
        try:
            check_not_oneself(found, actor_of(request), NOT_ONESELF)
        except RefusedError as refusal:
            messages.error(request, refusal.user_message)
            return back_to_person(request, found)
        context = {
            "account": found,
            "name": full_name(found),
            "place": place_of(found),
            "form": "staff/_take_out_form.html",
            "is_dialog": bool(request.htmx),
        }
        template = "_ask_dialog.html" if request.htmx else "ask.html"
        return render(request, f"staff/{template}", context)
    note = request.POST.get("note", "")
    try:
        identity = take_out_of_identity(found, note, actor_of(request))
    except RefusedError as refusal:
        messages.error(request, refusal.user_message)
    else:
        where = place_of(found)
        sentence = f"{identity} no longer signs in to the account at {where}."
        messages.success(request, sentence)
    return redirect("staffimport:staff_person", found.pk)
