"""What people write, a reason or a name, without what nobody can see in it."""

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
    if text.isascii() and text.isprintable():  # quick, and true of almost all
        return text.strip()
    kept = [c for c in text if c in _LINES or unicodedata.category(c) not in _UNSEEN]
    return "".join(kept).strip() if any(map(_shows, kept)) else ""


def visible_line(text: str) -> str:
    """Return a name or the like as it is kept: what can be seen of it, in one line.

    Words have single spaces between them.
    """
    return " ".join(visible_text(" ".join(text.split())).split())


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


NOTE_LENGTH = 1000
NOTE_TOO_LONG = f"The note is longer than {NOTE_LENGTH:,} characters. Shorten it."


def given_note(note: str) -> str:
    """Return the note that somebody may leave, as it is kept; "" for none.

    Raises RefusedError if it is too long.
    """
    note = visible_text(note)
    if len(note) > NOTE_LENGTH:
        raise RefusedError(NOTE_TOO_LONG)
    return note


class WrittenField(forms.CharField):
    """A text in somebody's own words; what shows nothing counts as empty."""

    def to_python(self, value: Any) -> str:
        """Return what can be seen of it."""
        return visible_text(super().to_python(value) or "")


class LineField(forms.CharField):
    """A name, or another text in one line; what shows nothing counts as empty."""

    def to_python(self, value: Any) -> Any:  # the empty value of a column may be None
        """Return what can be seen of it."""
        return visible_line(super().to_python(value) or "") or self.empty_value
