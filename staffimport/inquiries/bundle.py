"""A ZIP that tells a developer all about a run and nothing about a person.

docs/support-guide.md says what stays and what doesn't.
"""

import platform
import re
import secrets
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import chain

import django
import msgspec
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from staffimport.core.planning import PlanInput, plan
from staffimport.core.redaction import LEFT_OUT, Redactor
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import Details, Level, Outcome, PlannedRow, RowState
from staffimport.inquiries.planned import input_now, input_with
from staffimport.models import ImportResult, ImportRun
from staffimport.store.results import BEFORE

RUN, SETTINGS, INPUT = "run.json", "settings.json", "input.json"
RESULTS, README = "results.jsonl", "README.txt"

_READ_AT_ONCE = 2_000
# An address, or what could be a token or an id.
_TELLING = re.compile(r"\S*@\S*|[\w-]{20,}")
_ABOUT = """A staff import of NavSync, redacted for a bug report.

run.json       the run: kind, state, counts, timings, versions, why it failed
settings.json  the district's import settings, as dump_import_settings writes them
input.json     what a plan of the run depends on, as it was when this was made
results.jsonl  the rows that the run stored, one a line

Names, e-mails, employee IDs and rare words of titles are stand-ins: equal ones were
equal, different ones different, and they compare as the originals did. Clever IDs and
account IDs are hashed with a key that was thrown away. Sentences, notes and who decided
what are left out. Treat the file as confidential all the same: whoever knows the
district may guess who somebody is.

To plan it again:  python manage.py plan_bundle THIS.zip
"""


def make_bundle(run: ImportRun, settings_file: str) -> tuple[dict[str, int], bytes]:
    """Return what is in the bundle in numbers, and the ZIP.

    Where what the run pulled is no longer kept, input.json is left out.
    """
    has_snapshot = run.snapshot is not None
    given = input_now(run) if has_snapshot else input_with(run, Snapshot(""))
    rows = plan(given).rows if has_snapshot else []
    redactor = Redactor(secrets.token_bytes(32), given, chain(rows, _stored(run)))
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(README, _ABOUT)
        bundle.writestr(RUN, _json(_facts(run)))
        bundle.writestr(SETTINGS, settings_file)
        if has_snapshot:
            bundle.writestr(INPUT, _json(redactor.input(given, rows)))
        with bundle.open(RESULTS, "w") as lines:
            count = 0
            for row in _stored(run):
                lines.write(_json(redactor.row(row)) + b"\n")
                count += 1
    summary = {"people": len(given.snapshot.people), "rows": count}
    return {**summary, "bytes": file.tell()}, file.getvalue()


def read_bundle(content: bytes) -> tuple[PlanInput | None, list[PlannedRow]]:
    """Return the input (None where it was left out) and the rows of a bundle.

    Raises zipfile.BadZipFile, KeyError or msgspec.DecodeError where it is none.
    """
    with zipfile.ZipFile(BytesIO(content)) as bundle:
        lines = bundle.read(RESULTS).splitlines()
        rows = [msgspec.json.decode(line, type=PlannedRow) for line in lines]
        if INPUT not in bundle.namelist():
            return None, rows
        return msgspec.json.decode(bundle.read(INPUT), type=PlanInput), rows


def _json(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _facts(run: ImportRun) -> dict[str, object]:
    return {
        "run": run.pk,
        "kind": run.kind,
        "state": run.state,
        "attempts": run.attempts,
        "is_repeat": run.is_repeat,
        "include_held": run.include_held,
        "requested_at": _moment(run.requested_at),
        "started_at": _moment(run.started_at),
        "pulled_at": _moment(run.pulled_at),
        "finished_at": _moment(run.finished_at),
        "applied_at": _moment(run.applied_at),
        "undone_at": _moment(run.undone_at),
        "counts": run.counts,
        "pulled": run.snapshot.counts if run.snapshot else None,
        "timings": run.timings,
        "proof": run.proof,
        "notices": [[n.get("kind"), n.get("count")] for n in run.notices],
        "failure": {
            "is_unexpected": run.error_is_unexpected,
            "sentence": _told(run.error, run),
        },
        "versions": _versions(),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _told(sentence: str, run: ImportRun) -> str:
    """Return why a run failed without whom or which district it names."""
    return _TELLING.sub(LEFT_OUT, sentence.replace(run.district.name, "the district"))


def _versions() -> dict[str, str]:
    newest = MigrationRecorder.Migration.objects.filter(app="staffimport")
    return {
        "schema": str(newest.order_by("-id").values_list("name", flat=True).first()),
        "django": django.get_version(),
        "python": platform.python_version(),
        "database": connection.vendor,
    }


def _stored(run: ImportRun) -> Iterator[PlannedRow]:
    rows = run.results.order_by("position")
    return map(_planned, rows.iterator(chunk_size=_READ_AT_ONCE))


def _planned(row: ImportResult) -> PlannedRow:
    """Return a stored row as the plan made it."""
    details = {k: v for k, v in row.details.items() if k != BEFORE}
    names = {field.name for field in msgspec.structs.fields(PlannedRow)}
    same = {n: getattr(row, n) for n in names if hasattr(row, n)}
    own = {
        "outcome": Outcome(row.outcome),
        "level": Level(row.level),
        "state": RowState(row.state),
        "school": row.school_id,
        "account_id": str(row.account_id or ""),
        "candidates": tuple(row.candidates),
        "details": msgspec.convert(details, Details),
    }
    return PlannedRow(**{**same, **own})
