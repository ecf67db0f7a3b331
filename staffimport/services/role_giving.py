"""Lets nobody give new staff, by settings, a right over others that they lack.

Nor lets anybody have imports archive those who hold such a right: it takes the right to
end the protection of their role. What the settings gave before may stay as long as it
comes to nobody else: the first keyword that fits decides, so each gives its role to
those whom none before it takes.
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
"""Where settings name a role: a keyword's position, a level's default, PROTECTED."""

PROTECTED = "protected"


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

    Or if they protect a role no more that may do more over others than the actor. Both
    have role names as they are spelled. A process may give and take anything.
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
    bared = sorted(set(before.protected_roles) - set(wanted.protected_roles))
    for name in bared:
        if lacking := lacking_rights(district, names.role(name), actor):
            refused[PROTECTED] = (
                f"The role {name} may do what you may not: {lacking}. Leave it among "
                "the roles that imports never make inactive."
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
