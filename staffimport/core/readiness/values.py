"""What a check finds."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Standing(StrEnum):
    """How a check stands: in order, worth a look, or to be mended."""

    OK = "ok"
    LOOK = "look"
    MEND = "mend"


_WORST_FIRST = (Standing.MEND, Standing.LOOK, Standing.OK)


def worst(standings: Iterable[Standing]) -> Standing:
    """Return the worst of some standings; of none it is "ok"."""
    found = set(standings)
    return next((one for one in _WORST_FIRST if one in found), Standing.OK)


class Concerned(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One person, account, title or school a check is about.

    `value` is what is looked at, or a sentence about it. `clever_id` or `account_id`
    says on which side it is; a title has neither.
    """

    name: str
    email: str = ""
    where: str = ""
    value: str = ""
    clever_id: str = ""
    account_id: str = ""


class Finding(msgspec.Struct, frozen=True):
    """What one check found: `text` is a sentence with its numbers.

    `people` are all that the count counts, in the order a page shows them.
    """

    code: str
    standing: Standing
    text: str
    people: tuple[Concerned, ...] = ()

    @property
    def count(self) -> int:
        """Return how many people, accounts, titles or schools are concerned."""
        return len(self.people)


def finding(
    code: str, found: Iterable[Concerned], text: str, standing: Standing
) -> Finding:
    """Return what a check found: `standing` if anybody is concerned, else "ok"."""
    people = tuple(sorted(found, key=_order))
    return Finding(code, standing if people else Standing.OK, text, people)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 teacher", "1,400 teachers"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _order(one: Concerned) -> tuple[str, str, str, str]:
    return (one.name.casefold(), one.where, one.clever_id, one.account_id)
