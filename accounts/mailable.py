"""Whether an invitation can go to an address; the import judges new people alike."""

from django.db.models import QuerySet

from accounts.access import Within
from accounts.addresses import folded, is_address
from accounts.models import StaffAccount, User
from accounts.people import people_of

_LONGEST = User._meta.get_field("email").max_length or 0  # noqa: SLF001 — Django's API
_NAMED = 3


def why_unmailed(account: StaffAccount) -> str:
    """Return why the account's person can't be mailed, as a sentence; "" if they can.

    A shared address would let whoever reads it first be somebody else. The sentence
    names nobody, as it is kept; `whose_else` does.
    """
    address = account.email.strip()
    if not address:
        return "No e-mail address, so no invitation."
    if not is_address(address) or len(address) > _LONGEST:
        return f"“{address}” is no e-mail address, so no invitation."
    others = _sharing(account).values_list("email", flat=True)
    if any(folded(email) == folded(address) for email in others.iterator()):
        return f"{address} is shared by several people, so no invitation."
    return ""


def whose_else(account: StaffAccount, within: Within = None) -> str:
    """Return who else has the account's e-mail, of those `within` what is seen.

    In words, the first few by name; "" if nobody has.
    """
    others = _sharing(account).order_by("last_name", "first_name", "pk")
    if within is not None:
        others = others.filter(school__in=within)
    names: dict[str, None] = {}
    found = others.values_list("email", "first_name", "last_name").iterator()
    for email, first_name, last_name in found:
        if folded(email) == folded(account.email):
            names[f"{first_name} {last_name}".strip()] = None
        if len(names) > _NAMED:
            return f"{', '.join(list(names)[:_NAMED])} and others"
    return ", ".join(names)


def _sharing(account: StaffAccount) -> QuerySet[StaffAccount]:
    """Return other people's active accounts that may have the same e-mail.

    Databases differ in what they take for the same letter, so `folded` decides.
    """
    address = account.email.strip()
    if not address:
        return StaffAccount.objects.none()
    [person] = people_of(account.district, [account])
    same = account.district.staff_accounts.filter(
        status=StaffAccount.Status.ACTIVE, email__iexact=address
    )
    return same.exclude(pk__in=[own.pk for own in person.accounts])
