"""The rosters by name: demo, small, messy and large:N.

    demo      Cedar Ridge Unified School District: 16 schools, 912 people, 2,431
              sections, with the dirt of a real district in natural proportion
    small     Maple Valley School District: 3 schools, 30 people, clean, stable ids
    messy     Thornbury School District: every kind of dirt at least once, by name
    large:N   N staff (90 % teachers) at N/60 schools, exactly 3 N sections; N is at
              most a million, which fills some gigabytes of memory

A roster's ids are its own per `number`, so that several districts can be served at
once; the same name and number always give the same roster.
"""

import re
from collections.abc import Callable

from clever.standin.demo import build_demo
from clever.standin.district import Roster
from clever.standin.large import build_large
from clever.standin.messy import build_messy
from clever.standin.small import build_small

LARGEST = 1_000_000

BUILDERS: dict[str, Callable[[int], Roster]] = {
    "demo": build_demo,
    "small": build_small,
    "messy": build_messy,
}


def build_roster(name: str, number: int = 1) -> Roster:
    """Return the named roster as the `number`th district of a server.

    Raises ValueError, saying what names there are, for any other name.
    """
    if name in BUILDERS:
        return BUILDERS[name](number)
    family, _, size = name.partition(":")
    if family == "large" and re.fullmatch(r"[0-9]{1,7}", size):
        people = int(size)
        if 0 < people <= LARGEST:
            return build_large(people, number)
    sentence = (
        f"There is no roster {name!r}: use demo, small, messy or large:N, where N is "
        f"a number up to {LARGEST:,}."
    )
    raise ValueError(sentence)
