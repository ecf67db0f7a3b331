"""Whether an invitation can go to an address; the import judges new people alike.

A link opens all accounts of its person, and whoever may edit the invited account
decides where its mail goes. So an account that may do more over others opens only by a
link to its own address: a lesser account leads nobody to one that they may not touch.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import OVER_OTHERS, StaffAccount, User
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
    if other := out_of_reach(person, account, address):
        return (
            f"The account of {other} as {other.user_role} may do more and does not "
            f"have the e-mail {address}, so no invitation. Give both accounts the same "
            "e-mail."
        )
    return ""


def out_of_reach(
    person: Person, account: StaffAccount, address: str
) -> StaffAccount | None:
    """Return an account of the person that a link to the address must not open, if any.

    `account` is the invited one. An inactive account counts if it has an identity:
    whoever gets that has the account as soon as it is active again.
    """
    own = _rights_over_others(account)
    for other in person.accounts:
        is_opened = other.status == StaffAccount.Status.ACTIVE or other.user_id
        has_it = other.email.strip().casefold() == address.strip().casefold()
        if is_opened and not has_it and not _rights_over_others(other) <= own:
            return other
    return None


def _rights_over_others(account: StaffAccount) -> set[str]:
    role = account.user_role
    return {right for right in OVER_OTHERS if role and right in role.rights}


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
