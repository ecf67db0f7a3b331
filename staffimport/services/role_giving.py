"""Lets nobody give new staff, by settings, a right over others that they lack.

What the settings gave before may stay as long as it comes to nobody else: the first
keyword that fits decides, so each gives its role to those whom none before it takes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.services.roles import Names
from accounts.services.staff_guards import lacking_rights
from schools.audit import Actor
from schools.models import District
from staffimport.settings.file import (
    DistrictDefault,
    KeywordEntry,
    SchoolDefault,
    SettingsFile,
    SettingsRefusedError,
)

Place = int | str
"""Where settings give a role: a keyword's position, or the default of a level."""


class RolesRefusedError(SettingsRefusedError):
    """Roles that are not the actor's to give: a sentence for each place with one."""

    def __init__(self, by_place: dict[Place, str]) -> None:
        super().__init__(by_place.values())
        self.by_place = by_place


@dataclass(frozen=True, slots=True)
class _Giving:
    """A role and whom it is given to: who fits `who`, and nothing of `before`."""

    place: Place
    what: str
    who: tuple[str, ...]
    role: str
    before: frozenset[tuple[str, ...]]


def check_roles(
    district: District,
    before: SettingsFile,
    wanted: SettingsFile,
    names: Names,
    actor: Actor,
) -> None:
    """Raise RolesRefusedError if the settings wanted newly give what isn't the actor's.

    Both have role names as they are spelled. A process may give anything.
    """
    given = {(old.who, old.role): old.before for old in _givings(before)}
    refused: dict[Place, str] = {}
    for new in _givings(wanted):
        earlier = given.get((new.who, new.role))
        if earlier is not None and earlier <= new.before:
            continue
        if lacking := lacking_rights(district, names.role(new.role), actor):
            refused[new.place] = (
                f"{new.what} would give the role {new.role}, which may do what you may "
                f"not: {lacking}. Choose another role, or leave it and all that comes "
                "before it as they were."
            )
    if refused:
        raise RolesRefusedError(refused)


def _givings(settings: SettingsFile) -> Iterator[_Giving]:
    before: frozenset[tuple[str, ...]] = frozenset()
    for position, entry in enumerate(settings.keywords):
        what, who = f"The keyword “{entry.keyword}”", (entry.keyword, entry.applies_to)
        yield from _giving(position, what, who, entry, before)
        before |= {who}
    for level, default in (
        ("school", settings.school_default),
        ("district", settings.district_default),
    ):
        what = f"The default of {level} accounts"
        yield from _giving(level, what, (level,), default, before)


def _giving(
    place: Place,
    what: str,
    who: tuple[str, ...],
    entry: KeywordEntry | SchoolDefault | DistrictDefault,
    before: frozenset[tuple[str, ...]],
) -> Iterator[_Giving]:
    if entry.user_role:
        yield _Giving(place, what, who, entry.user_role, before)
