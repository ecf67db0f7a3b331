"""Whether an invitation can go to an address; the import judges new people alike."""

from accounts.access import Within
from accounts.addresses import is_address
from accounts.models import StaffAccount, User
from accounts.people import people_of, shown

_LONGEST = User._meta.get_field("email").max_length or 0  # noqa: SLF001 — Django's API
_NAMED = 3


def why_unmailed(account: StaffAccount, within: Within = None) -> str:
    """Return why the account's person can't be mailed, as a sentence; "" if they can.

    A shared address would let whoever reads it first be somebody else. Whose it is,
    too, is told of accounts `within` what somebody sees.
    """
    address = account.email.strip()
    if not address:
        return "No e-mail address, so no invitation."
    if not is_address(address) or len(address) > _LONGEST:
        return f"“{address}” is no e-mail address, so no invitation."
    others = _sharing(account)
    if not others:
        return ""
    if who := _named(others, within):
        return f"{address} is also the e-mail of {who}, so no invitation."
    return f"{address} is shared by several people, so no invitation."


def whose_else(account: StaffAccount, within: Within = None) -> str:
    """Return who else has the account's e-mail, of those `within` what is seen.

    In words, the first few by name; "" if nobody has.
    """
    return _named(_sharing(account), within)


def _named(others: list[StaffAccount], within: Within) -> str:
    seen = [each for each in others if within is None or each.school_id in within]
    names = dict.fromkeys(f"{a.first_name} {a.last_name}".strip() for a in seen)
    who = ", ".join(list(names)[:_NAMED])
    more = len(names) - _NAMED
    return f"{who} and {more:,} more" if more > 0 else who


def _sharing(account: StaffAccount) -> list[StaffAccount]:
    """Return other people's active accounts with the same e-mail."""
    if not account.email.strip():
        return []
    same = shown(account.district).filter(
        status=StaffAccount.Status.ACTIVE, email__iexact=account.email.strip()
    )
    [person] = people_of(account.district, [account])
    own = {each.pk for each in person.accounts}
    return list(same.exclude(pk__in=own).order_by("last_name", "first_name", "pk"))
