"""Opening an invitation's link, and setting up the Naviance ID it is for.

An identity is only ever somebody's who has shown that the address is theirs: by the
link that went there and, where the address has an identity already, by its password.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import may_manage_import
from accounts.addresses import folded
from accounts.invitation_links import digest_of
from accounts.models import Invitation, StaffAccount, User
from accounts.people import Person, people_of
from accounts.reach import has_address, opened_by, opens_identity, signs_in
from accounts.services.belonging import ADDED
from accounts.staff_values import in_words
from schools.audit import Actor, record

State = Invitation.State

USED = "used invitation"


class Closed(StrEnum):
    """Why a link sets nothing up."""

    UNKNOWN = "unknown"  # forged, cut off, or replaced by a newer one
    USED = "used"
    EXPIRED = "expired"
    NOT_ACTIVE = "not active"
    OTHER_ADDRESS = "to another address"  # than the person's accounts have now
    WITH_CLEVER = "with Clever SSO"  # but for who manages the import
    LEFT = "district left"  # but for the same, and none is sent again
    OF_SUPPORT = "support's own"
    HAS_ID = "has a Naviance ID"


class LinkClosedError(Exception):
    """The link sets nothing up; `invitation` is the one it belongs to, if any."""

    def __init__(self, why: Closed, invitation: Invitation | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.invitation = invitation


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation whose link is good.

    `accounts` are those it opens. `holder` is an identity of the person's, which must
    add them itself; without one a password sets up the identity `newcomer`, which may
    be one that has signed in with Clever before.
    """

    invitation: Invitation
    accounts: tuple[StaffAccount, ...]
    newcomer: User
    holder: User | None


def open_link(
    token: str, user: User | None = None, now: datetime | None = None
) -> Opened:
    """Return what a link sets up, without doing it; raises LinkClosedError.

    It opens the person's accounts that have the address it went to. `user` is who is
    signed in: with an account of the person's, they can add the others.
    """
    now = now or timezone.now()
    invitation = (
        Invitation.objects.select_related("account", "district")
        .filter(token_digest=digest_of(token))
        .first()
    )
    if invitation is None:
        raise LinkClosedError(Closed.UNKNOWN)
    if invitation.state == State.USED:
        raise LinkClosedError(Closed.USED, invitation)
    [person] = people_of(invitation.district, [invitation.account])
    active = _active(person, invitation)
    _check_needs_link(invitation, active)
    if invitation.expires_at is None or invitation.expires_at <= now:
        raise _closed(invitation, Closed.EXPIRED)
    reached = _reached(active, invitation)
    accounts = tuple(opened_by(invitation.email, reached))
    if not accounts:
        raise LinkClosedError(Closed.HAS_ID, invitation)
    _check_needs_link(invitation, accounts)
    owner = next((account.user for account in accounts if account.user), None)
    holder = _holder(invitation, owner)
    # What else the identity has may be another's: then the accounts leave it.
    is_theirs = owner is not None and opens_identity(owner, invitation.email)
    newcomer = _newcomer(invitation, owner if is_theirs else None)
    if holder is None and user in [a.user for a in reached if signs_in(a)]:
        holder = user
    # Support is never anybody's in a district, or a district would hold its identity.
    if any(user and (user.is_staff or user.is_superuser) for user in (owner, holder)):
        raise LinkClosedError(Closed.OF_SUPPORT, invitation)
    return Opened(invitation, accounts, newcomer, holder)


def set_up(token: str, password: str, address: str | None) -> User:
    """Set up the Naviance ID with this password, and use the invitation up.

    `address` is the remote IP address. Raises LinkClosedError; also HAS_ID when the
    address has come to be another identity's.
    """
    opened = open_link(token)
    if opened.holder is not None:
        raise LinkClosedError(Closed.HAS_ID, opened.invitation)
    user = opened.newcomer
    user.set_password(password)
    try:
        with transaction.atomic():
            _claim(opened.invitation)
            user.save()
            _tie(opened, user, address)
    except IntegrityError:  # somebody else has taken the address meanwhile
        raise LinkClosedError(Closed.HAS_ID, opened.invitation) from None
    return user


