"""Runs in words: their steps, what they did, how long is left."""

from datetime import datetime, timedelta

from staffimport.core.comparing import Difference
from staffimport.core.explain import listed
from staffimport.models import ImportRun

Kind = ImportRun.Kind
State = ImportRun.State

PULL = "Pull from Clever"
STEPS: dict[str, list[tuple[str, str]]] = {
    Kind.CHECK: [("pull", PULL)],
    Kind.TEST: [
        ("pull", PULL),
        ("place", "Place people at schools"),
        ("match", "Match with Naviance accounts"),
        ("plan", "Plan every row and check the brake"),
    ],
    Kind.UNDO: [("apply", "Take the import back")],
}
STEPS[Kind.FINAL] = STEPS[Kind.SYNC] = [
    *STEPS[Kind.TEST],
    ("apply", "Apply: change the accounts"),
    ("prove", "Prove: plan again and compare"),
]


def steps_of(run: ImportRun) -> list[tuple[str, str]]:
    """Return the steps of a run; one that plans a test again doesn't ask Clever."""
    steps = STEPS[run.kind]
    return steps[1:] if run.is_repeat else steps


WAITS_FOR_WORKER = (
    "It waits for another import to end, or for a free worker, and then begins by "
    "itself. If it has not begun in a quarter of an hour, tell Naviance Support."
)
WAITS_FOR_CLEVER = "Clever can’t answer just now; it is asked again in"

PROGRESS_LABELS = {
    Kind.TEST: "Check Test Import Progress",
    Kind.FINAL: "Check Final Import Progress",
}
CANCEL_LABELS = {Kind.TEST: "Cancel this test", Kind.FINAL: "Cancel this import"}

# What a run did, in the order people ask for it.
TOLD = (
    ("created", "created"),
    ("matched", "matched"),
    ("inactive", "inactive"),
    ("reactivated", "reactivated"),
    ("relink", "to relink"),
    ("skipped", "skipped"),
    ("conflict", "in conflict"),
)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 row", "1,400 rows"."""
    word = noun if number == 1 else plural or f"{noun}s"
    return f"{number:,} {word}"


NOTHING_CHANGED = "Nothing changed."
WITHOUT_RESULTS = {
    State.QUEUED: "Waits for its turn.",
    State.RUNNING: "Under way.",
    State.CANCELLED: "Cancelled. Nothing was changed in any account.",
}


DIFFERENCES = {
    Difference.OUTCOME: "Another outcome",
    Difference.CHANGE: "Another change",
    Difference.STATE: "Another state",
    Difference.REASON: "Another reason",
}


def difference(kind: Difference, first: ImportRun, second: ImportRun) -> str:
    """Return how two runs differ about a row: "Only in Test import 12"."""
    if kind in DIFFERENCES:
        return DIFFERENCES[kind]
    return f"Only in {first if kind is Difference.ONLY_FIRST else second}"


def about_left_out(first: ImportRun, second: ImportRun, number: int) -> str:
    """Return what it means for a comparison that a run is a sync, "" if none is.

    `number` is how many rows are left out for it.
    """
    verb = "is" if number == 1 else "are"
    left_out = f"{counted(number, 'row')} {verb} left out"
    match (first.kind == Kind.SYNC, second.kind == Kind.SYNC):
        case (False, False):
            return ""
        case (True, False):
            return f"{left_out}: {first} would not have kept them."
        case (False, True):
            return (
                f"{left_out}: {first} changes nothing there, or has done it itself, so "
                f"{second} had nothing to keep."
            )
    return f"{left_out}: the other sync would not have kept them."


def summary(run: ImportRun) -> str:
    """Return one sentence or two that say what a run did, or why it did nothing."""
    if run.state == State.FAILED:
        return run.error
    if run.state != State.SUCCEEDED:
        return WITHOUT_RESULTS[State(run.state)]
    if run.kind == Kind.CHECK:
        return "Clever’s data was read. Nothing was changed."
    if run.kind == Kind.UNDO:
        return f"Took back run {run.base_run_id}." if run.base_run_id else "Undone."
    again = f"Run {run.base_run_id}, planned again." if run.is_repeat else ""
    return " ".join(filter(None, [again, _what_it_did(run), proof(run)]))


def proof(run: ImportRun) -> str:
    """Return the proof line of an applied run, "" if it has none."""
    sentence = run.proof.get("sentence", "")
    return f"{sentence}." if sentence else ""


def time_left(seconds: float) -> str:
    """Return a rough duration as people say it: "about 30 seconds"."""
    if seconds < 10:  # noqa: PLR2004 — finer would flicker
        return "a few seconds"
    if seconds < 90:  # noqa: PLR2004
        return f"about {round(seconds / 10) * 10} seconds"
    minutes = round(seconds / 60)
    if minutes < 90:  # noqa: PLR2004
        return f"about {counted(minutes, 'minute')}"
    return f"about {counted(round(minutes / 60), 'hour')}"


def took(run: ImportRun) -> str:
    """Return how long a run has worked: "8 seconds", "" if it has not ended."""
    if run.started_at is None or run.finished_at is None:
        return ""
    seconds = max(1, round((run.finished_at - run.started_at).total_seconds()))
    if seconds < 120:  # noqa: PLR2004 — as below
        return counted(seconds, "second")
    return age(run.started_at, run.finished_at)


def age(since: datetime, now: datetime) -> str:
    """Return how long something took or is old: "7 minutes", "3 days"."""
    passed = max(now - since, timedelta())
    if passed < timedelta(minutes=1):
        return "less than a minute"
    if passed < timedelta(hours=2):
        return counted(round(passed.total_seconds() / 60), "minute")
    if passed < timedelta(days=2):
        return counted(round(passed.total_seconds() / 3600), "hour")
    return counted(passed.days, "day")


def _what_it_did(run: ImportRun) -> str:
    counts = run.counts
    if run.kind == Kind.SYNC:
        changed = counts.get("writes", 0)
        told = f"{counted(changed, 'account')} changed." if changed else NOTHING_CHANGED
        return told + _held(counts.get("held", 0))
    return rows_in_words(counts)


def rows_in_words(counts: dict[str, int]) -> str:
    """Return the rows of a plan: "43 rows: 1 created and 42 matched. 2 of them …"."""
    rows = counted(counts.get("rows", 0), "row")
    parts = [f"{counts[key]:,} {word}" for key, word in TOLD if counts.get(key)]
    told = f"{rows}: {listed(parts)}." if parts else f"{rows}."
    return told + _held(counts.get("held", 0), of_them=True)


def _held(number: int, *, of_them: bool = False) -> str:
    """Return that rows are held, "" if none is."""
    if not number:
        return ""
    rows = f"{number:,} of them" if of_them else counted(number, "row")
    return f" {rows} {'is' if number == 1 else 'are'} held."
