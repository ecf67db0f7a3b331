"""What people write in their own words, without what nobody can see in it."""

import unicodedata
from typing import Any

from django import forms

from schools.errors import RefusedError

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Control and format characters: a zero-width space, a turn of the direction, …"""

_LINES = "\n\r\t"
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that show nothing."""


def visible_text(text: str) -> str:
    """Return a text without what can't be seen, "" if nothing is left.

    White space stays, but none around the text.
    """
    kept = [c for c in text if c in _LINES or unicodedata.category(c) not in _UNSEEN]
    return "".join(kept).strip() if any(map(_shows, kept)) else ""


def _shows(character: str) -> bool:
    """Whether a character is seen by itself: a letter, digit, mark or symbol."""
    is_drawn = unicodedata.category(character)[0] in "LNPS"
    return is_drawn and character not in _BLANKS


def given_reason(why: str) -> str:
    """Return the reason that somebody gives, as it is kept.

    Raises RefusedError if it says nothing.
    """
    reason = visible_text(why)
    if not reason:
        sentence = "Say why: the district reads it in its history."
        raise RefusedError(sentence)
    return reason


class WrittenField(forms.CharField):
    """A text in somebody's own words; what shows nothing counts as empty."""

    def to_python(self, value: Any) -> str:
        """Return what can be seen of it."""
        return visible_text(super().to_python(value) or "")
