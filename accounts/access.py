"""Which of a person's accounts let them into the console, and with which rights."""

from django.db.models import QuerySet

from accounts.models import Right, StaffAccount, User
from schools.models import District


def district_accounts(user: User) -> QuerySet[StaffAccount]:
    """Return a person's active district-level accounts, in all their districts."""
    return StaffAccount.objects.filter(
        user=user, school__isnull=True, status=StaffAccount.Status.ACTIVE
    )


def rights_in(user: User, district: District) -> set[str]:
    """Return the rights of a person's roles in one district."""
    roles = district_accounts(user).filter(district=district)
    lists = roles.values_list("user_role__rights", flat=True)
    return {right for rights in lists for right in rights or ()}


def console_accounts(user: User) -> list[StaffAccount]:
    """Return the accounts with console access, with their districts, by district name.

    Nobody has any whose sign-in identity is switched off.
    """
    if not user.is_active:
        return []
    accounts = district_accounts(user).select_related("district", "user_role")
    return [
        account
        for account in accounts.order_by("district__name", "created_at", "id")
        if account.user_role and Right.MANAGE_DATA_IMPORT in account.user_role.rights
    ]
