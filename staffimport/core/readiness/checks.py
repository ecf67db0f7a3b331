"""The shape of the manual's lists: parts, lines word for word, and their checks."""

import msgspec

CLEVER = "Clever"
NAVIANCE = "Naviance"
BOTH = "Clever or Naviance"


class Check(msgspec.Struct, frozen=True):
    """One check: what it is about, why it matters, what to mend and where.

    `of` says what it counts: "person", "account", "title" or "school".
    """

    code: str
    title: str
    why: str
    mend: str
    where: str = CLEVER
    of: str = "person"


class Line(msgspec.Struct, frozen=True):
    """One line of the manual, word for word, and its checks."""

    text: str
    checks: tuple[Check, ...]


class Part(msgspec.Struct, frozen=True):
    """One list of the manual; `ident` is its anchor on the page."""

    ident: str
    title: str
    lines: tuple[Line, ...]
