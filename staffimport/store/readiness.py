"""What the readiness checks found, kept with the snapshot they looked at.

Judging 20,000 people takes a plan, so it is done by the run that pulled and stored:
the counts to be shown at once, whom they concern to be unpacked when somebody asks.
"""

import zlib
from datetime import datetime

import msgspec
from django.utils import timezone

from schools.models import District
from staffimport.core.planning import PlanInput
from staffimport.core.readiness import Concerned, Standing, assess
from staffimport.core.values import Plan
from staffimport.models import ImportRun, RosterSnapshot
from staffimport.store.load import fingerprint

People = dict[str, tuple[Concerned, ...]]


class Stored(msgspec.Struct, frozen=True):
    """What one check found: its standing, a sentence, and how many it concerns."""

    standing: Standing
    text: str
    count: int


class Report(msgspec.Struct, frozen=True):
    """All findings by code, of the pull at `taken_at`, judged at `made_at`.

    `basis` is a digest of the settings, matches and decisions they depend on.
    """

    snapshot: int
    taken_at: datetime
    made_at: datetime
    basis: str
    findings: dict[str, Stored]


def save(run: ImportRun, given: PlanInput, made: Plan) -> None:
    """Judge the district by its run's plan, and keep that with the run's snapshot."""
    found = assess(given, made, uses_sso=run.district.uses_sso)
    people: People = {finding.code: finding.people for finding in found}
    stored = {
        finding.code: Stored(finding.standing, finding.text, finding.count)
        for finding in found
    }
    values = {
        "made_at": timezone.now(),
        "basis": basis(run.district),
        "findings": stored,
    }
    RosterSnapshot.objects.filter(runs=run.pk).update(
        readiness=msgspec.to_builtins(values),
        readiness_people=zlib.compress(msgspec.msgpack.encode(people), 1),
    )


def latest(district: District) -> Report | None:
    """Return the district's newest report, None before the first."""
    judged = district.snapshots.exclude(readiness={}).values_list(
        "pk", "taken_at", "readiness"
    )
    newest = judged.first()
    if newest is None:
        return None
    snapshot, taken_at, readiness = newest
    values = {"snapshot": snapshot, "taken_at": taken_at, **readiness}
    return msgspec.convert(values, Report)


def people(district: District, report: Report, code: str) -> tuple[Concerned, ...]:
    """Return whom a check of the report concerns; nobody if the report is gone."""
    kept = district.snapshots.filter(pk=report.snapshot)
    packed = kept.values_list("readiness_people", flat=True).first()
    if not packed:
        return ()
    found = msgspec.msgpack.decode(zlib.decompress(packed), type=People)
    return found.get(code, ())


def basis(district: District) -> str:
    """Return a digest of what an admin sets that the findings depend on."""
    return f"{fingerprint(district)} {district.uses_sso}"
