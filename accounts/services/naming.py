"""Names that a district gives its roles and zones: what is wrong with one."""

import unicodedata
from collections.abc import Iterable

from accounts.searching import fold
from schools.errors import RefusedError
from schools.written import visible_line

LONGEST = 128
# What stands in no name: emoji and the like, private use, what is no character.
_NOT_IN_NAMES = frozenset({"Cn", "Co", "So"})
_SHOWN = 40


class NameRefusedError(RefusedError):
    """The name can't be used; the sentence belongs beside its field."""


def tidy(name: str) -> str:
    """Return what can be seen of a name, in one line with single spaces."""
    return visible_line(unicodedata.normalize("NFC", name))


def name_fault(kind: str, name: str, others: Iterable[str]) -> str:
    """Return what is wrong with a tidy name of a `kind` ("role"), "" if nothing.

    `others` are the names of the others of that kind. Names that differ only in case
    or accents are the same to a reader.
    """
    if not name:
        return f"Enter a name for the {kind}."
    if len(name) > LONGEST:
        return (
            f"The name has {len(name)} characters; at most {LONGEST} fit. Shorten it."
        )
    if odd := next((c for c in name if unicodedata.category(c) in _NOT_IN_NAMES), ""):
        shown = odd if odd.isprintable() else f"U+{ord(odd):04X}"
        return (
            f"“{shown}” can’t be part of a {kind}’s name. Use letters, digits and "
            "punctuation."
        )
    if not any(c.isalnum() for c in name):
        return f"“{name[:_SHOWN]}” has no letter or digit. Give the {kind} a name."
    same = next((other for other in others if fold(other) == fold(name)), "")
    if same:
        return f"There is a {kind} “{same}” already. Choose another name."
    return ""
