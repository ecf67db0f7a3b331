"""Which accounts a person has, which of them let into the console, who is support."""

from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from accounts.models import OF_THE_WHOLE_DISTRICT, Right, StaffAccount, User
from schools.models import District, School

PROVIDER = "clever"
"""What allauth calls Clever, of its providers."""

Within = frozenset[int] | None
"""The keys of the schools whose staff somebody sees; None: all the district's."""


def active_accounts(user: User) -> QuerySet[StaffAccount]:
    """Return a person's active accounts, in all their schools and districts.

    In a session that began with Clever those of that Clever user alone, by Clever's
    word also one that no Naviance ID has: it may have another address than this one.
    """
    active = StaffAccount.objects.filter(status=StaffAccount.Status.ACTIVE)
    if user.came_by is None:
        return active.filter(user=user)
    district, clever_id = user.came_by
    of_clever = active.filter(district=district, clever_id=clever_id)
    # Which no account without one is; said so, SQLite finds them by their index, too.
    return of_clever.exclude(clever_id="").filter(Q(user=user) | Q(user=None))


def accounts_in(district: District, user: Model) -> QuerySet[StaffAccount]:
    """Return a person's accounts in a district, active or not, however they sign in.

    Those of their Naviance ID, and of their Clever user what no Naviance ID has.
    """
    came_by = SocialAccount.objects.filter(user=user.pk, provider=PROVIDER)
    by_clever = Q(user=None, clever_id__in=came_by.values("uid"))
    return StaffAccount.objects.filter(Q(user=user.pk) | by_clever, district=district)


def is_own(account: StaffAccount, user: User | AnonymousUser) -> bool:
    """Return whether an account is one of a person's, active or not."""
    if not isinstance(user, User) or account.user_id not in (None, user.pk):
        return False
    came_by = (account.district_id, account.clever_id)
    return account.user_id is not None or user.came_by == came_by


def rights_in(user: User, district: District) -> set[str]:
    """Return the rights of a person's district-level roles in one district.

    Rights over the district as a whole take an account without a zone. Support that
    looks at the district's console sees it as a District Site Manager does; that
    nothing is written then is `accounts.looking_only`'s to hold.
    """
    if user.visited == district:
        return set(Right)
    own = active_accounts(user).filter(district=district, school__isnull=True)
    rights: set[str] = set()
    for account in own.select_related("user_role"):
        held = set(account.user_role.rights if account.user_role else ())
        rights |= held if account.zone_id is None else held - OF_THE_WHOLE_DISTRICT
    return rights


def schools_within(account: StaffAccount) -> QuerySet[School]:
    """Return the schools an account reaches: its own, or those of its zone.

    At the district an account without a zone has full access, one in a zone without
    schools none (product.md, "Zone restriction").
    """
    if account.school_id is not None:
        return School.objects.filter(pk=account.school_id)
    if account.zone is None:
        return account.district.schools.all()
    return account.zone.schools.all()


def schools_in_reach(
    user: User | AnonymousUser,
    district: District,
    right: str = Right.MANAGE_DATA_IMPORT,
) -> Within:
    """Return the keys of the schools where a person may do what a right allows.

    What is seen in the console goes by the right that opens it. A right reaches as far
    as the zones of the district-level accounts whose roles give it: None, all schools,
    if one of these has no zone. Whether any does is not asked here: without one all
    of them count.
    """
    if not isinstance(user, User):
        return frozenset()
    if user.visited == district:
        return None
    own = active_accounts(user).filter(district=district, school__isnull=True)
    all_of_them = list(own.select_related("user_role"))
    giving = [a for a in all_of_them if a.user_role and right in a.user_role.rights]
    zones = {account.zone_id for account in giving or all_of_them}
    if None in zones:
        return None
    within = district.schools.filter(zones__in=zones)
    return frozenset(within.values_list("pk", flat=True))


def opens_console(account: StaffAccount) -> bool:
    """Return whether the account lets its person into the console.

    It takes a district-level account whose role may manage the data import. Whoever a
    zone restricts finds the staff of its schools there, and nothing else.
    """
    if account.school_id is not None or account.user_role is None:
        return False
    return Right.MANAGE_DATA_IMPORT in account.user_role.rights


def may_manage_import(account: StaffAccount) -> bool:
    """Return whether the account's person may manage the district's data import.

    An import is the whole district's, so it takes an account that no zone restricts.
    """
    return opens_console(account) and account.zone_id is None


def lacks_second_factor(user: User) -> bool:
    """Return whether somebody of support must set up a second factor first."""
    return settings.SUPPORT_MFA_REQUIRED and not is_mfa_enabled(user)


def may_visit(user: User) -> bool:
    """Return whether a person may look at districts' consoles as their admins do."""
    return (
        user.is_active
        and user.is_staff
        and user.has_perm("accounts.add_consolevisit")
        and not lacks_second_factor(user)
    )
