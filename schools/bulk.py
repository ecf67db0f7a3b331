"""The only fast writer: COPY on PostgreSQL, many inserts a transaction on SQLite."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeAlias

import msgspec
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models, transaction

PAUSE = 0.03  # seconds between transactions on SQLite, in which others may write
INSERT_ROWS = 1_000  # a transaction on SQLite: about 15 ms
COPY_ROWS = 20_000  # one COPY; between two of them the connection is free
RENDER_ROWS = 500  # rows rendered while PostgreSQL takes in the ones before

_NULL = r"\N"
# What has a meaning of its own in COPY's text format; NUL can't be stored at all. The
# backslash goes first.
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": ""}
_encode = msgspec.json.Encoder().encode
_NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")

Field: TypeAlias = "models.Field[object, object]"
Row = Sequence[object]
Column = Sequence[object]


def write_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Insert the rows and return how many they were.

    `columns` are field names (a foreign key by its "_id" name); each row holds their
    values in that order: str, int, bool, datetime, a UUID as such or as text with
    hyphens, lists and dicts for JSON, or None. NUL characters are left out. Columns
    not named get the database's default, not the model's.

    Rows come in several transactions unless the caller has opened one; on SQLite
    there is a pause after each, so that nobody else's write waits for long.
    `on_progress` is called between transactions with the number of rows so far.
    Raises django.db.IntegrityError or DataError for rows the table refuses.
    """
    fields = [_field(model, name) for name in columns]
    is_postgres = connection.vendor == "postgresql"
    write, size = (_copy, COPY_ROWS) if is_postgres else (_insert, INSERT_ROWS)
    done = 0
    for batch in _batches(rows, size):
        # Inside a transaction a pause would free nothing.
        if done and not is_postgres and not connection.in_atomic_block:
            time.sleep(PAUSE)
        write(model, fields, batch)
        done += len(batch)
        if on_progress is not None:
            on_progress(done)
    return done


def _field(model: type[models.Model], name: str) -> Field:
    field = model._meta.get_field(name)  # noqa: SLF001 — Django's public name for it
    if not isinstance(field, models.Field):
        msg = f"{name} is no column of {model.__name__}."
        raise FieldDoesNotExist(msg)
    return field


def _value_field(field: Field) -> Field:
    """Return the field itself, or what a foreign key points at."""
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def _copy(
    model: type[models.Model],
    fields: Sequence[Field],
    rows: list[Row],
) -> None:
    columns = ", ".join(f'"{field.column}"' for field in fields)
    # Django turns errors of its own methods into its own errors, not of this one.
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(
            f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN',  # noqa: SLF001
            _CopyText(fields, rows),
        )


class _CopyText:
    """A file of COPY text that renders its next rows when it is read."""

    def __init__(
        self,
        fields: Sequence[Field],
        rows: Iterable[Row],
    ) -> None:
        self._renderers = [_renderer(field) for field in fields]
        self._batches = _batches(rows, RENDER_ROWS)

    def read(self, _size: int) -> bytes:
        """Return some lines, empty at the end; the driver takes any length."""
        batch = next(self._batches, None)
        if batch is None:
            return b""
        # Column by column: that way nearly all of the work is done in C.
        columns = [
            render(column)
            for render, column in zip(
                self._renderers, zip(*batch, strict=True), strict=True
            )
        ]
        lines = map("\t".join, zip(*columns, strict=True))
        # Half a surrogate pair is no character and becomes a question mark.
        return ("\n".join(lines) + "\n").encode(errors="replace")


def _renderer(field: Field) -> Callable[[Column], Iterable[str]]:
    """Return what turns a column of the field's values into COPY text."""
    kind = _value_field(field)
    if isinstance(kind, models.JSONField):
        return _json_texts
    if isinstance(kind, models.CharField | models.TextField):
        return _texts
    return _plain_texts


def _texts(column: Column) -> Iterable[str]:
    strings = list(map(str, column))
    return _with_nulls(column, _escaped(strings))


def _json_texts(column: Column) -> Iterable[str]:
    return _with_nulls(column, _escaped(list(map(_json, column))))


def _escaped(strings: list[str]) -> list[str]:
    # One search over all of them: hardly any column has something to escape.
    together = "".join(strings)
    for special, escape in _ESCAPES.items():
        if special in together:
            strings = [string.replace(special, escape) for string in strings]
    return strings


def _plain_texts(column: Column) -> Iterable[str]:
    return _with_nulls(column, list(map(str, column)))


def _with_nulls(column: Column, strings: list[str]) -> Iterable[str]:
    if None not in column:
        return strings
    return [
        _NULL if value is None else string
        for value, string in zip(column, strings, strict=True)
    ]


def _json(value: object) -> str:
    text = _encode(value).decode()
    return _NUL_IN_JSON.sub(r"\1", text) if r"\u0000" in text else text


def _insert(
    model: type[models.Model], fields: Sequence[Field], rows: list[Row]
) -> None:
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    adapt = [_adapter(field) for field in fields]
    adapted = (
        [None if value is None else to(value) for value in column] if to else column
        for to, column in zip(adapt, zip(*rows, strict=True), strict=True)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})',  # noqa: S608, SLF001 — names of our own
            list(zip(*adapted, strict=True)),
        )


def _adapter(field: Field) -> Callable[[object], object] | None:
    """Return what turns a value into one SQLite keeps; None if it is one already."""
    kind = _value_field(field)
    if isinstance(kind, models.JSONField):
        return _json
    if isinstance(kind, models.UUIDField):
        return lambda value: str(value).replace("-", "")
    if isinstance(kind, models.CharField | models.TextField):
        return lambda value: str(value).replace("\0", "")
    if isinstance(kind, models.DateTimeField):
        return _naive
    return None


def _naive(value: object) -> object:
    return (
        connection.ops.adapt_datetimefield_value(value)
        if isinstance(value, datetime)
        else value
    )
