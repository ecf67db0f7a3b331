"""Who it is that Clever has signed in: by Clever id and district, never by e-mail.

Clever's addresses are unverified and may be another person's, so they tie nobody to
anything (product.md, "After the final").
"""

from dataclasses import dataclass
from enum import StrEnum

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from accounts.access import PROVIDER
from accounts.models import StaffAccount, User
from accounts.reach import has_address
from accounts.services.belonging import ADDED
from accounts.staff_values import in_words
from schools.audit import Actor, record
from schools.models import District

FIRST = "signed in with Clever for the first time"


class Reason(StrEnum):
    """Why somebody whom Clever signed in is not signed in here."""

    UNKNOWN_DISTRICT = "unknown_district"
    NOT_LAUNCHED = "not_launched"
    NOT_USED = "not_used"
    DISCONNECTED = "disconnected"
    NO_ACCOUNT = "no_account"
    INACTIVE = "inactive"
    SWITCHED_OFF = "switched_off"
    SUPPORT = "support"
    ANOTHERS = "anothers"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom Clever has signed in: `district` and `clever_id` are Clever's ids."""

    clever_id: str
    district: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Who the visitor is to us."""

    user: User
    district: District


class NotSignedInError(Exception):
    """The visitor may not sign in; `reason` says why, nothing was changed.

    `district` is None where it is not one of ours; `accounts` are the visitor's.
    """

    def __init__(
        self,
        reason: Reason,
        district: District | None = None,
        accounts: tuple[StaffAccount, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.district = district
        self.accounts = accounts


def identify(visitor: Visitor, address: str | None) -> Known:
    """Return who the visitor is, with a sign-in identity made on the first time.

    `address` is the remote IP address, for the audit trail. Raises NotSignedInError
    when the district is not open to Clever, the visitor has no active account there,
    or their identity may not be used so.
    """
    district = _open_district(visitor)
    accounts = tuple(
        district.staff_accounts.filter(clever_id=visitor.clever_id)
        .exclude(clever_id="")
        .select_related("user", "user_role", "school")
        .order_by("created_at", "id")
    )
    active = [a for a in accounts if a.status == StaffAccount.Status.ACTIVE]
    if not active:
        reason = Reason.INACTIVE if accounts else Reason.NO_ACCOUNT
        raise NotSignedInError(reason, district, accounts)
    try:
        with transaction.atomic():
            user = _identity(visitor, active, address)
    except IntegrityError:  # the same person's first sign-in, in another window
        with transaction.atomic():
            user = _identity(visitor, active, address)
    return Known(user, district)


def _open_district(visitor: Visitor) -> District:
    district = District.objects.filter(clever_id=visitor.district).first()
    if district is None:
        raise NotSignedInError(Reason.UNKNOWN_DISTRICT)
    if district.opens_clever_sign_in:
        return district
    if district.state == District.State.DISCONNECTED:
        raise NotSignedInError(Reason.DISCONNECTED, district)
    launched = district.state == District.State.LAUNCHED
    raise NotSignedInError(
        Reason.NOT_USED if launched else Reason.NOT_LAUNCHED, district
    )


def _identity(
    visitor: Visitor, accounts: list[StaffAccount], address: str | None
) -> User:
    """Return the identity of the visitor's Clever id, with its accounts tied to it.

    Raises NotSignedInError, and leaves everything as it was, if it may not be used or
    reached none of them.
    """
    known = _came_by(visitor)
    if known is not None:
        _check_may_be_used(known, accounts[0].district)
    owners = [a.user for a in accounts if a.user is not None]
    free = _free_owner(visitor, accounts)
    if known is not None and (
        known in owners or (free is None and _may_have(known, accounts))
    ):
        user = known
    elif free is not None:
        user = free
    else:
        names = accounts[0]
        user = User.objects.create_user(
            None, first_name=names.first_name, last_name=names.last_name
        )
    _check_may_be_used(user, accounts[0].district)
    SocialAccount.objects.update_or_create(
        provider=PROVIDER, uid=visitor.clever_id, defaults={"user": user}
    )
    tied, actor = _tie(user, accounts), Actor(str(user), user, address)
    reached = [a for a in accounts if a in tied or a.user_id in (None, user.pk)]
    if not reached:
        raise NotSignedInError(Reason.ANOTHERS, accounts[0].district, tuple(accounts))
    first = None if known else reached[0]
    for account in reached:
        if account == first or account in tied:
            verb = FIRST if account == first else ADDED
            record(account.district, actor, verb, in_words(account), about=account.pk)
    return user


def _check_may_be_used(user: User, district: District) -> None:
    """Raise NotSignedInError for an identity that is switched off, or of support."""
    if not user.is_active:
        raise NotSignedInError(Reason.SWITCHED_OFF, district)
    if user.is_staff:
        # A district's Clever must not open every district's data.
        raise NotSignedInError(Reason.SUPPORT, district)


def _came_by(visitor: Visitor) -> User | None:
    """Return who has come by this Clever id before."""
    known = SocialAccount.objects.filter(provider=PROVIDER, uid=visitor.clever_id)
    before = known.select_related("user").first()
    return before.user if before else None


def _free_owner(visitor: Visitor, accounts: list[StaffAccount]) -> User | None:
    """Return the identity of one of the accounts that may have the others, too.

    It is nobody else's.
    """
    for account in accounts:
        user = account.user
        if user and _is_free(user, visitor) and _may_have(user, accounts):
            return user
    return None


def _may_have(user: User, accounts: list[StaffAccount]) -> bool:
    """Whether an identity may have all the accounts of a Clever id.

    One that also signs in by e-mail has those that are its own, and of the others what
    has its address: else whoever decides on one account's e-mail would have them all.
    """
    others = [account for account in accounts if account.user != user]
    return not user.email or all(has_address(each, user.email) for each in others)


def _is_free(user: User, visitor: Visitor) -> bool:
    """Whether the identity belongs to no other person of the district's Clever.

    One that came by another Clever id belongs to that person, unless no account has
    that id any more: then Clever has given the person a new one.
    """
    others = [uid for uid in _clever_ids(user) if uid != visitor.clever_id]
    there = StaffAccount.objects.filter(district__clever_id=visitor.district)
    return not there.filter(clever_id__in=others).exists()


def _tie(user: User, accounts: list[StaffAccount]) -> list[StaffAccount]:
    """Give the identity the accounts of its Clever id that are nobody else's.

    An account is somebody else's who signs in by e-mail, or never came by Clever. One
    whose identity came by another Clever id was theirs by a mistaken match. An
    identity that also signs in by e-mail gets what has its address; the rest stays
    nobody's, and is reached with Clever alone. Returns the accounts that are new to it.
    """
    tied = []
    for account in accounts:
        other = account.user
        if other == user or (user.email and not has_address(account, user.email)):
            continue
        if other is not None and (other.email or not _clever_ids(other)):
            continue
        # Not an edit of the account: no import has to look at it again.
        if StaffAccount.objects.filter(pk=account.pk, user=other).update(user=user):
            tied.append(account)
    return tied


def _clever_ids(user: User) -> tuple[str, ...]:
    came_by = SocialAccount.objects.filter(user=user, provider=PROVIDER)
    return tuple(came_by.values_list("uid", flat=True))
