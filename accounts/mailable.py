"""Whether an invitation can go to an address; the import judges new people alike."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import StaffAccount, User
from accounts.people import Person, people_of

_LONGEST = User._meta.get_field("email").max_length or 0  # noqa: SLF001 — Django's API


def why_unmailed(account: StaffAccount) -> str:
    """Return why the account's person can't be mailed, as a sentence; "" if they can.

    A shared address would let whoever reads it first be somebody else.
    """
    address = account.email.strip()
    if not address:
        return "No e-mail address, so no invitation."
    if not _is_address(address):
        return f"“{address}” is no e-mail address, so no invitation."
    [person] = people_of(account.district, [account])
    if _is_shared(person, account, address):
        return f"{address} is shared by several people, so no invitation."
    return ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= _LONGEST


def _is_shared(person: Person, account: StaffAccount, address: str) -> bool:
    others = account.district.staff_accounts.filter(
        status=StaffAccount.Status.ACTIVE, email__iexact=address
    )
    return others.exclude(pk__in=[own.pk for own in person.accounts]).exists()
