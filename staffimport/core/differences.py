"""Where Clever says something else than an account: what an update would write.

Source: manual, "Staff Data Supported by Clever"; product.md, "Fields".
"""

from staffimport.core.fitting import Known
from staffimport.core.folding import first_name_key
from staffimport.core.people import Person
from staffimport.core.placement import Placement
from staffimport.core.titles import TitleRules


def differences(
    placement: Placement, known: Known, titles: TitleRules
) -> list[tuple[str, str, str]]:
    """Return each field of which Clever says something else: field, ours, Clever's.

    A blank in Clever says nothing, and neither does a name without a single letter.
    Pinned fields are no exception here.
    """
    person, account = placement.person, known.account
    has_first = person.name_key or first_name_key(person.first)
    title = titles.decide(placement.level, placement.titles).title
    values = [
        ("first_name", account.first_name, person.first if has_first else ""),
        ("last_name", account.last_name, person.last if person.last_key else ""),
        ("job_title", account.job_title, title),
    ]
    if person.email_key != known.email_key:
        values.append(("email", account.email, person.email))
    if placement.school is not None:
        values.append(("middle_name", account.middle_name, person.middle))
        if not _has_id(person, known):
            values.append(("employee_id", account.employee_id, first_id(placement)))
    return [value for value in values if value[2] and value[2] != value[1]]


def first_id(placement: Placement) -> str:
    """Return the employee id a new account gets; district staff carry none."""
    ids = placement.person.employee_ids
    return ids[0] if ids and placement.school is not None else ""


def _has_id(person: Person, known: Known) -> bool:
    """Whether the account's employee id is one of the person's."""
    return bool(known.id_key) and (
        known.id_key in person.id_keys or known.loose_id in person.loose_ids
    )
