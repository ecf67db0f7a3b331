"""The rosters by name: small and large:N.

    small     Maple Valley School District: 3 schools, 30 people, clean, stable ids
    large:N   N staff (90 % teachers) at N/60 schools, exactly 3 N sections

A roster's ids are its own per `number`, so that several districts can be served at
once; the same name and number always give the same roster.
"""

from collections.abc import Callable

from clever.standin.district import Roster
from clever.standin.large import build_large
from clever.standin.small import build_small

BUILDERS: dict[str, Callable[[int], Roster]] = {
    "small": build_small,
}


def build_roster(name: str, number: int = 1) -> Roster:
    """Return the named roster as the `number`th district of a server.

    Raises ValueError, saying what names there are, for any other name.
    """
    if name in BUILDERS:
        return BUILDERS[name](number)
    family, _, size = name.partition(":")
    if family == "large" and size.isascii() and size.isdigit() and int(size) > 0:
        return build_large(int(size), number)
    sentence = f"There is no roster {name!r}: use small or large:N."
    raise ValueError(sentence)
