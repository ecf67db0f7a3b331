"""What must be true before a final import may start, each with its sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from accounts.services.role_rights import CHANGED_ROLE, ESSENTIAL
from schools.clock import zone_of
from schools.models import District
from staffimport.errors import NotReady
from staffimport.models import ImportRun, ImportSettings
from staffimport.store.load import fingerprint

_TEST_LASTS = timedelta(hours=48)
PLANNED_AGAIN = (
    "The test is being planned again with the newest decisions. That takes a moment."
)


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a final import may start: `reasons` says what stands in the way.

    `test` is the newest succeeded test, on which a final would be based. `needs_test`
    says that a new test would clear the way.
    """

    reasons: tuple[str, ...]
    test: ImportRun | None
    needs_test: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons


def good_until(test: ImportRun) -> datetime | None:
    """Return until when a final may follow a test; None if it has pulled nothing.

    Source: product.md, "Test, final, sync": its pull is under 48 hours old.
    """
    return None if test.pulled_at is None else test.pulled_at + _TEST_LASTS


def is_too_old(test: ImportRun, now: datetime) -> bool:
    """Whether no final may follow a test any more, however it was made."""
    until = good_until(test)
    return until is None or now >= until


def connection_reasons(district: District) -> list[str]:
    """Return why nothing can be pulled for the district; empty if it can."""
    if district.disconnected_at is not None:
        return [f"{district} was disconnected from Clever. Contact Naviance Support."]
    if not district.clever_token or not district.clever_id:
        return [
            f"{district} has no access token for Clever. Naviance Support stores it "
            "when the district has connected NavSync in the Clever Dashboard."
        ]
    return []


def test_reasons(district: District) -> list[str]:
    """Return why no test import may start; empty if one may. A pause stops none."""
    reasons = connection_reasons(district)
    if district.activated_at is None:
        reasons.append(
            f"{district} is not activated yet, so it can't run a test import. Naviance "
            "Support activates it once the request is confirmed."
        )
    return reasons


def pause_reasons(district: District) -> list[str]:
    """Return why accounts may not be changed for now; a test is not stopped by it."""
    if district.activated_at is None:
        return [
            f"{district} is not activated yet, so its accounts can't be changed. "
            "Naviance Support activates it once the request is confirmed."
        ]
    if district.is_paused:
        return [
            f"{district} is paused, so no final import or sync can start. Contact "
            "Naviance Support to have it resumed."
        ]
    return []


def sync_reasons(district: District) -> list[str]:
    """Return why no sync may start; empty if one may.

    An undo stops the periodic sync alone: whoever asks for a sync gets it.
    """
    reasons = connection_reasons(district) + pause_reasons(district)
    if district.first_final_at is None:
        reasons.append(
            "A sync keeps in step what a final import has brought in. Complete a "
            "final import first."
        )
    return reasons


def final_gate(district: District, now: datetime | None = None) -> Gate:
    """Return whether a final import may start at `now`, and what stands in its way.

    The rules are the manual's ("If you completed a test import more than 48 hours …")
    and product.md's ("Final needs a succeeded test").
    """
    reasons = connection_reasons(district) + pause_reasons(district)
    if district.uses_sso is None:
        reasons.append(
            "Say on Import Staff Data (in a settings file by “uses_sso”) whether your "
            "district uses Clever SSO: without it, everybody who is created is mailed "
            "an invitation."
        )
    test = district.import_runs.filter(
        kind=ImportRun.Kind.TEST, state=ImportRun.State.SUCCEEDED
    ).first()
    about_test = _test_reason(district, test, now or timezone.now())
    is_changing = about_test and test is not None and repeat_under_way(district)
    if about_test:
        reasons.append(PLANNED_AGAIN if is_changing else about_test)
    needs_test = bool(about_test) and not is_changing
    return Gate(tuple(reasons), test, needs_test=needs_test)


def repeat_under_way(district: District) -> ImportRun | None:
    """Return the run that is to plan the newest test again, if one waits or runs."""
    tests = district.import_runs.filter(kind=ImportRun.Kind.TEST)
    states = [ImportRun.State.QUEUED, ImportRun.State.RUNNING]
    return tests.filter(base_run__isnull=False, state__in=states).first()


