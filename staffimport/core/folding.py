"""Keys under which names, e-mails and employee ids are compared.

An empty key means "nothing to compare": no rule ever matches on it.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

SUFFIXES = frozenset(
    ["jr", "sr", "ii", "iii", "iv", "v", "2nd", "3rd", "4th", "md", "phd", "edd", "esq"]
)
# What people type where there is nothing to type.
_NOTHING = frozenset(["n/a", "na", "nil", "none", "null", "unknown"])
# A large district's names repeat: most of its people share their first and last names.
_REMEMBERED = 16_384
# Apostrophes and full stops vanish (O'Brien, Jr.), other punctuation parts words.
_NOT_IN_WORDS = re.compile(r"[^a-z0-9]+")
_WITHIN_WORDS = str.maketrans("", "", "'`.")
_ADDRESS = re.compile(
    r"[^@\s,;:<>()\"\[\]]+@[^@\s,;:<>()\"\[\].]+(\.[^@\s,;:<>()\"\[\].]+)+"
)
# An address as most are: its own key, and fit to store.
PLAIN_ADDRESS = re.compile(
    r"[a-z0-9][a-z0-9._+-]{,99}+@(?:[a-z0-9-]{1,50}+\.){1,3}+[a-z]{2,20}+"
)
# An employee id as most are: its own key, and fit to store; not all zeros.
PLAIN_ID = re.compile(r"[a-z0-9]{,60}[1-9][a-z0-9]{,60}")


def words(text: str) -> list[str]:
    """Return the text's words without accents, case and punctuation."""
    if text.isascii():
        if text.isalpha():
            return [text.lower()]
    else:
        # Symbols and emoji would be spelled out ("graduation cap"): they are no name.
        letters = (c for c in unicodedata.normalize("NFKC", text) if _is_text(c))
        text = anyascii("".join(letters))
    return _NOT_IN_WORDS.sub(" ", text.translate(_WITHIN_WORDS).lower()).split()


def _is_text(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMNPZ"


@lru_cache(_REMEMBERED)
def first_name_key(text: str) -> str:
    """Return the key of a first name."""
    return "".join(words(text))


@lru_cache(_REMEMBERED)
def last_name_key(text: str) -> str:
    """Return the key of a last name: suffixes such as "Jr." do not count.

    Source: product.md, "Matching staff" ("after Unicode folding, case, punctuation
    and suffix").
    """
    parts = words(text)
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts.pop()
    return "".join(parts)


def email_key(text: str) -> str:
    """Return the key of an e-mail address: trimmed, whatever its case."""
    if PLAIN_ADDRESS.fullmatch(text):
        return text
    return _something(_folded(text))


def is_address(text: str) -> bool:
    """Whether mail can be sent to the text (Clever: "emails may be missing the @").

    What stands before the @ must be ASCII, as `accounts.addresses` has it, too.
    """
    is_one = _ADDRESS.fullmatch(text) is not None
    return is_one and text.partition("@")[0].isascii()


def employee_id_key(text: str) -> str:
    """Return the key of an employee id: trimmed, whatever its case.

    An id of zeros alone is a number left open, the same for everybody.
    """
    if PLAIN_ID.fullmatch(text):
        return text
    key = _something(_folded(text))
    return key if key.strip("0") else ""


def loose_id_key(text: str) -> str:
    """Return the key of an employee id without its leading zeros."""
    return without_zeros(employee_id_key(text))


def without_zeros(id_key: str) -> str:
    """Return the key of an employee id without its leading zeros."""
    return id_key.lstrip("0")


def _folded(text: str) -> str:
    key = text.strip().casefold()
    return text if key == text else key  # not two of the same in memory


def _something(key: str) -> str:
    """Return the key, empty if it only stands for nothing ("-", "n/a")."""
    return "" if key in _NOTHING or not key.strip("-_.,:/*? ") else key


def clean(text: str, limit: int) -> str:
    """Return the text fit to store: one line, single spaces, `limit` characters."""
    if (
        len(text) <= limit
        and text.isprintable()  # so no white space but the space itself
        and "  " not in text
        and text[:1] != " " != text[-1:]
    ):
        return text
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:limit].rstrip()
