"""Reads where a district stands from the database; `standing` says what follows."""

from dataclasses import dataclass
from datetime import datetime

from navsync import waiting
from navsync.standing import Facts
from navsync.waiting import Waiting
from schools.models import District
from staffimport.gate import final_gate
from staffimport.models import ImportRun, ImportSettings
from staffimport.queries import runs as queries


@dataclass(frozen=True, slots=True)
class Overview:
    """The facts of a district, what waits for its admin, and its newest applied run."""

    facts: Facts
    waiting: tuple[Waiting, ...]
    applied: ImportRun | None


def read_overview(district: District, now: datetime) -> Overview:
    """Return where a district stands at `now`, and what waits for its admin."""
    test = queries.open_test(district)
    applied = queries.newest_applied(district)
    reasons = final_gate(district, now).reasons if test else ()
    if district.first_final_at and reasons:
        test = None  # after the first import an old test is history, no task
    held = waiting.held_rows(district, test)
    conflicts = waiting.conflicts(test or applied)
    facts = Facts(
        district=district,
        now=now,
        clever_schools=district.clever_schools.filter(is_shared=True).count(),
        matched_schools=district.school_matches.count(),
        settings_saved_at=_settings_saved_at(district),
        test=test,
        gate=reasons,
        under_way=tuple(queries.under_way(district)),
        held=sum(w.count for w in held),
        conflicts=sum(w.count for w in conflicts),
    )
    things = (*held, *conflicts, *waiting.unmatched_schools(district))
    return Overview(facts, things, applied)


def _settings_saved_at(district: District) -> datetime | None:
    saved = ImportSettings.objects.filter(district=district)
    return saved.values_list("saved_at", flat=True).first()
