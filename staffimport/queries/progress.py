"""How far a run is, in the figures its page shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from staffimport.models import ImportRun, RunProgress
from staffimport.wording import (
    WAITS_FOR_CLEVER,
    WAITS_FOR_WORKER,
    steps_of,
    time_left,
)

_TAKEN_UP_WITHIN = timedelta(minutes=1)
"""A free worker takes a run up within seconds."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a run: done, now or later."""

    name: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Part:
    """One list of a pull: how much of it is read."""

    name: str
    done: int
    total: int | None

    @property
    def is_done(self) -> bool:
        """Whether the list was read to its end."""
        return self.total is not None and self.done >= self.total


@dataclass(frozen=True, slots=True)
class Look:
    """A run at one moment; empty strings and None where nothing is known yet."""

    step: str
    title: str
    lines: tuple[StepLine, ...]
    parts: tuple[Part, ...]
    done: int
    total: int | None
    percent: int | None
    rate: str
    left: str
    wait: str


def look(run: ImportRun, progress: RunProgress | None, now: datetime) -> Look:
    """Return where a queued or running run stands at `now`."""
    steps = steps_of(run)
    step = progress.step if progress else ""
    index = next((i for i, (name, _label) in enumerate(steps) if name == step), None)
    lines = tuple(
        StepLine(name, label, _state(i, index)) for i, (name, label) in enumerate(steps)
    )
    done, total = (progress.done, progress.total) if progress else (0, None)
    rate = _rate(progress, now) if progress else 0.0
    return Look(
        step=step if index is not None else "",
        title=_title(run, index),
        lines=lines,
        parts=tuple(Part(*part) for part in progress.parts) if progress else (),
        done=done,
        total=total,
        percent=min(100, done * 100 // total) if total else None,
        rate=f"{rate:,.0f} a second" if rate >= 1 else "",
        left=time_left((total - done) / rate) if total and rate else "",
        wait=_wait(run, progress, now),
    )


def _state(index: int, current: int | None) -> str:
    if current is None or index > current:
        return "later"
    return "now" if index == current else "done"


def _title(run: ImportRun, index: int | None) -> str:
    if run.state == ImportRun.State.QUEUED:
        return "Waits for its turn"
    if index is None:
        return "Begins"
    steps = steps_of(run)
    return f"Step {index + 1} of {len(steps)}: {steps[index][1]}"


def _wait(run: ImportRun, progress: RunProgress | None, now: datetime) -> str:
    """Return whom the run waits for: Clever, or a worker for long; else ""."""
    if run.state == ImportRun.State.QUEUED:
        is_long = run.requested_at < now - _TAKEN_UP_WITHIN
        return WAITS_FOR_WORKER if is_long else ""
    if progress is None or progress.resumes_at is None or progress.resumes_at <= now:
        return ""
    seconds = (progress.resumes_at - now).total_seconds()
    return f"{WAITS_FOR_CLEVER} {time_left(seconds)}."


def _rate(progress: RunProgress, now: datetime) -> float:
    """Return how many a second, since the step began."""
    if progress.step_started_at is None:
        return 0.0
    seconds = (now - progress.step_started_at).total_seconds()
    return progress.done / seconds if seconds >= 1 else 0.0