def add_accounts(token: str, user: User, address: str | None) -> None:
    """Add the invitation's accounts to the identity that has its address, or some.

    `user` is signed in. Raises LinkClosedError, UNKNOWN when the link is another's.
    """
    opened = open_link(token, user)
    if opened.holder != user:
        raise LinkClosedError(Closed.UNKNOWN, opened.invitation)
    with transaction.atomic():
        _claim(opened.invitation)
        _tie(opened, user, address)


def _check_needs_link(invitation: Invitation, accounts: Iterable[StaffAccount]) -> None:
    """Raise LinkClosedError if whose accounts these are sign in with Clever alone.

    Or not at all any more, because their district has left.
    """
    has_left = invitation.district.disconnected_at is not None
    if not (has_left or invitation.district.uses_sso):
        return
    if not any(map(may_manage_import, accounts)):
        why = Closed.LEFT if has_left else Closed.WITH_CLEVER
        raise LinkClosedError(why, invitation)


def _closed(invitation: Invitation, why: Closed) -> LinkClosedError:
    """Return why a link is closed that can be had anew, but not where all left."""
    has_left = invitation.district.disconnected_at is not None
    return LinkClosedError(Closed.LEFT if has_left else why, invitation)


def _active(person: Person, invitation: Invitation) -> list[StaffAccount]:
    """Return the person's active accounts; raises LinkClosedError without any."""
    active = [a for a in person.accounts if a.status == StaffAccount.Status.ACTIVE]
    if not active:
        raise LinkClosedError(Closed.NOT_ACTIVE, invitation)
    return active


def _reached(active: list[StaffAccount], invitation: Invitation) -> list[StaffAccount]:
    """Return the accounts with the link's address, its own one first.

    Raises LinkClosedError if there are none.
    """
    reached = [a for a in active if has_address(a, invitation.email)]
    if not reached:
        raise _closed(invitation, Closed.OTHER_ADDRESS)
    return sorted(reached, key=lambda a: a.pk != invitation.account_id)


def _newcomer(invitation: Invitation, owner: User | None) -> User:
    """Return the identity to set up, saved or not: with an address to sign in with."""
    user = owner or User(
        first_name=invitation.account.first_name,
        last_name=invitation.account.last_name,
    )
    if not user.email:
        user.email = folded(invitation.email)
    return user


def _holder(invitation: Invitation, owner: User | None) -> User | None:
    """Return the other identity that has the address, if any."""
    if owner is not None and owner.email:
        return None
    address = folded(invitation.email)
    holder = User.objects.filter(email=address).first()
    return None if holder == owner else holder


def _claim(invitation: Invitation) -> None:
    """Use the link up, before anything else: it is good once."""
    still_good = Invitation.objects.filter(
        pk=invitation.pk, token_digest=invitation.token_digest
    ).exclude(state=State.USED)
    if not still_good.update(state=State.USED, used_at=timezone.now(), problem=""):
        raise LinkClosedError(Closed.USED, invitation)


def _tie(opened: Opened, user: User, address: str | None) -> None:
    invitation, actor = opened.invitation, Actor(str(user), user, address)
    Invitation.objects.filter(pk=invitation.pk).update(used_by=user)
    record(
        invitation.district,
        actor,
        USED,
        in_words(invitation.account),
        about=invitation.account_id,
    )
    for account in opened.accounts:
        # As it was when the link was opened. Not an edit of the account: no import has
        # to look at it again.
        tied = StaffAccount.objects.filter(
            pk=account.pk,
            user=account.user,
            email=account.email,
            status=StaffAccount.Status.ACTIVE,
        ).update(user=user)
        if tied and account.pk != invitation.account_id:
            record(
                invitation.district, actor, ADDED, in_words(account), about=account.pk
            )
