"""Which accounts a person has, which of them let into the console, who is support."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Right, StaffAccount, User
from schools.models import District, School


def active_accounts(user: User) -> QuerySet[StaffAccount]:
    """Return a person's active accounts, in all their schools and districts."""
    return StaffAccount.objects.filter(user=user, status=StaffAccount.Status.ACTIVE)


def rights_in(user: User, district: District) -> set[str]:
    """Return the rights of a person's district-level roles in one district.

    Support that looks at the district's console sees it as a District Site Manager
    does; that nothing is written then is `accounts.looking_only`'s to hold.
    """
    if user.visited == district:
        return set(Right)
    own = active_accounts(user).filter(district=district, school__isnull=True)
    lists = own.values_list("user_role__rights", flat=True)
    return {right for rights in lists for right in rights or ()}


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


def schools_in_reach(user: User, district: District) -> frozenset[int] | None:
    """Return the keys of the schools a person's district-level accounts reach.

    None for all of them: one account without a zone is enough.
    """
    own = active_accounts(user).filter(district=district, school__isnull=True)
    zones = set(own.values_list("zone", flat=True))
    if None in zones or user.visited == district:
        return None
    within = district.schools.filter(zones__in=zones)
    return frozenset(within.values_list("pk", flat=True))


def may_manage_import(account: StaffAccount) -> bool:
    """Return whether the account lets its person into the console.

    It takes a district-level account whose role has the right.
    """
    if account.school_id is not None or account.user_role is None:
        return False
    return Right.MANAGE_DATA_IMPORT in account.user_role.rights


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
