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
    first, last, email = person.first, person.last, person.email
    found = []
    if first != account.first_name and (person.name_key or first_name_key(first)):
        found.append(("first_name", account.first_name, first))
    if last != account.last_name and person.last_key:
        found.append(("last_name", account.last_name, last))
    title = titles.decide(placement.level, placement.titles).title
    if title and title != account.job_title:
        found.append(("job_title", account.job_title, title))
    if email and person.email_key != known.email_key and email != account.email:
        found.append(("email", account.email, email))
    if placement.school is not None:
        middle = person.middle
        if middle and middle != account.middle_name:
            found.append(("middle_name", account.middle_name, middle))
        employee_id = first_id(placement)
        if (
            employee_id
            and employee_id != account.employee_id
            and not _has_id(person, known)
        ):
            found.append(("employee_id", account.employee_id, employee_id))
    return found


def first_id(placement: Placement) -> str:
    """Return the employee id a new account gets; district staff carry none."""
    ids = placement.person.employee_ids
    return ids[0] if ids and placement.school is not None else ""


def _has_id(person: Person, known: Known) -> bool:
    """Whether the account's employee id is one of the person's."""
    return bool(known.id_key) and (
        known.id_key in person.id_keys or known.loose_id in person.loose_ids
    )
