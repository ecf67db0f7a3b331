"""Inviting the person of an account to a Naviance ID."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import schools_in_reach
from accounts.people import shown
from accounts.services.inviting import invite_by_hand
from schools.access import ConsoleRequest, actor_of, manages_staff
from schools.errors import RefusedError


@require_POST
@manages_staff
def invite(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """E-mail the account's person a link that sets up a Naviance ID."""
    within = schools_in_reach(request.user, request.district)
    accounts = shown(request.district, within).select_related("district")
    found = get_object_or_404(accounts, pk=account)
    try:
        invitation = invite_by_hand(found, actor_of(request))
    except RefusedError as refusal:
        messages.error(request, refusal.user_message)
    else:
        sentence = f"An invitation to set up a Naviance ID goes to {invitation.email}."
        messages.success(request, sentence)
    return redirect("staffimport:staff_person", found.pk)
