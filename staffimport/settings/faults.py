"""What of a settings form can't be saved: a sentence for each field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from staffimport.core.keywords import doubles, keyword_fault, role_fault
from staffimport.core.values import AppliesTo, Assignment
from staffimport.settings.draft import Draft, KeywordDraft, number_in

_MOST_PEOPLE = 1_000_000
_WHOLE = 100
_ANSWERS = ("", "yes", "no")
_APPLIES_TO = frozenset(choice.value for choice in AppliesTo)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of the form offer: names in order, and the schools' ids.

    `levels` says of a role which staff it is for: "school", "district" or "both".
    """

    functions: list[str]
    roles: list[str]
    zones: list[str]
    schools: frozenset[str]
    levels: Mapping[str, str] = field(default_factory=dict)


def faults(draft: Draft, choices: Choices) -> dict[str, str]:
    """Return a sentence for each field that can't be saved, by the field's name."""
    found: dict[str, str] = {}
    earlier = doubles((row.keyword, row.levels) for row in draft.keywords)
    for place, row in enumerate(draft.keywords):
        found.update(_row_faults(row, earlier.get(place), choices))
    for suffix, given in (("school", draft.school), ("district", draft.district)):
        what = f"The default of {suffix} accounts"
        found.update(_level_fault(what, given, suffix, suffix, choices))
        found.update(_name_faults(given, suffix, choices))
    found.update(_scope_faults(draft, choices))
    found.update(_limit_faults(draft))
    return found


def _row_faults(
    row: KeywordDraft, earlier: int | None, choices: Choices
) -> Iterator[tuple[str, str]]:
    if fault := keyword_fault(row.keyword) or _repeats(row, earlier):
        yield f"keyword-{row.number}", fault
    suffix, given = str(row.number), row.assignment
    if row.applies_to in _APPLIES_TO:
        what = f"The keyword “{row.name}”"
        yield from _level_fault(what, given, row.applies_to, suffix, choices)
    else:
        yield f"applies-{suffix}", "Pick School, District or Both."
    yield from _name_faults(given, suffix, choices)


def _level_fault(
    what: str, given: Assignment, applies_to: str, suffix: str, choices: Choices
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong if staff of one level would get a role of the other."""
    level = choices.levels.get(given.user_role, AppliesTo.BOTH)
    if fault := role_fault(what, applies_to, given.user_role, level):
        yield f"role-{suffix}", fault


def _repeats(row: KeywordDraft, earlier: int | None) -> str:
    if earlier is None:
        return ""
    return (
        f"“{row.name}” stands in row {earlier + 1} already, which decides first. "
        "Change or delete one of the two."
    )


def _name_faults(
    assignment: Assignment, suffix: str, choices: Choices
) -> Iterator[tuple[str, str]]:
    function, role = assignment.job_function, assignment.user_role
    if function and function not in choices.functions:
        yield (
            f"function-{suffix}",
            f"“{function}” is no job function here. Pick one from the list.",
        )
    if role and role not in choices.roles:
        yield (
            f"role-{suffix}",
            f"“{role}” is no user role here. Pick one from the list.",
        )


def _scope_faults(draft: Draft, choices: Choices) -> Iterator[tuple[str, str]]:
    if draft.zone and draft.zone not in choices.zones:
        yield "zone", f"“{draft.zone}” is no zone here. Pick one from the list."
    if gone := sorted(set(draft.protected_roles) - set(choices.roles)):
        yield (
            "protected",
            f"“{gone[0]}” is no user role here. Untick it and save again.",
        )
    if draft.uses_sso not in _ANSWERS:
        yield "sso", "Answer Yes or No."
    if draft.all_schools:
        return
    if gone := sorted(set(draft.schools) - choices.schools):
        yield "schools", f"The school “{gone[0]}” is gone. Untick it and save again."
    elif not draft.schools:
        yield "schools", "Tick a school, or include all matched schools."


def _limit_faults(draft: Draft) -> Iterator[tuple[str, str]]:
    for name, text in (
        ("removal-percent", draft.removal_percent),
        ("update-percent", draft.update_percent),
    ):
        number = number_in(text)
        if number is None or number > _WHOLE:
            yield name, f"“{text}” is no percentage. Enter a number from 0 to 100."
    people = number_in(draft.removal_people)
    if people is None or people != int(people) or people > _MOST_PEOPLE:
        yield (
            "removal-people",
            f"“{draft.removal_people}” is no number of people. Enter a whole number.",
        )
