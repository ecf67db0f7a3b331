"""Which accounts a person has, and which of them let into the console."""

from django.db.models import QuerySet

from accounts.models import Right, StaffAccount, User
from schools.models import District


def active_accounts(user: User) -> QuerySet[StaffAccount]:
    """Return a person's active accounts, in all their schools and districts."""
    return StaffAccount.objects.filter(user=user, status=StaffAccount.Status.ACTIVE)


def rights_in(user: User, district: District) -> set[str]:
    """Return the rights of a person's district-level roles in one district."""
    own = active_accounts(user).filter(district=district, school__isnull=True)
    lists = own.values_list("user_role__rights", flat=True)
    return {right for rights in lists for right in rights or ()}


def may_manage_import(account: StaffAccount) -> bool:
    """Return whether the account lets its person into the console.

    It takes a district-level account whose role has the right.
    """
    if account.school_id is not None or account.user_role is None:
        return False
    return Right.MANAGE_DATA_IMPORT in account.user_role.rights
