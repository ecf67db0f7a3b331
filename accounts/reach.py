"""What an e-mail address opens: accounts that have it, and no others.

Whoever may edit an account decides on its name and e-mail, so neither a likeness to
another account nor a tie to the same person in Clever proves anything. Whoever has
shown that an address is theirs gets the accounts of their person that have it now.
"""

from accounts.addresses import folded
from accounts.models import StaffAccount, User


def has_address(account: StaffAccount, address: str) -> bool:
    """Return whether the account's e-mail is this address; an empty one is nobody's."""
    email = folded(account.email)
    return bool(email) and email == folded(address)


def opens_identity(user: User, address: str) -> bool:
    """Return whether the address opens all that an identity has, in every district.

    Inactive accounts count: they are its own as soon as they are active again.
    """
    return all(has_address(account, address) for account in user.staff_accounts.all())
