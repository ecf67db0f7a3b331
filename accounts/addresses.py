"""When two e-mail addresses are one, and what an address is that mail can go to."""

from string import ascii_lowercase, ascii_uppercase

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def folded(address: str) -> str:
    """Return an address as it is compared: no spaces around, ASCII letters small.

    Of ASCII alone: a Kelvin sign, too, is small as “k”, and is another mailbox.
    """
    return address.strip().translate(_SMALL)


def is_address(text: str) -> bool:
    """Return whether mail can go there.

    What stands before the @ must be ASCII. Few servers take anything else, and letters
    that only look like another's would pass for theirs.
    """
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.partition("@")[0].isascii()
