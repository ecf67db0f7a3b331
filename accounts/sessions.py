"""What a session may reach, and which of a person's accounts is in use in it.

Whoever signed in with Clever reaches the accounts of that Clever user in that district
alone, whatever else the identity holds: a district's Clever opens no other district.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.access import active_accounts, opens_console
from accounts.models import StaffAccount, User
from schools.models import District

_CLEVER = "signed_in_with_clever"
_IN_USE = "account_in_use"


@dataclass(frozen=True, slots=True)
class CleverSignIn:
    """By which Clever user, of which of our districts, a session began."""

    district_id: int
    clever_id: str


def begin_with_clever(request: HttpRequest, sign_in: CleverSignIn) -> None:
    """Limit the session of somebody who has just signed in with Clever."""
    request.session[_CLEVER] = [sign_in.district_id, sign_in.clever_id]


def clever_sign_in(request: HttpRequest) -> CleverSignIn | None:
    """Return how the session began with Clever; None if it began otherwise."""
    kept = request.session.get(_CLEVER)
    return CleverSignIn(*kept) if kept else None


def reachable(request: HttpRequest) -> list[StaffAccount]:
    """Return the active accounts the session reaches, by district and school.

    It also limits `request.user` to them (`User.came_by`). District-level accounts come
    first in their district. Nobody reaches any who is signed out or whose identity is
    switched off, or with Clever where it is not open.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return []
    sign_in = clever_sign_in(request)
    if sign_in is not None:
        user.came_by = (sign_in.district_id, sign_in.clever_id)
    accounts = active_accounts(user).select_related("district", "school", "user_role")
    found = sorted(accounts, key=_place)
    if sign_in is not None:
        return [account for account in found if account.district.opens_clever_sign_in]
    return found


def use(request: HttpRequest, account: StaffAccount) -> None:
    """Work with this account from now on; it must be one the session reaches."""
    request.session[_IN_USE] = str(account.pk)


def in_use(request: HttpRequest, accounts: list[StaffAccount]) -> StaffAccount | None:
    """Return the account in use, of those the session reaches.

    That is the chosen one; before anybody chose, the first with console access, or
    the only one there is.
    """
    chosen = request.session.get(_IN_USE)
    if chosen is not None:
        return next((a for a in accounts if str(a.pk) == chosen), None)
    console = next(filter(opens_console, accounts), None)
    only = accounts[0] if len(accounts) == 1 else None
    return console or only


def is_lost(request: HttpRequest, accounts: list[StaffAccount]) -> bool:
    """Return whether the session has lost its account: none is left, or not this one.

    Support needs no account.
    """
    if not request.user.is_authenticated:
        return False
    if not accounts:
        return not request.user.is_staff
    has_chosen = request.session.get(_IN_USE) is not None
    return has_chosen and in_use(request, accounts) is None


def is_clever_closed(request: HttpRequest) -> bool:
    """Return whether the session began with Clever where that is open no more."""
    sign_in = clever_sign_in(request)
    if sign_in is None:
        return False
    district = District.objects.filter(pk=sign_in.district_id).first()
    return district is not None and not district.opens_clever_sign_in


def _place(account: StaffAccount) -> tuple[object, ...]:
    school = account.school.name if account.school else ""
    return account.district.name, school, account.created_at, account.pk
