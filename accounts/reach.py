"""Which accounts of a person an e-mail address leads to.

An invitation's link opens all accounts of its person, and whoever may edit the invited
account decides where its mail goes. So one that may do more over others opens by its
own address alone: a lesser account leads nobody to one that they may not touch.
"""

from collections.abc import Iterable

from accounts.models import OVER_OTHERS, StaffAccount


def out_of_reach(
    accounts: Iterable[StaffAccount], account: StaffAccount, address: str
) -> StaffAccount | None:
    """Return one of a person's accounts that the address must not open, if any.

    `account` is the one that it is known from. An inactive account counts if it has an
    identity: whoever gets that has the account as soon as it is active again.
    """
    for other in accounts:
        is_opened = other.status == StaffAccount.Status.ACTIVE or other.user_id
        if is_opened and not is_within_reach(other, [account], address):
            return other
    return None


def is_within_reach(
    other: StaffAccount, known: Iterable[StaffAccount], address: str
) -> bool:
    """Return whether the address opens another account of a person.

    `known` are those it has opened already, or that it is known from.
    """
    if other.email.strip().casefold() == address.strip().casefold():
        return True
    own: set[str] = set().union(*map(_rights_over_others, known))
    return _rights_over_others(other) <= own


def _rights_over_others(account: StaffAccount) -> set[str]:
    role = account.user_role
    return {right for right in OVER_OTHERS if role and right in role.rights}
