"""How far the accounts are behind Clever, and when the next sync comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from navsync.schedule import next_sync
from schools.models import District
from staffimport.gate import sync_reasons
from staffimport.models import ImportRun
from staffimport.wording import age

PROMISED = timedelta(hours=6)
"""Manual: "within 4 to 6 hours from your district's SIS to Clever Sync"."""

QUIET = timedelta(days=3)
"""A Clever that has not synced with the SIS for longer deserves a look."""

IN_STEP, ON_ITS_WAY, LATE = "in step", "on its way", "late"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Clever's last sync with the SIS against the newest roster that was applied.

    `standing` is IN_STEP, ON_ITS_WAY or LATE; "" before anything was applied or
    before Clever named a sync. `lag` is how much later Naviance had it, or how long it
    has been waiting for it; `is_slow` says that this is beyond what the manual
    promises. `failed` is the newest sync if it failed. `next_at` is when the next sync
    comes, None while the periodic sync is off. `quiet` is how long ago Clever's last
    sync was, if that is very long.
    """

    standing: str
    lag: str
    is_slow: bool
    applied: ImportRun | None
    failed: ImportRun | None
    next_at: datetime | None
    quiet: str


def read_freshness(
    district: District, applied: ImportRun | None, now: datetime
) -> Freshness:
    """Return how fresh the accounts of a district are at `now`.

    `applied` is its newest applied run.
    """
    synced = district.clever_last_sync
    standing, lag = behind_clever(synced, applied, now)
    is_quiet = synced is not None and now - synced > QUIET
    return Freshness(
        standing,
        age(now - lag, now) if lag is not None else "",
        lag is not None and lag > PROMISED,
        applied,
        _failed_sync(district, applied),
        None if sync_reasons(district) or district.sync_paused_at else next_sync(now),
        age(synced, now) if synced and is_quiet else "",
    )


def behind_clever(
    synced: datetime | None, applied: ImportRun | None, now: datetime
) -> tuple[str, timedelta | None]:
    """Return the standing, and how long Naviance took or takes for Clever's sync.

    `synced` is Clever's last sync with the SIS, `applied` the newest applied run.
    """
    if synced is None or applied is None or applied.applied_at is None:
        return "", None
    if applied.pulled_at is not None and applied.pulled_at >= synced:
        return IN_STEP, applied.applied_at - synced
    waiting = now - synced
    return (LATE if waiting > PROMISED else ON_ITS_WAY), waiting


def _failed_sync(district: District, applied: ImportRun | None) -> ImportRun | None:
    """Return the newest sync if it failed and nothing was applied after it."""
    newest = (
        district.import_runs.filter(kind=ImportRun.Kind.SYNC)
        .exclude(state__in=[ImportRun.State.QUEUED, ImportRun.State.RUNNING])
        .first()
    )
    if newest is None or newest.state != ImportRun.State.FAILED:
        return None
    return None if applied is not None and applied.pk > newest.pk else newest
