"""Checks on the fields Clever shares: for how many people each is filled.

Source: manual, "Check the staff data fields available to Naviance via Clever's API."
"""

from collections.abc import Callable, Iterable
from functools import partial

from staffimport.core.people import Person
from staffimport.core.readiness.facts import Facts, titles_of
from staffimport.core.readiness.values import Finding, Standing, counted, finding

# From this share on a field counts as filled.
_FILLED = 0.95


def _share(
    code: str,
    of: Callable[[Facts], Iterable[Person]],
    value: Callable[[Person], object],
    facts: Facts,
) -> Finding:
    """Return for how many of some people a field is filled, and who lacks it."""
    people = list(of(facts))
    if not people:
        return Finding(code, Standing.LOOK, "Clever shares nobody to judge by.")
    lacking = [facts.of_person(p, p.user_types) for p in people if not value(p)]
    total, filled = len(people), len(people) - len(lacking)
    if not filled:
        text = f"0 % filled for {counted(total, 'person', 'people')}: looks not shared."
        return finding(code, lacking, text, Standing.MEND)
    text = f"{filled * 100 // total} % filled: {filled:,} of {total:,} people."
    is_enough = filled >= total * _FILLED
    return finding(code, lacking, text, Standing.OK if is_enough else Standing.LOOK)


def _everybody(facts: Facts) -> Iterable[Person]:
    return facts.people


def _school_staff(facts: Facts) -> Iterable[Person]:
    return facts.school_staff


_FIELDS: tuple[
    tuple[str, Callable[[Facts], Iterable[Person]], Callable[[Person], object]], ...
] = (
    ("field_title", _everybody, titles_of),
    ("field_email", _everybody, lambda person: person.email),
    # District staff carry none (manual, "District Staff").
    ("field_employee_id", _school_staff, lambda person: person.employee_ids),
    ("field_first_name", _everybody, lambda person: person.first),
)

FINDERS: dict[str, Callable[[Facts], Finding]] = {
    code: partial(_share, code, of, value) for code, of, value in _FIELDS
}
