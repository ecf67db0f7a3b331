"""Deeds about runs, their rows, decisions and import settings."""

from django.utils import timezone

from staffimport.core.decisions import Choice
from staffimport.core.values import DecisionKind
from staffimport.models import ImportResult, ImportRun, Inquiry
from staffimport.services import (
    cancel,
    decide,
    held,
    import_settings,
    inquiries,
    start,
    undo,
    zones,
)
from staffimport.settings.file import KeywordEntry, SettingsFile
from tests.audit.world import WHY, Deed, World
from tests.cast import make_rows, make_run

HELD = {"outcome": "created", "state": "held", "held_reason": "brake", "writes": True}


def held_row(w: World) -> ImportResult:
    """A row of a test that waits."""
    [row] = make_rows(make_run(w.oak), HELD)
    return row


def approve(w: World) -> Deed:
    """Approve a row."""
    row = held_row(w)
    return lambda: held.approve(w.oak, [row.pk], w.dana)


def dismiss(w: World) -> Deed:
    """Dismiss a row."""
    row = held_row(w)
    return lambda: held.dismiss(w.oak, [row.pk], w.dana)


def choice(w: World) -> Choice:
    """The decision to leave Lee's account alone."""
    return Choice(DecisionKind.LEAVE_ALONE, str(w.lee.pk))


def take_back(w: World) -> Deed:
    """Take a decision back."""
    made = decide.decide(w.oak, [choice(w)], WHY, w.dana)
    return lambda: decide.take_back(w.oak, made, w.dana)


def cancel_run(w: World) -> Deed:
    """Cancel a run that waits."""
    run = make_run(w.oak, state="queued")
    return lambda: cancel.cancel_run(run, w.dana)


def start_final(w: World) -> Deed:
    """Start a final import after a test."""
    make_run(w.oak, pulled_at=timezone.now())
    return lambda: start.start_final(w.oak, w.dana)


def start_undo(w: World) -> Deed:
    """Take the last import back."""
    run: ImportRun = make_run(w.oak, "final", applied_at=timezone.now())
    changed = {"state": "applied", "writes": True, "account_id": w.lee.pk}
    make_rows(run, {**changed, "changes": {"job_title": ["", "Dean"]}})
    return lambda: undo.start_undo(run, w.dana)


def save_settings(w: World) -> Deed:
    """Save a keyword."""
    wanted = SettingsFile(keywords=(KeywordEntry("coach"),), uses_sso=False)
    return lambda: import_settings.save_settings(w.oak, wanted, w.dana)


def ask(w: World) -> Deed:
    """Ask for the bundle of a run."""
    run = make_run(w.oak)
    return lambda: inquiries.ask(run, Inquiry.Kind.BUNDLE, w.dana)


def take_bundle(w: World) -> Deed:
    """Take the bundle of a run."""
    made = Inquiry.objects.create(
        run=make_run(w.oak), kind=Inquiry.Kind.BUNDLE, content=b"PK"
    )
    return lambda: inquiries.take_bundle(made, w.dana)


DEEDS = {
    inquiries.ask: ask,
    inquiries.take_bundle: take_bundle,
    cancel.cancel_run: cancel_run,
    decide.decide: lambda w: lambda: decide.decide(w.oak, [choice(w)], WHY, w.dana),
    decide.take_back: take_back,
    held.approve: approve,
    held.dismiss: dismiss,
    import_settings.save_settings: save_settings,
    start.start_check: lambda w: lambda: start.start_check(w.oak, w.dana),
    start.start_test: lambda w: lambda: start.start_test(w.oak, w.dana),
    start.start_final: start_final,
    start.start_sync: lambda w: lambda: start.start_sync(w.oak, w.dana),
    undo.start_undo: start_undo,
    zones.use_no_schools_zone: lambda w: (
        lambda: zones.use_no_schools_zone(w.oak, w.dana)
    ),
}
