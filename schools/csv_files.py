"""CSV files people give us: read strictly, every fault named with line and remedy."""

import csv
import io
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from schools.errors import RefusedError
from schools.formulas import unguard
from schools.written import visible_line

_SHOWN_LENGTH = 60
_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
_SEPARATORS = (";", "\t", "|")
# A long value is found by its column, not by the reader, which would blame quotes.
csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file; `column` is empty when the whole row is meant.

    `value` is what stands there and `text` says what is wrong and what to do.
    """

    line: int
    column: str
    value: str
    text: str

    def __str__(self) -> str:
        """Return it as a line for people: where, what stands there, the remedy."""
        place = f"Line {self.line}"
        if self.column:
            place += f", {self.column} “{shorten(self.value)}”"
        elif self.value:
            place += f", “{shorten(self.value)}”"
        return f"{place}: {self.text}"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line it begins on, and its cleaned values by column name.

    Every column the reader was told of is there; one the file lacks is empty.
    """

    line: int
    values: dict[str, str]


@dataclass(slots=True)
class CsvTable:
    """The rows of a file that could be read, and what is wrong with the others."""

    rows: list[CsvRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class CsvRefusedError(RefusedError):
    """Rows of a file are bad and nothing was loaded; `problems` lists them all."""

    def __init__(self, problems: Sequence[Problem], row_count: int) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        bad = len({problem.line for problem in problems})
        super().__init__(
            f"Nothing was loaded: {bad} of {max(row_count, bad)} rows are bad. Mend "
            "them as said above, or load only the good rows with --skip-bad."
        )


def read_csv(
    content: bytes, columns: Sequence[str], optional: Sequence[str] = ()
) -> CsvTable:
    """Return the rows of a CSV file with a header, cleaned, and what is wrong in it.

    The header must name each of `columns` once, in any order, and may name those in
    `optional`. Values lose outer spaces and what can't be seen, and have runs of white
    space made one space; the apostrophe that keeps a spreadsheet from computing a value
    is taken off. A control character makes its row bad. Empty rows are left out. Raises
    RefusedError when the file is not UTF-8 or its header is wrong, or it has no rows.
    """
    rows = _records(_decode(content))
    header = next(rows, None)
    if header is None:
        sentence = f"The file is empty. Its first line must be: {','.join(columns)}"
        raise RefusedError(sentence)
    if isinstance(header, Problem):
        sentence = f"The header can't be read. {header}"
        raise RefusedError(sentence)
    names = _checked_header(header[1], columns, optional)
    table = CsvTable()
    cleaned = _Cleaned()
    for entry in rows:
        if isinstance(entry, Problem):
            table.problems.append(entry)
        else:
            _add_row(table, entry, names, optional, cleaned)
    if not table.rows and not table.problems:
        raise RefusedError("The file has a header and no rows: there is nothing to do.")
    return table


def too_long(row: CsvRow, lengths: Mapping[str, int]) -> list[Problem]:
    """Return a problem for each value longer than its column takes."""
    if max(map(len, row.values.values())) <= min(lengths.values()):
        return []  # quick, and true of almost all
    return [
        Problem(
            row.line,
            name,
            row.values[name],
            f"it has {len(row.values[name]):,} characters; at most {length} fit. "
            "Shorten it.",
        )
        for name, length in lengths.items()
        if len(row.values[name]) > length
    ]


def clean(value: str) -> str:
    """Return what can be seen of a value, with single spaces, less a formula guard."""
    return unguard(visible_line(value))


def _in_line(cell: str) -> str:
    """Return a cell in one line; tabs and line breaks may stand in it."""
    return " ".join(cell.split())


def control_character(value: str) -> str:
    """Return the name of a control character in `value`, such as "U+0000", or ""."""
    if value.isprintable():  # quick, and true of almost all
        return ""
    odd = (c for c in value if unicodedata.category(c) == "Cc")
    character = next(odd, "")
    return character and f"U+{ord(character):04X}"


def shorten(value: str) -> str:
    """Return a value as a message shows it: on one line, and never very long."""
    shown = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value
    )
    return shown if len(shown) <= _SHOWN_LENGTH else f"{shown[:_SHOWN_LENGTH]}…"


