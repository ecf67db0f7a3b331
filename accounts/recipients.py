"""Who in a district is written to about its data import."""

from dataclasses import dataclass

from accounts.access import may_manage_import
from accounts.addresses import folded, is_address
from accounts.models import StaffAccount
from schools.models import District


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is written to; `role` is why."""

    address: str
    first_name: str
    role: str


def import_managers(district: District) -> list[Recipient]:
    """Return the people who manage a district's data import, each address once.

    They hold an active district account whose role has the right and which no zone
    restricts; who was switched off
    as a whole, or has no address a mail could go to, is left out.
    """
    accounts = StaffAccount.objects.filter(
        district=district, school__isnull=True, status=StaffAccount.Status.ACTIVE
    ).exclude(user__is_active=False)
    found: dict[str, Recipient] = {}
    for account in accounts.select_related("user_role").order_by("created_at", "id"):
        address = account.email.strip()
        if may_manage_import(account) and is_address(address):
            person = Recipient(address, account.first_name, str(account.user_role))
            found.setdefault(folded(address), person)
    return list(found.values())
