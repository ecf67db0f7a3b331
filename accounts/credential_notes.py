"""What becomes of people's passwords and second factors, in the audit trail.

allauth tells of them by signals, right after each is stored.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.http import HttpRequest

from accounts.access import active_accounts
from accounts.models import StaffAccount, User
from schools.access import remote_address
from schools.audit import Actor, record
from schools.models import District

SET_PASSWORD = "set own password"  # noqa: S105 — what was done
ADDED_FACTOR = "added second factor"
REMOVED_FACTOR = "removed second factor"


def connect() -> None:
    """Have each change of a password or second factor noted."""
    for signal in (
        account.password_set,
        account.password_changed,
        account.password_reset,
    ):
        signal.connect(_note_password, dispatch_uid="accounts.note_password")
    mfa.authenticator_added.connect(_note_added, dispatch_uid="accounts.note_added")
    mfa.authenticator_removed.connect(_note_removed, dispatch_uid="accounts.removed")


def _note_password(request: HttpRequest, user: User, **_: Any) -> None:
    _note(request, user, SET_PASSWORD)


def _note_added(
    request: HttpRequest, user: User, authenticator: Any = None, **_: Any
) -> None:
    _note(request, user, ADDED_FACTOR, authenticator)


def _note_removed(
    request: HttpRequest, user: User, authenticator: Any = None, **_: Any
) -> None:
    _note(request, user, REMOVED_FACTOR, authenticator)


def _note(
    request: HttpRequest, user: User, verb: str, authenticator: Any = None
) -> None:
    actor = Actor(str(user), user=user, address=remote_address(request))
    kind = authenticator.get_type_display() if authenticator else ""
    record(_district_of(request, user), actor, verb, kind)


def _district_of(request: HttpRequest, user: User) -> District | None:
    """Return the district whose account is in use, else the only one there is."""
    in_use = getattr(request, "account", None)
    if isinstance(in_use, StaffAccount):
        return in_use.district
    accounts = active_accounts(user).select_related("district")
    districts = {account.district_id: account.district for account in accounts}
    return next(iter(districts.values())) if len(districts) == 1 else None