def check_may_change(district: District) -> None:
    """Raise NotReady if a district was paused or disconnected since a run was asked."""
    district.refresh_from_db(fields=["activated_at", "disconnected_at", "paused_at"])
    if reasons := connection_reasons(district) + pause_reasons(district):
        raise NotReady(reasons[0])


def check_unchanged(run: ImportRun) -> None:
    """Raise NotReady if something was saved between a final's test and now."""
    test = run.base_run
    if test is None:
        raise NotReady("The test that this final import follows is gone. Run it again.")
    if reason := _changed_since(run.district, test):
        raise NotReady(reason)


def _test_reason(district: District, test: ImportRun | None, now: datetime) -> str:
    if test is None or test.pulled_at is None:
        return "There is no completed test import yet. Run one first."
    if is_too_old(test, now):
        taken = local_time(district, test.pulled_at)
        return f"This test is older than 48 hours ({taken}). Run it again."
    return _changed_since(district, test)


def _changed_since(district: District, test: ImportRun) -> str:
    """Return what was saved or undone after the test, with day and person, or ""."""
    if reason := _undone_since(district, test):
        return reason
    if fingerprint(district) == test.settings_fingerprint:
        return ""
    changes = [
        change
        for change in _changes(district)
        if test.pulled_at is None or change[0] > test.pulled_at
    ]
    if not changes:  # something is gone that kept no time, such as a school
        what = "Settings, school matches or decisions are no longer what they were"
        return f"{what} in this test. Run it again."
    at, what, by = max(changes)
    who = f" by {by}" if by else ""
    return f"{what} after this test, on {local_day(district, at)}{who}. Run it again."


def _undone_since(district: District, test: ImportRun) -> str:
    """Return that an import was undone after the test was planned; "" if none was.

    What the test shows is of accounts that the undo has changed.
    """
    planned_at = test.started_at or test.requested_at
    undone = district.import_runs.filter(undone_at__gt=planned_at)
    run = undone.order_by("-undone_at").first()
    if run is None or run.undone_at is None:
        return ""
    day = local_day(district, run.undone_at)
    return f"{run} was undone after this test, on {day}. Run it again."


def _changes(district: District) -> Iterator[tuple[datetime, str, str]]:
    """Yield when what a plan depends on was last saved, in words, and by whom."""
    for chosen in ImportSettings.objects.filter(district=district):
        if chosen.saved_at is not None:
            yield chosen.saved_at, "Settings were saved", chosen.saved_by
    for match in district.school_matches.order_by("-matched_at")[:1]:
        yield match.matched_at, "School matches were saved", str(match.matched_by or "")
    for reset in district.school_match_resets.order_by("-reset_at")[:1]:
        yield reset.reset_at, "School matches were saved", str(reset.reset_by or "")
    roles = district.audit_entries.filter(verb=CHANGED_ROLE, changes__has_key=ESSENTIAL)
    for entry in roles.order_by("-at")[:1]:
        yield entry.at, "What the brake guards was changed", entry.actor_name
    yield from _decision_changes(district)


def _decision_changes(district: District) -> Iterator[tuple[datetime, str, str]]:
    decisions = district.match_decisions
    for decision in decisions.order_by("-decided_at")[:1]:
        yield decision.decided_at, "A decision was made", decision.decided_by_name
    for decision in decisions.order_by(F("revoked_at").desc(nulls_last=True))[:1]:
        if decision.revoked_at is not None:
            by = decision.revoked_by_name
            yield decision.revoked_at, "A decision was taken back", by


def local_time(district: District, at: datetime) -> str:
    """Return a time in the district's zone: "Oct 12, 4:02 PM"."""
    return date_format(at.astimezone(zone_of(district)), "M j, g:i A")


def local_day(district: District, at: datetime) -> str:
    """Return a day in the district's zone: "Oct 13"."""
    return date_format(at.astimezone(zone_of(district)), "M j")
