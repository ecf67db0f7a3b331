"""The district's invitations, by how far they have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import QueryDict

from accounts.models import Invitation, StaffAccount
from accounts.people import people_of
from accounts.reach import opened_by
from accounts.searching import fold
from accounts.services.invitations import in_state
from schools.models import District

State = Invitation.State

ON_A_PAGE = 50
EXPIRED = "expired"
WORDS = {
    State.FAILED: "Failed",
    EXPIRED: "Expired",
    State.UNMAILED: "Nobody to mail",
    State.WAITING: "Waiting",
    State.SENT: "Sent",
    State.USED: "Used",
}
"""The states as the page shows them, those that need somebody first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person's invitation: the places of their accounts, what can be done."""

    invitation: Invitation
    state: str
    places: str
    can_be_sent: bool


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """One page of them, with the query strings of its neighbours ("" if none)."""

    lines: list[Line]
    total: int
    previous: str
    next: str
    last: str


def counts(district: District, now: datetime) -> dict[str, int]:
    """Return how many invitations are in each state of WORDS."""
    has_expired = Q(state=State.SENT, expires_at__lte=now)
    found = district.invitations.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in State.values},
        expired=Count("pk", filter=has_expired),
    )
    found[State.SENT] -= found[EXPIRED]
    found[State.WAITING] += found[State.SENDING]
    return {state: found[state] for state in WORDS}


def page(district: District, params: QueryDict, now: datetime) -> InvitationPage:
    """Return the page a query string asks for: `state`, `q` and `page`."""
    state = params.get("state", "")
    wanted = in_state(district, state) if state in WORDS else district.invitations.all()
    for word in fold(params.get("q", "")).split():
        wanted = wanted.filter(
            Q(account__search_text__contains=word) | Q(email__icontains=word)
        )
    ordered = wanted.select_related(
        "account__school", "account__user", "used_by"
    ).order_by("account__name_key", "pk")
    pages = Paginator(ordered, ON_A_PAGE)
    shown = pages.get_page(params.get("page"))
    found = list(shown.object_list)
    people = people_of(district, [invitation.account for invitation in found])
    theirs = {own.pk: person.accounts for person in people for own in person.accounts}
    return InvitationPage(
        lines=[_line(i, theirs[i.account_id], now) for i in found],
        total=pages.count,
        previous=_query(params, shown.number - 1) if shown.has_previous() else "",
        next=_query(params, shown.number + 1) if shown.has_next() else "",
        last=_query(params, pages.num_pages),
    )


def _line(
    invitation: Invitation, theirs: Sequence[StaffAccount], now: datetime
) -> Line:
    state: str = invitation.state
    if invitation.has_expired(now):
        state = EXPIRED
    if state == State.SENDING:
        state = State.WAITING
    return Line(
        invitation,
        state,
        ", ".join(map(_place, _opened(invitation, theirs)))
        or _place(invitation.account),
        state not in (State.WAITING, State.USED)
        and any(own.status == StaffAccount.Status.ACTIVE for own in theirs),
    )


def _opened(
    invitation: Invitation, theirs: Sequence[StaffAccount]
) -> list[StaffAccount]:
    """Return those of a person's accounts that the link opens, or has opened."""
    if invitation.state != State.USED:
        return opened_by(invitation.email, theirs)
    active = (own for own in theirs if own.status == StaffAccount.Status.ACTIVE)
    user_id = invitation.used_by_id
    return [own for own in active if user_id is not None and own.user_id == user_id]


def _place(account: StaffAccount) -> str:
    return account.school.name if account.school else "District"


def _query(params: QueryDict, number: int) -> str:
    changed = params.copy()
    changed["page"] = str(number)
    return changed.urlencode()
