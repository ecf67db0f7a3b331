"""What an e-mail address opens: accounts that have it, and no others.

Whoever may edit an account decides on its name and e-mail, so neither a likeness to
another account nor a tie to the same person in Clever proves anything. Whoever has
shown that an address is theirs gets the accounts of their person that have it now.
"""

from collections.abc import Iterable

from accounts.addresses import folded
from accounts.models import StaffAccount, User


def has_address(account: StaffAccount, address: str) -> bool:
    """Return whether the account's e-mail is this address; an empty one is nobody's."""
    email = folded(account.email)
    return bool(email) and email == folded(address)


def signs_in(account: StaffAccount) -> bool:
    """Return whether somebody signs in to the account by e-mail and password."""
    return account.user is not None and account.user.has_usable_password()


def opened_by(address: str, accounts: Iterable[StaffAccount]) -> list[StaffAccount]:
    """Return those of one person's accounts that a link to an address opens.

    They are active and have it, and nobody signs in to them with a password yet.
    """
    return [
        account
        for account in accounts
        if account.status == StaffAccount.Status.ACTIVE
        and has_address(account, address)
        and not signs_in(account)
    ]


def opens_identity(user: User, address: str) -> bool:
    """Return whether the address opens all that an identity has, in every district.

    Inactive accounts count: they are its own as soon as they are active again.
    """
    return all(has_address(account, address) for account in user.staff_accounts.all())
