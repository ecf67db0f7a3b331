"""Load a district's Naviance schools from a CSV file."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from schools.audit import Actor, record
from schools.columns import column_lengths
from schools.connected import check_connected
from schools.csv_files import CsvRefusedError, CsvRow, Problem, read_csv, too_long
from schools.models import District, School
from schools.nces import normalise_nces_id

SCHOOL_COLUMNS = ("school_id", "name", "nces_id", "address", "city", "state", "zip")
_NEEDED = ("school_id", "name")
_LENGTHS = column_lengths(School, SCHOOL_COLUMNS)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading a file did: counts of rows, and the bad rows left out.

    `doubts` are about values that are loaded but of no use.
    """

    created: int
    updated: int
    unchanged: int
    skipped: list[Problem]
    doubts: list[Problem]


Changes = dict[str, list[object]]


def load_schools(
    district: District, content: bytes, actor: Actor, *, skip_bad: bool = False
) -> LoadReport:
    """Create and update a district's schools from a CSV file, by school_id.

    Loading the same file again changes nothing; schools not in the file stay. Raises
    CsvRefusedError, with every problem, when a row is bad (unless `skip_bad`), and
    RefusedError when the file can't be read at all or the district was disconnected.
    Then nothing is loaded.
    """
    table = read_csv(content, SCHOOL_COLUMNS)
    rows, problems = check_school_rows(table.rows)
    problems += table.problems
    if problems and not skip_bad:
        raise CsvRefusedError(problems, len(table.rows) + len(table.problems))
    with transaction.atomic():
        check_connected(district)
        report, changes = _write(district, rows, problems)
        if report.created or report.updated:
            record(
                district,
                actor,
                "loaded schools",
                f"{report.created} new, {report.updated} changed",
                changes=changes,
            )
    return report


def check_school_rows(rows: list[CsvRow]) -> tuple[list[CsvRow], list[Problem]]:
    """Return the good rows, and what is wrong with the others."""
    good, problems = [], []
    lines: dict[str, int] = {}
    for row in rows:
        found = check_school(row)
        school_id = row.values["school_id"]
        first = lines.setdefault(school_id, row.line)
        if school_id and first != row.line:
            text = f"line {first} has the same school_id. Give each school its own."
            found.append(Problem(row.line, "school_id", school_id, text))
        problems += found
        if not found:
            good.append(row)
    return good, problems


def check_school(row: CsvRow) -> list[Problem]:
    """Return what is wrong with one row by itself."""
    problems = [
        Problem(row.line, name, "", f"it is empty. Enter the school's {name}.")
        for name in _NEEDED
        if not row.values[name]
    ]
    return problems + too_long(row, _LENGTHS)


def _write(
    district: District, rows: list[CsvRow], problems: list[Problem]
) -> tuple[LoadReport, Changes]:
    """Write the rows; return what came of it, and of known schools old and new."""
    known = {school.school_id: school for school in district.schools.all()}
    new, changed = [], []
    changes: Changes = {}
    for row in rows:
        school = known.get(row.values["school_id"])
        if school is None:
            new.append(School(district=district, **row.values))
        elif told := changes_of(school, row.values):
            changes |= told
            for name in SCHOOL_COLUMNS:
                setattr(school, name, row.values[name])
            changed.append(school)
    School.objects.bulk_create(new, batch_size=500)
    School.objects.bulk_update(changed, SCHOOL_COLUMNS[1:], batch_size=50)
    unchanged = len(rows) - len(new) - len(changed)
    doubts = [doubt for row in rows for doubt in _unusable_nces_id(row)]
    return LoadReport(len(new), len(changed), unchanged, problems, doubts), changes


def changes_of(school: School, values: Mapping[str, str]) -> Changes:
    """Return what a file changes of a school, as the audit trail tells it."""
    which = f"{school.name} ({school.school_id})"
    return {
        f"{name.replace('_', ' ')} of {which}": [getattr(school, name), values[name]]
        for name in SCHOOL_COLUMNS
        if getattr(school, name) != values[name]
    }


def _unusable_nces_id(row: CsvRow) -> list[Problem]:
    value = row.values["nces_id"]
    nces_id = normalise_nces_id(value)
    if not value or nces_id.value:
        return []
    text = f"it {nces_id.problem}. It is loaded, but matches no Clever school by it."
    return [Problem(row.line, "nces_id", value, text)]
