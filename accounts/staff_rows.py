"""One row of a staff file, checked: what it says of an account, or what is wrong."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import StaffAccount
from schools.columns import column_lengths
from schools.csv_files import CsvRow, Problem, too_long

STAFF_COLUMNS = (
    "level",
    "school_id",
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
    "job_function",
    "user_role",
    "teacher_list",
    "counselor_list",
    "zone",
    "status",
)
OPTIONAL_COLUMNS = ("account_id",)
TEXTS = (
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
)
_LENGTHS = {
    **column_lengths(StaffAccount, TEXTS),
    **dict.fromkeys(("job_function", "user_role", "zone"), 128),
}
_WORDS = {
    "level": ("school", "district"),
    "teacher_list": ("yes", "no", ""),
    "counselor_list": ("yes", "no", ""),
    "status": ("active", "inactive"),
}

Identity = tuple[int | None, str, str, str, str, str]
"""How an account without account_id is known again: school, names, e-mail, id."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A good row. `school` is the primary key of its school, None at the district.

    `texts` are the columns of TEXTS; role, function and zone are names, empty for none.
    """

    line: int
    account_id: uuid.UUID | None
    school: int | None
    texts: dict[str, str]
    job_function: str
    user_role: str
    zone: str
    teacher_list: bool
    counselor_list: bool
    is_active: bool

    @property
    def identity(self) -> Identity:
        """What the row is known again by when it has no account_id."""
        texts = self.texts
        return (
            self.school,
            texts["first_name"],
            texts["middle_name"],
            texts["last_name"],
            texts["email"],
            texts["employee_id"],
        )


def check_staff_rows(
    rows: Iterable[CsvRow], schools: Mapping[str, int]
) -> tuple[list[StaffRow], list[Problem]]:
    """Return the good rows of a file, and what is wrong with the others.

    `schools` gives the primary keys of the district's schools by school_id.
    """
    good: list[StaffRow] = []
    problems: list[Problem] = []
    lines: dict[uuid.UUID, int] = {}
    good_words: set[tuple[str, ...]] = set()  # the same few in nearly all rows
    for row in rows:
        found = list(_faults(row, schools, good_words))
        account_id = None if found else _uuid(row.values["account_id"])
        if account_id is not None:
            first = lines.setdefault(account_id, row.line)
            if first != row.line:
                text = f"line {first} has the same account_id. Use each id once."
                found.append(_problem(row, "account_id", text))
        if found:
            problems += found
        else:
            good.append(_staff_row(row, account_id, schools))
    return good, problems


def _faults(
    row: CsvRow, schools: Mapping[str, int], good_words: set[tuple[str, ...]]
) -> Iterable[Problem]:
    values = row.values
    words = tuple(map(values.__getitem__, _WORDS))
    if words not in good_words:
        faults = list(_word_faults(row))
        if not faults:
            good_words.add(words)
        yield from faults
    yield from _school_faults(row, schools)
    if not (values["first_name"] or values["last_name"]):
        yield _problem(row, "last_name", "the row has no name. Enter the last name.")
    account_id = values["account_id"]
    if account_id and _uuid(account_id) is None:
        text = (
            "it is no account id. Use the id of an account (a UUID), or leave it empty."
        )
        yield _problem(row, "account_id", text)
    yield from too_long(row, _LENGTHS)


def _word_faults(row: CsvRow) -> Iterable[Problem]:
    for column, words in _WORDS.items():
        if row.values[column].lower() not in words:
            choice = " or ".join(word for word in words if word)
            yield _problem(row, column, f"it is neither. Write {choice}.")


def _school_faults(row: CsvRow, schools: Mapping[str, int]) -> Iterable[Problem]:
    level, school_id = row.values["level"].lower(), row.values["school_id"]
    if level == "district" and school_id:
        text = "district staff have no school. Empty it, or write the level school."
        yield _problem(row, "school_id", text)
    elif level == "school" and not school_id:
        text = "school staff need a school. Enter its school_id."
        yield _problem(row, "school_id", text)
    elif level == "school" and school_id not in schools:
        text = "the district has no such school. Load it first, or correct the id."
        yield _problem(row, "school_id", text)


def _staff_row(
    row: CsvRow, account_id: uuid.UUID | None, schools: Mapping[str, int]
) -> StaffRow:
    values = row.values
    return StaffRow(
        line=row.line,
        account_id=account_id,
        school=schools[values["school_id"]] if values["school_id"] else None,
        texts={name: values[name] for name in TEXTS},
        job_function=values["job_function"],
        user_role=values["user_role"],
        zone=values["zone"],
        teacher_list=values["teacher_list"].lower() == "yes",
        counselor_list=values["counselor_list"].lower() == "yes",
        is_active=values["status"].lower() == "active",
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _problem(row: CsvRow, column: str, text: str) -> Problem:
    return Problem(row.line, column, row.values[column], text)
