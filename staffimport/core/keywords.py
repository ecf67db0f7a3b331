"""What a title keyword may be; for the settings page and settings files alike."""

import unicodedata
from collections.abc import Collection, Iterable

from staffimport.core.titles import folded

KEYWORD_LENGTH = 100
_UNSEEN = frozenset({"Cf", "Zl", "Zp"})
_PICTURES = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cc"})


def keyword_fault(text: str) -> str:
    """Return why a text is no keyword and what to do, or ""."""
    keyword = " ".join(text.split())
    if not keyword:
        return "Enter a keyword, or delete the row."
    if len(keyword) > KEYWORD_LENGTH:
        return (
            f"A keyword has at most {KEYWORD_LENGTH} characters; this one has "
            f"{len(keyword)}. Shorten it."
        )
    if any(unicodedata.category(char) in _PICTURES for char in keyword):
        return (
            f"“{keyword}” holds an emoji or a sign. Titles are compared word by word: "
            "use letters and digits."
        )
    if any(unicodedata.category(char) in _UNSEEN for char in keyword):
        return f"“{keyword}” holds a character that nobody sees. Type it anew."
    if not any(char.isalnum() for char in keyword):
        return f"“{keyword}” holds no letter or digit. Enter a word of a title."
    return ""


def doubles(keywords: Iterable[tuple[str, Collection[str]]]) -> dict[int, int]:
    """Return the place of each keyword that an earlier one leaves nothing to decide.

    `keywords` are texts with the levels they are for, in their order; two are the same
    when they fit the same titles and share a level. Places count from 0.
    """
    found: dict[int, int] = {}
    first: dict[tuple[str, str], int] = {}
    for place, (text, levels) in enumerate(keywords):
        earlier = [
            first.setdefault((folded(text), level), place) for level in sorted(levels)
        ]
        if earlier and min(earlier) < place:
            found[place] = min(earlier)
    return found
