"""Import settings as they stand in the form: text as typed, with numbered rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import msgspec

from staffimport.core.keywords import at_level_of_role
from staffimport.core.values import AppliesTo, Assignment, Keyword, Settings
from staffimport.settings.file import (
    DistrictDefault,
    KeywordEntry,
    LimitsEntry,
    SchoolDefault,
    SettingsFile,
)

_MOST_ROWS = 1_000
_ANSWERS = {"yes": True, "no": False}
_NOTHING = Assignment()


class Sent(Protocol):
    """What a browser sent; Django's QueryDict is one."""

    def __contains__(self, name: object, /) -> bool:
        """Whether the field was sent."""

    def getlist(self, key: str, /) -> Sequence[str | object]:
        """Return all values of a field, in their order."""


@dataclass(frozen=True, slots=True)
class KeywordDraft:
    """One row of the keyword table; `number` names its fields, whatever its place."""

    number: int
    keyword: str = ""
    applies_to: str = AppliesTo.BOTH.value
    assignment: Assignment = _NOTHING

    @property
    def name(self) -> str:
        """Return what to call the row by."""
        return " ".join(self.keyword.split()) or "the new keyword"

    @property
    def levels(self) -> frozenset[str]:
        """Return the levels the keyword is for."""
        both = {AppliesTo.SCHOOL.value, AppliesTo.DISTRICT.value}
        return frozenset(
            both if self.applies_to == AppliesTo.BOTH else [self.applies_to]
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole form. `uses_sso` is "yes", "no" or "" while nobody has answered."""

    keywords: list[KeywordDraft] = field(default_factory=list)
    school: Assignment = _NOTHING
    district: Assignment = _NOTHING
    zone: str = ""
    protected_roles: tuple[str, ...] = ()
    all_schools: bool = True
    schools: tuple[str, ...] = ()
    teacher_fallback: bool = True
    uses_sso: str = ""
    removal_percent: str = ""
    removal_people: str = ""
    update_percent: str = ""


def draft_of(settings: SettingsFile) -> Draft:
    """Return settings as the form shows them."""
    limits = settings.limits
    answers = {True: "yes", False: "no", None: ""}
    return Draft(
        keywords=[
            KeywordDraft(
                number, entry.keyword, entry.applies_to.value, _assignment(entry)
            )
            for number, entry in enumerate(settings.keywords, 1)
        ],
        school=_assignment(settings.school_default),
        district=_assignment(settings.district_default),
        zone=settings.district_default.zone or "",
        protected_roles=tuple(sorted(settings.protected_roles)),
        all_schools=settings.schools == "all",
        schools=() if settings.schools == "all" else tuple(sorted(settings.schools)),
        teacher_fallback=settings.teacher_fallback,
        uses_sso=answers[settings.uses_sso],
        removal_percent=f"{limits.removal_percent:g}",
        removal_people=str(limits.removal_people),
        update_percent=f"{limits.update_percent:g}",
    )


def read_draft(sent: Sent) -> Draft:
    """Return what a browser sent, as typed; keywords in the order of their rows."""
    numbers = [number for number in _all(sent, "row") if _is_number(number)]
    return Draft(
        keywords=[
            KeywordDraft(
                int(number),
                _one(sent, f"keyword-{number}"),
                _one(sent, f"applies-{number}"),
                _sent_assignment(sent, number),
            )
            for number in list(dict.fromkeys(numbers))[:_MOST_ROWS]
        ],
        school=_sent_assignment(sent, "school"),
        district=_sent_assignment(sent, "district"),
        zone=_one(sent, "zone"),
        protected_roles=tuple(sorted(set(_all(sent, "protected")))),
        all_schools=_one(sent, "scope") != "chosen",
        schools=tuple(sorted(set(_all(sent, "school")))),
        teacher_fallback="fallback" in sent,
        uses_sso=_one(sent, "sso"),
        removal_percent=_one(sent, "removal-percent"),
        removal_people=_one(sent, "removal-people"),
        update_percent=_one(sent, "update-percent"),
    )


def settings_of(draft: Draft) -> SettingsFile:
    """Return the draft as a settings file says it, to be saved if it has no faults.

    What can't be read has its default: good enough to look at, not to save.
    """
    default = LimitsEntry()
    percents = [number_in(draft.removal_percent), number_in(draft.update_percent)]
    people = number_in(draft.removal_people)
    return SettingsFile(
        keywords=tuple(_entry(row) for row in draft.keywords),
        school_default=SchoolDefault(*_fields(draft.school)),
        district_default=DistrictDefault(
            *_fields(draft.district), zone=draft.zone or None
        ),
        protected_roles=tuple(sorted(draft.protected_roles)),
        schools="all" if draft.all_schools else tuple(sorted(draft.schools)),
        teacher_fallback=draft.teacher_fallback,
        uses_sso=_ANSWERS.get(draft.uses_sso),
        limits=LimitsEntry(
            default.removal_percent if percents[0] is None else percents[0],
            default.removal_people if people is None else int(people),
            default.update_percent if percents[1] is None else percents[1],
        ),
    )


def rules_of(draft: Draft, levels: Mapping[str, str]) -> Settings:
    """Return the draft's keywords and defaults as titles are decided by.

    `levels` says which staff each role is for.
    """
    entries = [(_entry(row), row.assignment) for row in draft.keywords]
    return Settings(
        keywords=tuple(
            at_level_of_role(
                Keyword(entry.keyword, entry.applies_to, given),
                levels.get(given.user_role, AppliesTo.BOTH),
            )
            for entry, given in entries
        ),
        school_default=draft.school,
        district_default=draft.district,
    )


def number_in(text: str) -> float | None:
    """Return the number somebody typed, None if it is none."""
    plain = text.strip().removesuffix("%").strip()
    digits = plain.replace(".", "", 1)
    return float(plain) if digits.isascii() and digits.isdigit() else None


def moved(draft: Draft, number: int, step: int) -> Draft:
    """Return the draft with a row one place up (-1) or down (1), where there is one."""
    rows = list(draft.keywords)
    places = [place for place, row in enumerate(rows) if row.number == number]
    if places and 0 <= places[0] + step < len(rows):
        row = rows.pop(places[0])
        rows.insert(places[0] + step, row)
    return replace(draft, keywords=rows)


def without(draft: Draft, number: int) -> Draft:
    """Return the draft without a row."""
    rows = [row for row in draft.keywords if row.number != number]
    return replace(draft, keywords=rows)


def with_new_row(draft: Draft) -> Draft:
    """Return the draft with a row at the end, for whom and as the school default."""
    number = max((row.number for row in draft.keywords), default=0) + 1
    row = KeywordDraft(
        number, applies_to=AppliesTo.SCHOOL.value, assignment=draft.school
    )
    return replace(draft, keywords=[*draft.keywords, row])


def _assignment(entry: KeywordEntry | SchoolDefault | DistrictDefault) -> Assignment:
    return Assignment(
        entry.job_function or "",
        entry.user_role or "",
        entry.teacher_list,
        entry.counselor_list,
    )


def _sent_assignment(sent: Sent, suffix: str) -> Assignment:
    return Assignment(
        _one(sent, f"function-{suffix}"),
        _one(sent, f"role-{suffix}"),
        f"teacher-{suffix}" in sent,
        f"counselor-{suffix}" in sent,
    )


def _entry(row: KeywordDraft) -> KeywordEntry:
    known = row.applies_to in {choice.value for choice in AppliesTo}
    applies_to = AppliesTo(row.applies_to) if known else AppliesTo.BOTH
    return KeywordEntry(
        " ".join(row.keyword.split()), applies_to, *_fields(row.assignment)
    )


def _fields(assignment: Assignment) -> tuple[str | None, str | None, bool, bool]:
    function, role, teacher_list, counselor_list = msgspec.structs.astuple(assignment)
    return function or None, role or None, teacher_list, counselor_list


def _all(sent: Sent, name: str) -> list[str]:
    # A NUL can't be stored, so it can't be part of any name.
    return [str(value).replace("\x00", "") for value in sent.getlist(name)]


def _one(sent: Sent, name: str) -> str:
    values = _all(sent, name)
    return values[-1] if values else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8  # noqa: PLR2004
