"""Tells how far a run is: to its progress row, and to whoever watches it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from staffimport import runs
from staffimport.errors import ClaimLost
from staffimport.models import ImportRun

logger = logging.getLogger(__name__)

BEAT_EVERY = 5.0
_WRITE_EVERY = 0.25
# Seconds; a shorter wait would be over before anybody had read of it.
_WORTH_TELLING = 2.0

Part = tuple[str, int, int | None]


@dataclass(frozen=True, slots=True)
class Report:
    """How far a run is: `done` of `total` (None if unknown) in one step.

    `parts` are the lists of a pull: name, done, total or None. `resumes_at` is when
    Clever is asked again, while it can't answer.
    """

    step: str
    done: int = 0
    total: int | None = None
    parts: tuple[Part, ...] = ()
    resumes_at: datetime | None = None


@dataclass(slots=True)
class Progress:
    """Writes reports to the database at most four times a second.

    Each write is a heartbeat, and raises ClaimLost when the run is no longer this
    worker's. `watch` gets every report. After `release`, which is due when the run has
    been applied, reports still reach `watch` and nothing is written.
    """

    run: ImportRun
    watch: Callable[[Report], None]
    _report: Report = Report("")
    _parts: tuple[Part, ...] = ()
    _written_at: float = 0.0
    _is_released: bool = False

    def step(self, name: str) -> None:
        """Begin a step ("pull", "place", "match", "plan", "apply", "prove")."""
        self._tell(Report(name), step=name, step_started_at=timezone.now())

    def count(self, done: int, total: int | None) -> None:
        """Say how much of the step is done."""
        self._pass_on(Report(self._report.step, done, total))

    def parts(self, parts: list[Part]) -> None:
        """Say how much of each list is pulled; the step's count is their sum."""
        self._parts = tuple(parts)
        totals = [total for _name, _done, total in parts if total is not None]
        self._pass_on(
            Report(
                self._report.step,
                sum(done for _name, done, _total in parts),
                sum(totals) if len(totals) == len(parts) else None,
                self._parts,
            )
        )

    def release(self) -> None:
        """Stop writing: the run has ended, only its proof is still to come."""
        self._is_released = True

    def pause(self, seconds: float) -> None:
        """Wait, as Clever asks at times; say so, and notice a cancel meanwhile."""
        report = self._report
        waiting = report
        if seconds >= _WORTH_TELLING:
            resumes_at = timezone.now() + timedelta(seconds=seconds)
            waiting = replace(report, resumes_at=resumes_at)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._tell(waiting)
            time.sleep(min(left, 1.0))
        self._tell(report)

    def _pass_on(self, report: Report) -> None:
        is_due = time.monotonic() - self._written_at >= _WRITE_EVERY
        if is_due or report.done == report.total:
            self._tell(report)
        else:
            self._report = report
            self.watch(report)

    def _tell(self, report: Report, **fields: object) -> None:
        self._report = report
        self._written_at = time.monotonic()
        if not self._is_released:
            runs.beat(
                self.run,
                timezone.now(),
                done=report.done,
                total=report.total,
                parts=self._parts,
                resumes_at=report.resumes_at,
                **fields,
            )
        self.watch(report)


class Heartbeat:
    """Beats from a thread of its own, through computing that reports nothing.

    A context manager; `every` is in seconds, None for no beats at all. It stops by
    itself when the run is no longer this worker's.
    """

    def __init__(self, run: ImportRun, every: float | None = BEAT_EVERY) -> None:
        self._run = run
        self._every = every
        self._stopped = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        """Start beating."""
        if self._every is not None:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        """Stop, and wait until the thread has closed its connection."""
        self._stopped.set()
        if self._every is not None:
            self._thread.join()

    def _beat(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                runs.beat(self._run, timezone.now())
            except ClaimLost:
                break  # the worker learns it at its own next report
            except DatabaseError as error:
                logger.warning("Run %s missed a heartbeat: %s", self._run.pk, error)
            finally:
                connection.close()
