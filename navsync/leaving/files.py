"""What a leaving district takes along: files by name, line by line.

No cell is a formula to a spreadsheet, and nothing is held in memory: a district may
have 100,000 accounts and as many rows of results.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Model, QuerySet

from accounts.models import StaffAccount
from schools.formulas import guard
from schools.models import District
from schools.services.loading import SCHOOL_COLUMNS
from staffimport.exports import as_csv, csv_lines
from staffimport.models import ImportRun
from staffimport.services.import_settings import current_settings
from staffimport.settings.file import encode
from staffimport.staff_export import staff_csv_lines

_CHUNK = 2_000
_MATCHES = {
    "school_id": "school__school_id",
    "school": "school__name",
    "clever_id": "clever_school__clever_id",
    "clever_school": "clever_school__name",
    "matched_by": "method",
    "reason": "reason",
    "matched_at": "matched_at",
    "imported_at": "imported_at",
}
_ROLES = {
    "name": "name",
    "level": "level",
    "rights": "rights",
    "essential_for_the_brake": "is_essential",
}
_ZONES = {"zone": "name", "school_id": "schools__school_id", "school": "schools__name"}
_INVITATIONS = {
    "account_id": "account_id",
    "last_name": "account__last_name",
    "first_name": "account__first_name",
    "email": "email",
    "state": "state",
    "problem": "problem",
    "asked_at": "created_at",
    "sent_at": "sent_at",
    "expires_at": "expires_at",
    "used_at": "used_at",
}
_RUNS = {
    "run": "pk",
    "kind": "kind",
    "state": "state",
    "asked_by": "requested_by_name",
    "asked_at": "requested_at",
    "started_at": "started_at",
    "finished_at": "finished_at",
    "applied_at": "applied_at",
    "undone_at": "undone_at",
    "counts": "counts",
    "error": "error",
}
_DECISIONS = {
    "decision": "kind",
    "clever_id": "clever_id",
    "person": "person_name",
    "account_id": "account_id",
    "account": "account_name",
    "note": "note",
    "decided_by": "decided_by_name",
    "decided_at": "decided_at",
    "taken_back_by": "revoked_by_name",
    "taken_back_at": "revoked_at",
}
_AUDIT = {
    "at": "at",
    "who": "actor_name",
    "address": "address",
    "what": "verb",
    "target": "target",
    "account_id": "about",
    "changes": "changes",
    "note": "note",
}
_WITH_RESULTS = (ImportRun.Kind.TEST, ImportRun.Kind.FINAL, ImportRun.Kind.SYNC)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file: its name, what it holds in words, and its lines as they are read."""

    name: str
    about: str
    lines: Iterator[str]


def files_of(district: District) -> Iterator[ExportFile]:
    """Yield the files of a district's export, one after the other."""
    schools = district.schools.order_by("pk")
    columns = dict(zip(SCHOOL_COLUMNS, SCHOOL_COLUMNS, strict=True))
    yield _file("schools.csv", "Schools", schools, columns)
    matches = district.school_matches.order_by("pk")
    yield _file("school_matches.csv", "Which Clever school is which", matches, _MATCHES)
    roles = district.user_roles.order_by("pk")
    yield _file("user_roles.csv", "User roles and their rights", roles, _ROLES)
    zones = district.zones.order_by("pk", "schools__pk")
    yield _file("zones.csv", "Zones and their schools", zones, _ZONES)
    accounts = StaffAccount.objects.filter(district=district).order_by("pk")
    yield ExportFile("staff.csv", "Staff accounts", staff_csv_lines(accounts))
    invitations = district.invitations.order_by("pk")
    yield _file("invitations.csv", "Invitations by e-mail", invitations, _INVITATIONS)
    settings = encode(current_settings(district)).splitlines(keepends=True)
    yield ExportFile("import_settings.json", "Import settings", iter(settings))
    runs = district.import_runs.order_by("pk")
    yield _file("runs.csv", "Import runs", runs, _RUNS)
    for run in _last_runs(district):
        name = f"results_{run.kind}_{run.pk}.csv"
        yield ExportFile(name, f"Results of {run}", csv_lines(run.results.all()))
    decisions = district.match_decisions.order_by("pk")
    yield _file("decisions.csv", "Decisions about people", decisions, _DECISIONS)
    entries = district.audit_entries.order_by("pk")
    yield _file("audit_trail.csv", "Who changed what, and when", entries, _AUDIT)


def _last_runs(district: District) -> list[ImportRun]:
    """Return the newest run of each kind that has rows."""
    done = district.import_runs.filter(state=ImportRun.State.SUCCEEDED)
    newest = (done.filter(kind=kind).order_by("-pk").first() for kind in _WITH_RESULTS)
    return [run for run in newest if run is not None]


def _file(
    name: str, about: str, rows: QuerySet[Model], columns: dict[str, str]
) -> ExportFile:
    """Return a file of a table; `columns` says for each heading what stands there."""
    values = rows.values_list(*columns.values()).iterator(chunk_size=_CHUNK)
    return ExportFile(
        name, about, as_csv([*columns], ([*map(_cell, row)] for row in values))
    )


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat(timespec="seconds")
        case list():
            return guard("; ".join(map(str, value)))
        case dict():
            return msgspec.json.encode(value).decode() if value else ""
    return guard(str(value))
