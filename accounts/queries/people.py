"""Whom people of a district turn to, and which districts somebody belongs to."""

from itertools import islice
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.access import is_own
from accounts.models import StaffAccount, User
from accounts.reach import has_address
from accounts.services.staff_guards import full_managers
from schools.models import District

_NAMED = 3


def site_managers(
    district: District, but: User | AnonymousUser | None = None
) -> list[str]:
    """Return the names of the district's site managers, a few if they are many.

    Whoever a zone restricts is none whom others could ask; `but` is who asks.
    """
    managers = full_managers(district).order_by("created_at", "id").iterator()
    others = (m for m in managers if but is None or not is_own(m, but))
    names = (
        f"{account.first_name} {account.last_name}".strip()
        for account in islice(others, _NAMED)
    )
    return [name for name in names if name]


def districts_of(user: User) -> QuerySet[District]:
    """Return the districts in which an identity has an account, active or not."""
    accounts = StaffAccount.objects.filter(user=user)
    return District.objects.filter(pk__in=accounts.values("district"))


def is_of_districts(address: str | None) -> bool:
    """Return whether an active staff account, of any district, has this address."""
    if not address:
        return False
    active = StaffAccount.objects.filter(status=StaffAccount.Status.ACTIVE)
    # Databases differ in what they take for the same letter, so `has_address` decides.
    alike = active.filter(email__icontains=address.strip())
    return any(has_address(account, address) for account in alike.only("email"))


def trails_of(user: User) -> list[District | None]:
    """Return the districts whose audit trails tell of an identity.

    That is None, no district's, for one of our own.
    """
    return [*districts_of(user)] or [None]


def oldest_account(user: User, district: District | None) -> UUID | None:
    """Return the id of an identity's oldest account in a district, if it has one."""
    accounts = StaffAccount.objects.filter(user=user, district=district)
    return accounts.order_by("created_at", "id").values_list("pk", flat=True).first()


def name_and_email(user: User) -> str:
    """Return who an identity is where the name alone could be two people's."""
    name = str(user)
    known = user.email and user.email != name
    return f"{name} ({user.email})" if known else name
