"""One person's page: accounts side by side, Clever's side, and what ever happened."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import is_own, schools_in_reach
from accounts.models import StaffAccount
from accounts.people import people_of, shown
from accounts.services.inviting import can_be_invited
from schools.access import ConsoleRequest, may_manage_staff, opens_console
from staffimport.queries.person_clever import clever_side
from staffimport.queries.person_fields import field_rows, left_alone
from staffimport.queries.person_history import history, told_once

EVENTS_SHOWN = 20


@require_safe
@opens_console
def person(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """Show the person whom one of the district's accounts belongs to.

    `all` in the query string shows the whole history. Whoever a zone restricts sees
    the accounts at its schools, and not what the others are to tell of.
    """
    district = request.district
    within = schools_in_reach(request.user, district)
    asked = get_object_or_404(shown(district, within), pk=account)
    (found,) = people_of(district, [asked], within)
    side = clever_side(district, found)
    events = history(district, found)
    chapters = told_once(events)
    told = chapters if "all" in request.GET else chapters[:EVENTS_SHOWN]
    places: dict[UUID | None, str] = {a.pk: place_of(a) for a in found.accounts}
    context = {
        "asked": asked,
        "person": found,
        "name": full_name(asked),
        "may_manage": may_manage_staff(request),
        "about": [
            *dict.fromkeys(filter(None, (a.job_title for a in found.accounts))),
            *dict.fromkeys(filter(None, (a.email for a in found.accounts))),
        ],
        "sign_ins": list(dict.fromkeys(a.user for a in found.accounts if a.user)),
        "is_active": any(
            a.status == StaffAccount.Status.ACTIVE for a in found.accounts
        ),
        "own": {a.pk for a in found.accounts if is_own(a, request.user)},
        "accounts": [(a, places[a.pk]) for a in found.accounts],
        "can_be_invited": {
            a.pk for a in found.accounts if a.email and can_be_invited(a)
        },
        "left_alone": left_alone(district, found),
        "rows": field_rows(found, side, events),
        "side": side,
        "chapters": [
            (c.first, [(places.get(e.account, ""), e.url) for e in c.events])
            for c in told
        ],
        "more_chapters": len(chapters) - len(told),
        "waiting": [e for e in events if e.state == "held"],
    }
    return render(request, "staff/person.html", context)


def seen_account(request: ConsoleRequest, account: UUID) -> StaffAccount:
    """Return an account that the signed-in person sees; raises Http404 for others."""
    within = schools_in_reach(request.user, request.district)
    accounts = shown(request.district, within).select_related("district")
    return get_object_or_404(accounts, pk=account)


def back_to_person(request: ConsoleRequest, account: StaffAccount) -> HttpResponse:
    """Return to the page of an account's person, out of a dialog, too."""
    page = redirect("staffimport:staff_person", account.pk)
    return HttpResponseClientRedirect(page.url) if request.htmx else page


def full_name(account: StaffAccount) -> str:
    """Return a person's name as sentences say it."""
    return f"{account.first_name} {account.last_name}".strip() or "(no name)"


def place_of(account: StaffAccount) -> str:
    """Return where an account is, as tables name it."""
    return account.school.name if account.school else "District"
