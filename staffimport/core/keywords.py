"""What a title keyword may be; for the settings page and settings files alike."""

import unicodedata
from collections.abc import Collection, Iterable

from msgspec.structs import replace

from staffimport.core.titles import folded
from staffimport.core.values import AppliesTo, Keyword, Level

KEYWORD_LENGTH = 100
_UNSEEN = frozenset({"Cf", "Zl", "Zp"})
_STAFF = {
    "school": "school staff",
    "district": "district staff",
    "both": "school and district staff",
}
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


def role_fault(what: str, applies_to: str, role: str, level: str) -> str:
    """Return why `what` can't give staff a role, and what to do, or "".

    `applies_to` says of it, and `level` of the role, which staff it is for: "school",
    "district" or "both".
    """
    if level in (AppliesTo.BOTH, applies_to):
        return ""
    remedy = "Choose another role."
    if applies_to == AppliesTo.BOTH:
        remedy = f"Choose “{level.title()}”, or a role for both."
    return (
        f"{what} is for {_STAFF[applies_to]}, but the role {role} is for "
        f"{_STAFF[level]} alone. {remedy}"
    )


def at_level_of_role(keyword: Keyword, level: str) -> Keyword:
    """Return the keyword as it counts with a role that is for a level, or "both"."""
    if level in (AppliesTo.BOTH, keyword.applies_to):
        return keyword
    return replace(keyword, role_level=Level(level))


def not_counting(keyword: Keyword) -> str:
    """Say why a keyword that fits does not count at the other level than its role's."""
    role = keyword.assignment.user_role
    staff = _STAFF[str(keyword.role_level)]
    return (
        f"The keyword “{keyword.keyword}” fits, but does not count here: its role "
        f"{role} is for {staff} alone."
    )


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
