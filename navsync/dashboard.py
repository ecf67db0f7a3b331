"""The district's home page: where it stands, what waits, what the last runs did."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from navsync import waiting
from navsync.facts import read_overview
from navsync.launch import countdown
from navsync.standing import stand
from schools.access import ConsoleRequest, manages_import
from schools.models import District
from staffimport.gate import sync_reasons
from staffimport.models import ImportRun
from staffimport.queries import runs as queries
from staffimport.wording import age, summary

RUNS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Freshness:
    """Clever's last sync with the SIS against the newest pull we applied.

    `lag` says how much later that was, "" while it is still to come.
    """

    is_current: bool
    lag: str


@manages_import
def home(request: ConsoleRequest) -> HttpResponse:
    """Show where the signed-in person's district stands."""
    district = request.district
    overview = read_overview(district, timezone.now())
    applied, things = overview.applied, list(overview.waiting)
    latest = queries.latest_runs(district, RUNS_SHOWN)
    context = {
        "standing": stand(overview.facts),
        "waiting": things,
        "waiting_in_words": waiting.in_words(things),
        "runs": [(run, summary(run)) for run in latest],
        "countdown": countdown(district),
        "applied": applied,
        "freshness": _freshness(district, applied),
        "sync_reasons": sync_reasons(district),
    }
    return render(request, "navsync/dashboard.html", context)


def _freshness(district: District, applied: ImportRun | None) -> Freshness | None:
    """Return how far accounts are behind Clever; None before anything was applied."""
    synced = district.clever_last_sync
    if applied is None or synced is None or applied.finished_at is None:
        return None
    is_current = applied.pulled_at is not None and applied.pulled_at >= synced
    return Freshness(is_current, age(synced, applied.finished_at) if is_current else "")
