"""The district's home page: where it stands, what waits, what the last runs did."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from navsync import waiting
from navsync.facts import read_overview
from navsync.freshness import read_freshness
from navsync.launch import countdown
from navsync.next_step import Facts
from navsync.standing import stand
from navsync.templatetags.console import day, in_sentence
from navsync.trend import read_trend
from schools.access import ConsoleRequest, opens_console
from schools.queries.launch_history import launch_history, newest_pause
from staffimport.gate import sync_reasons
from staffimport.queries import runs as queries
from staffimport.wording import counted, summary

RUNS_SHOWN = 6


@opens_console
def home(request: ConsoleRequest) -> HttpResponse:
    """Show where the signed-in person's district stands.

    Whoever a zone restricts is led to what there is for them: the staff.
    """
    if request.is_restricted:
        return redirect("staffimport:staff")
    district, now = request.district, timezone.now()
    overview = read_overview(district, now)
    latest = queries.latest_runs(district, RUNS_SHOWN)
    context = {
        "lead": _lead(overview.facts),
        "standing": stand(overview.facts),
        "waiting": overview.waiting,
        "waiting_in_words": waiting.in_words(overview.waiting),
        "runs": [(run, summary(run)) for run in latest],
        "countdown": countdown(district),
        "freshness": read_freshness(district, overview.applied, now),
        "sync_reasons": sync_reasons(district),
        "trend": read_trend(district),
    }
    return render(request, "navsync/dashboard.html", context)


def _lead(facts: Facts) -> str:
    """Return in a sentence or two where the district stands."""
    district = facts.district
    state = f"{district.state.label}."
    if district.is_paused:
        pause = newest_pause(launch_history(district))
        since = in_sentence(day(district.paused_at))
        by = f" by {pause.entry.actor_name}: {pause.entry.note}" if pause else "."
        return f"{state} Paused since {since}{by}"
    if not facts.clever_schools:
        return state
    imported = district.school_matches.filter(imported_at__isnull=False).count()
    schools = counted(facts.clever_schools, "Clever school")
    matched = f"{facts.matched_schools:,} of {schools} matched"
    if not imported:
        return f"{state} {matched}."
    is_kept = district.sync_paused_at is None and district.disconnected_at is None
    kept = " and kept in step" if is_kept else ""
    return f"{state} {matched}, {imported:,} imported{kept}."
