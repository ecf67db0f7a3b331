"""A run's results as JSON, CSV and XLSX, written row by row.

The JSON is a contract (design.md, "Commands"): people script against it.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOBase
from itertools import chain
from pathlib import Path
from typing import TextIO

import msgspec
import xlsxwriter
from django.db.models import QuerySet

from schools.formulas import guard
from staffimport.core.values import VALUES
from staffimport.models import ImportResult, ImportRun

FIELDS = (
    "outcome",
    "state",
    "held_reason",
    "reason",
    "level",
    "school_id",
    "clever_id",
    "account_id",
    "candidates",
    *VALUES,
    "matched_by",
    "keyword",
    "changes",
)
# Tables name the school, too, for whoever reads them.
TABLE = tuple(
    part
    for name in FIELDS
    for part in ((name, "school") if name == "school_id" else (name,))
)
# The district's own id of a school, not our primary key.
_COLUMNS = {"school_id": "school__school_id", "school": "school__name"}
_CHUNK = 2_000

Row = dict[str, object]


def rows_of(
    results: QuerySet[ImportResult], fields: Sequence[str] = FIELDS
) -> Iterator[Row]:
    """Yield each result as a dict of the fields, as JSON has it, in the order given.

    Blank texts are None, lists ("teacher_list") are booleans, ids are texts.
    """
    rows = results.values_list(*(_COLUMNS.get(name, name) for name in fields))
    for values in rows.iterator(chunk_size=_CHUNK):
        row: Row = dict(zip(fields, values, strict=True))
        for name, value in row.items():
            if value == "":
                row[name] = None
        if row["account_id"] is not None:
            row["account_id"] = str(row["account_id"])
        row["changes"] = _with_nulls(row["changes"])
        yield row


def write_json(run: ImportRun, results: QuerySet[ImportResult], file: TextIO) -> None:
    """Write the run and its results, in the contract's shape."""
    about = {"id": run.pk, "kind": run.kind, "state": run.state, "counts": run.counts}
    file.write(f'{{"run":{_json(about)},"results":[')
    for number, row in enumerate(rows_of(results)):
        file.write(",\n" if number else "\n")
        file.write(_json(row))
    file.write("\n]}\n")


def csv_lines(results: QuerySet[ImportResult]) -> Iterator[str]:
    """Yield the results as lines of CSV, the header first; made for streaming."""
    return as_csv(TABLE, map(_cells, rows_of(results, TABLE)))


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield lines of CSV, the header first, as rows come; cells are guarded already."""
    echo = _Echo()
    writer = csv.writer(echo)
    for row in chain([header], rows):
        writer.writerow(row)
        yield echo.taken


def write_xlsx(results: QuerySet[ImportResult], path: Path) -> None:
    """Write the results as a workbook with one sheet; memory stays constant."""
    options = {"constant_memory": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet("Results")
        bold = workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(TABLE):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows_of(results, TABLE), start=1):
            for column, text in enumerate(_cells(row)):
                sheet.write_string(number, column, text)


class _Echo(TextIOBase):
    """A file that only remembers the last line."""

    taken = ""

    def write(self, line: str) -> int:
        self.taken = line
        return len(line)


def _with_nulls(changes: object) -> dict[str, list[object]]:
    """Return the changes in the order of `FIELDS`; databases keep their own."""
    pairs = changes if isinstance(changes, dict) else {}
    ordered = [name for name in FIELDS if name in pairs]
    ordered += sorted(name for name in pairs if name not in FIELDS)
    return {
        name: [None if value == "" else value for value in pairs[name]]
        for name in ordered
    }


def _cells(row: Row) -> list[str]:
    return [guard(_cell(value)) for value in row.values()]


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _yes_no(value=value)
        case list():
            return "; ".join(map(str, value))
        case dict():
            return "; ".join(
                f"{field}: {_change(pair)}" for field, pair in value.items()
            )
    return str(value)


def _change(pair: list[object]) -> str:
    old, new = (_cell(value) or "(blank)" for value in pair)
    return f"{old} → {new}"


def _yes_no(*, value: bool) -> str:
    return "yes" if value else "no"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
