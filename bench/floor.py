"""Child: the least an import could take: fetch, decode, write the same rows.

It fetches the same pages over one connection, decodes them with our records, and
writes the rows that the newest test stored, which lie ready: by one COPY of the
finished text on PostgreSQL, by one executemany on SQLite.
"""

import io
from collections.abc import Callable

import requests
from django.conf import settings
from django.db import connection, transaction

from bench.child import BenchFailedError, Measured
from clever import decoding
from schools.models import District
from staffimport.models import ImportResult, ImportRun

_LISTS = (
    ("schools?", decoding.SCHOOLS),
    ("users?role=teacher&", decoding.USERS),
    ("users?role=staff&", decoding.USERS),
    ("users?role=district_admin&", decoding.USERS),
    ("sections?", decoding.SECTIONS),
)


def main() -> Measured:
    """Measure the floor under the newest test's work."""
    district = District.objects.get()
    test = ImportRun.objects.filter(kind=ImportRun.Kind.TEST).first()
    if test is None:
        raise BenchFailedError("The floor needs the rows of a test.")
    floor = ImportRun.objects.create(
        district=district,
        kind=ImportRun.Kind.CHECK,  # not a test, which others would take for the newest
        state=ImportRun.State.FAILED,
        requested_by_name="Floor",
    )
    write = _prepared(test.pk, floor.pk)
    fetching, writing = Measured(), Measured()
    with fetching.clock():
        records = fetch(district.clever_token)
    with writing.clock(), transaction.atomic():
        write()
    return Measured(
        fetching.seconds + writing.seconds,
        fetching.cpu + writing.cpu,
        parts={
            "fetch": fetching.seconds,
            "write": writing.seconds,
            "records": records,
            "rows": ImportResult.objects.filter(run=floor).count(),
        },
    )


def fetch(token: str) -> int:
    """Read and decode everything; return how many records there were."""
    origin, records = settings.CLEVER_API_URL, 0
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        for path, decoder in _LISTS:
            following: str | None = f"/{settings.CLEVER_API_VERSION}/{path}limit=10000"
            while following:
                body = session.get(origin + following, timeout=120).content
                page, following = decoder.page(body)
                records += len(page)
    return records


def _prepared(test: int, floor: int) -> Callable[[], None]:
    """Return what writes the rows of the test once more, as the floor's."""
    table = ImportResult._meta.db_table  # noqa: SLF001 — Django's public name for it
    names = [field.column for field in ImportResult._meta.concrete_fields]  # noqa: SLF001
    names = [name for name in names if name not in ("id", "run_id")]
    columns = ", ".join(f'"{name}"' for name in ("run_id", *names))
    values = ", ".join([str(floor), *(f'"{name}"' for name in names)])
    rows = f'SELECT {values} FROM "{table}" WHERE run_id = {test} ORDER BY position'  # noqa: S608 — names of our own
    if connection.vendor == "postgresql":
        text = io.BytesIO()
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({rows}) TO STDOUT", text)

        def copy() -> None:
            text.seek(0)
            with connection.cursor() as cursor:
                cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', text)

        return copy
    marks = ", ".join(["%s"] * (len(names) + 1))
    with connection.cursor() as cursor:
        cursor.execute(rows)
        ready = cursor.fetchall()

    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',  # noqa: S608 — names of our own
                ready,
            )

    return insert