def _decode(content: bytes) -> str:
    if _is_utf_16(content):
        raise RefusedError(
            "The file is encoded as UTF-16. Save it as CSV in UTF-8, then load it "
            "again."
        )
    try:
        return content.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = (
            f"The file is not UTF-8: line {line} holds the byte "
            f"0x{content[error.start]:02X}. Save it as CSV in UTF-8 (in Excel “CSV "
            "UTF-8”), then load it again."
        )
        raise RefusedError(sentence) from error


def _is_utf_16(content: bytes) -> bool:
    """Whether there is a mark of UTF-16, or every second byte of the start is zero."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    even, odd = content[:40:2], content[1:40:2]
    return any(
        not any(zeros) and letters and all(letters)
        for zeros, letters in ((even, odd), (odd, even))
    )


def _records(text: str) -> Iterator[tuple[int, list[str]] | Problem]:
    """Yield each record with the line it begins on, or what is wrong there.

    A record that can't be read costs its first line alone: what followed an open
    quotation mark is read again for itself.
    """
    lines = list(io.StringIO(text, newline=""))
    begun = 0  # lines before those the reader has
    reader = csv.reader(_from(lines, begun), strict=True)
    while True:
        line = begun + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _quoting_problem(line, begun + reader.line_num, error)
            begun = line
            reader = csv.reader(_from(lines, begun), strict=True)
        else:
            if any(cell and not cell.isspace() for cell in cells):
                yield line, cells


def _from(lines: list[str], start: int) -> Iterator[str]:
    """Yield the lines from one on, without a copy of them."""
    return (lines[number] for number in range(start, len(lines)))


def _quoting_problem(first: int, last: int, error: csv.Error) -> Problem:
    if "end of data" in str(error):
        text = (
            "a quotation mark that opens a value is never closed. Close it, or double "
            "it where it belongs to the value."
        )
    elif last > first:
        text = (
            "a quotation mark that opens a value is not closed before the next one, on "
            f"line {last}. Close it, or double it where it belongs to the value."
        )
    else:
        text = (
            "something follows a closing quotation mark. Double the quotation marks "
            "that belong to a value."
        )
    return Problem(first, "", "", text)


def _checked_header(
    cells: list[str], columns: Sequence[str], optional: Sequence[str]
) -> list[str]:
    names = [unguard(_in_line(cell)).lower() for cell in cells]
    while not names[-1]:
        names.pop()  # spreadsheets leave empty columns at the end
    known = {*columns, *optional}
    counts = Counter(names)
    faults = {
        "missing": [name for name in columns if name not in counts],
        "unknown": [name or "(no name)" for name in names if name not in known],
        "more than once": [name for name in counts if counts[name] > 1],
    }
    told = "; ".join(
        f"{fault}: {', '.join(shorten(name) for name in found)}"
        for fault, found in faults.items()
        if found
    )
    if not told:
        return names
    separators = (
        " Separate the columns with commas."
        if len(cells) == 1 and any(mark in cells[0] for mark in _SEPARATORS)
        else ""
    )
    extra = f"[,{','.join(optional)}]" if optional else ""
    sentence = (
        f"The header is wrong; columns {told}.{separators} The first line must be: "
        f"{','.join(columns)}{extra}"
    )
    raise RefusedError(sentence)


class _Cleaned(dict[str, str]):
    """Cells as they were written and as they are cleaned; most stand in many rows."""

    def __missing__(self, cell: str) -> str:
        self[cell] = value = clean(cell)
        return value


def _add_row(
    table: CsvTable,
    record: tuple[int, list[str]],
    names: list[str],
    optional: Sequence[str],
    cleaned: _Cleaned,
) -> None:
    line, cells = record
    if len(cells) > len(names) and not any(chain.from_iterable(cells[len(names) :])):
        cells = cells[: len(names)]
    if len(cells) != len(names):
        text = (
            f"the row has {len(cells)} values, the header has {len(names)} columns. "
            "Put values that hold a comma in quotation marks."
        )
        table.problems.append(Problem(line, "", "", text))
        return
    values = dict.fromkeys(optional, "")
    values.update(zip(names, map(cleaned.__getitem__, cells), strict=True))
    if control_character("".join(cells)):
        faults = [
            Problem(
                line, name, cell, f"it holds the control character {odd}. Remove it."
            )
            for name, cell in zip(names, map(_in_line, cells), strict=True)
            if (odd := control_character(cell))
        ]
        if faults:
            table.problems.extend(faults)
            return
    table.rows.append(CsvRow(line, values))
