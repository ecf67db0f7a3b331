"""Reads where a district stands from the database; `standing` says what follows."""

from dataclasses import dataclass
from datetime import datetime

from navsync import waiting
from navsync.next_step import Facts
from navsync.waiting import Waiting
from schools.models import District
from schools.services.tokens import lacks_token
from staffimport.gate import Gate, final_gate
from staffimport.models import ImportRun, ImportSettings
from staffimport.queries import runs as queries


@dataclass(frozen=True, slots=True)
class Due:
    """What waits for a district's admin, and the runs it waits in.

    `test` is the newest succeeded test unless a final has followed it, `gate` says what
    refuses a final import now, and `applied` is the newest applied run.
    """

    test: ImportRun | None
    gate: tuple[str, ...]
    applied: ImportRun | None
    held: tuple[Waiting, ...]
    conflicts: tuple[Waiting, ...]
    unmatched: tuple[Waiting, ...]
    invitations: tuple[Waiting, ...]

    @property
    def rows(self) -> int:
        """Return how many rows wait: held ones and conflicts."""
        return sum(w.count for w in (*self.held, *self.conflicts))


@dataclass(frozen=True, slots=True)
class Overview:
    """The facts of a district, what waits for its admin, and its newest applied run."""

    facts: Facts
    waiting: tuple[Waiting, ...]
    applied: ImportRun | None


def read_due(district: District, now: datetime, gate: Gate | None = None) -> Due:
    """Return what waits for a district's admin at `now`.

    `gate` is that of a final import, if the page has asked for it already.
    """
    test = queries.open_test(district)
    applied = queries.newest_applied(district)
    reasons = (gate or final_gate(district, now)).reasons if test else ()
    if district.first_final_at and reasons:
        test = None  # after the first import an old test is history, no task
    return Due(
        test=test,
        gate=reasons,
        applied=applied,
        held=tuple(waiting.held_rows(district, test)),
        conflicts=tuple(waiting.conflicts(test or applied)),
        unmatched=tuple(waiting.unmatched_schools(district)),
        invitations=tuple(waiting.invitations(district, now)),
    )


def read_overview(
    district: District, now: datetime, due: Due | None = None
) -> Overview:
    """Return where a district stands at `now`, and what waits for its admin.

    Nothing does once the district is disconnected: nobody can decide it any more. `due`
    is what waits, if the page has asked for it already.
    """
    due = due or read_due(district, now)
    others = (
        *due.unmatched,
        *waiting.schools_not_imported(district),
        *due.invitations,
        *waiting.new_titles(district),
        *waiting.drifting(district),
    )
    facts = Facts(
        district=district,
        now=now,
        clever_schools=district.clever_schools.filter(is_shared=True).count(),
        matched_schools=district.school_matches.count(),
        settings_saved_at=_settings_saved_at(district),
        test=due.test,
        gate=due.gate,
        under_way=tuple(queries.under_way(district)),
        held=sum(w.count for w in due.held),
        conflicts=sum(w.count for w in due.conflicts),
        others=tuple(thing.named for thing in others),
        lacks_token=lacks_token(district),
        was_undone=_was_undone(district),
    )
    has_left = district.disconnected_at is not None
    things = () if has_left else (*due.held, *due.conflicts, *others)
    return Overview(facts, things, due.applied)


def _was_undone(district: District) -> bool:
    """Return whether a final was applied and, as it was undone, has to be run again."""
    is_imported = district.first_final_at is not None
    return not is_imported and district.import_runs.exclude(undone_at=None).exists()


def _settings_saved_at(district: District) -> datetime | None:
    saved = ImportSettings.objects.filter(district=district)
    return saved.values_list("saved_at", flat=True).first()
