"""How two versions of import settings differ, in words, and how edits of two join."""

from dataclasses import dataclass

import msgspec

from staffimport.core.values import AppliesTo
from staffimport.settings.file import (
    DistrictDefault,
    KeywordEntry,
    LimitsEntry,
    SchoolDefault,
    SettingsFile,
)

APPLIES_TO = {
    AppliesTo.SCHOOL: "School",
    AppliesTo.DISTRICT: "District",
    AppliesTo.BOTH: "Both",
}
_ORDER = "Order of keywords"
_KEYWORD = "Keyword"

Given = KeywordEntry | SchoolDefault | DistrictDefault


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the settings, as it was and as it is; "" where it isn't there."""

    part: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """Return the change as the save bar says it."""
        if self.part.startswith(_KEYWORD) and not self.old:
            return f"{self.part} added."
        if self.part.startswith(_KEYWORD) and not self.new:
            return f"{self.part} deleted."
        return f"{self.part} changed."


@dataclass(frozen=True, slots=True)
class Joined:
    """Two people's edits of one version, as one.

    `taken` is what only the other changed, `clashes` what both did: there `old` is
    theirs and `new` yours, and yours stands in `settings`.
    """

    settings: SettingsFile
    taken: list[Change]
    clashes: list[Change]


def changes(old: SettingsFile, new: SettingsFile) -> list[Change]:
    """Return what differs, part by part, in the order of the page."""
    before, after = _parts(old), _parts(new)
    names = [*after, *(name for name in before if name not in after)]
    found = [
        Change(name, _words(before.get(name)), _words(after.get(name)))
        for name in names
        if name != _ORDER and before.get(name) != after.get(name)
    ]
    if _order(before, after) != _order(after, before):
        found.append(_order_change(before, after))
    return found


def stored_changes(given: dict[str, list[object]]) -> list[Change]:
    """Return the changes of an audit entry of saved settings, [old, new] by key.

    Raises msgspec.ValidationError if they are none.
    """
    old, new = (
        msgspec.convert({key: pair[side] for key, pair in given.items()}, SettingsFile)
        for side in (0, 1)
    )
    return changes(old, new)


def join(base: SettingsFile, theirs: SettingsFile, yours: SettingsFile) -> Joined:
    """Return the edits of two people who both began with `base`, nothing lost.

    What one of them left alone is as the other made it; where both changed a part,
    yours stands and theirs is told.
    """
    was, their, your = _parts(base), _parts(theirs), _parts(yours)
    kept: dict[str, object] = {}
    clashes = []
    for name in dict.fromkeys((*your, *their)):
        mine, other, before = your.get(name), their.get(name), was.get(name)
        chosen = other if mine == before else mine
        if name != _ORDER and mine != before != other != mine:
            clashes.append(Change(name, _words(other), _words(mine)))
        if chosen is not None:
            kept[name] = chosen
    moved = _order(was, your) != _order(your, was)
    if your[_ORDER] != was[_ORDER] and (moved or their[_ORDER] == was[_ORDER]):
        first, second = your, their
    else:
        first, second = their, your
    order = _woven(_keywords(first), _keywords(second))
    settings = _settings(kept, [name for name in order if name in kept], yours)
    told = {clash.part for clash in clashes}
    taken = [c for c in changes(yours, settings) if c.part not in told]
    return Joined(settings, taken, clashes)


def _woven(first: list[str], second: list[str]) -> list[str]:
    """Return the first order with what only the second has, where it stands there.

    That is behind the keyword before it: a renamed keyword keeps its place.
    """
    woven, place = list(first), 0
    for number, name in enumerate(second):
        if name in woven:
            place = woven.index(name) + 1
            continue
        if not any(later in woven for later in second[number:]):
            place = len(woven)
        woven.insert(place, name)
        place += 1
    return woven


def _keywords(parts: dict[str, object]) -> list[str]:
    return [name for name in parts if name.startswith(_KEYWORD)]


def _parts(settings: SettingsFile) -> dict[str, object]:
    """Return the settings part by part: keywords by name, the rest by topic."""
    parts: dict[str, object] = {}
    for entry in settings.keywords:
        name = f"{_KEYWORD} “{entry.keyword}”"
        while name in parts:
            name += f" ({APPLIES_TO[entry.applies_to]})"
        parts[name] = entry
    return {
        **parts,
        _ORDER: [name.removeprefix(f"{_KEYWORD} ") for name in parts],
        "School accounts": settings.school_default,
        "District accounts": msgspec.structs.replace(
            settings.district_default, zone=None
        ),
        "Default zone": settings.district_default.zone or "Full access (unrestricted)",
        "Roles with staff in Naviance but not in the Clever": settings.protected_roles,
        "Schools to include": settings.schools,
        "Teachers in no section": settings.teacher_fallback,
        "Clever SSO": _ANSWER[settings.uses_sso],
        "Brake": settings.limits,
    }


_ANSWER = {True: "Yes", False: "No", None: "not answered"}


def _settings(
    parts: dict[str, object], keywords: list[str], like: SettingsFile
) -> SettingsFile:
    """Return settings made of parts: what `_parts` took apart."""
    zone = msgspec.convert(parts["Default zone"], str)
    return SettingsFile(
        keywords=tuple(msgspec.convert(parts[n], KeywordEntry) for n in keywords),
        school_default=msgspec.convert(parts["School accounts"], SchoolDefault),
        district_default=msgspec.structs.replace(
            msgspec.convert(parts["District accounts"], DistrictDefault),
            zone=None if zone.startswith("Full access (") else zone,
        ),
        protected_roles=msgspec.convert(
            parts["Roles with staff in Naviance but not in the Clever"],
            tuple[str, ...],
        ),
        schools=like.schools
        if parts["Schools to include"] == like.schools
        else "all"
        if parts["Schools to include"] == "all"
        else msgspec.convert(parts["Schools to include"], tuple[str, ...]),
        teacher_fallback=bool(parts["Teachers in no section"]),
        uses_sso={"Yes": True, "No": False}.get(str(parts["Clever SSO"])),
        limits=msgspec.convert(parts["Brake"], LimitsEntry),
    )


def _order(parts: dict[str, object], others: dict[str, object]) -> list[str]:
    """Return the order of the keywords that both have."""
    return [n for n in parts if n.startswith(_KEYWORD) and n in others]


def _order_change(before: dict[str, object], after: dict[str, object]) -> Change:
    return Change(_ORDER, _words(before[_ORDER]), _words(after[_ORDER]))


def _words(value: object) -> str:  # noqa: PLR0911 - one for each kind of value
    match value:
        case None:
            return ""
        case KeywordEntry():
            return f"{APPLIES_TO[value.applies_to]}: {_given(value)}"
        case SchoolDefault() | DistrictDefault():
            return _given(value)
        case LimitsEntry():
            return (
                f"removals over {value.removal_percent:g} % and "
                f"{value.removal_people} people, updates over "
                f"{value.update_percent:g} %"
            )
        case bool():
            return "placed by the teacher record" if value else "not placed"
        case list() | tuple():
            return ", ".join(map(str, value)) or "none"
    return "all matched schools" if value == "all" else str(value)


def _given(value: Given) -> str:
    """Return what a new account gets, in words."""
    said = [
        value.user_role or "no user role",
        f"function {value.job_function}" if value.job_function else "no job function",
    ]
    said += ["Teacher List"] if value.teacher_list else []
    said += ["Counselor List"] if value.counselor_list else []
    return ", ".join(said)
