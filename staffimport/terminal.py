"""Shows in a terminal how far a run is: a bar, or plain lines where there is none."""

from datetime import datetime
from types import TracebackType
from typing import Self

from django.utils import timezone
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from staffimport.models import ImportRun, RunProgress
from staffimport.progress import Report
from staffimport.wording import STEPS, WAITS_FOR_CLEVER, time_left


class ProgressView:
    """Takes reports of one run and shows them on `console`; a context manager.

    In a terminal each step has a bar; elsewhere each step, and each list that is
    pulled, has a line.
    """

    def __init__(self, run: ImportRun, console: Console) -> None:
        self._titles = dict(STEPS[run.kind])
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._step = ""
        self._bar: TaskID | None = None
        self._told: set[str] = set()
        self._waits_until: datetime | None = None

    def __enter__(self) -> Self:
        """Start showing."""
        if self._console.is_terminal:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was found, with the last state on it."""
        if error is None:
            self._fill_bar()
        if self._console.is_terminal:
            self._bars.stop()

    def show(self, report: Report) -> None:
        """Show one report."""
        if report.step != self._step:
            self._begin(report.step)
        self._tell_of_wait(report.resumes_at)
        if self._bar is not None:
            self._bars.update(
                self._bar,
                completed=report.done,
                total=report.total,
                count=_count(report.done, report.total),
            )
        else:
            self._list(report)

    def say(self, sentence: str) -> None:
        """Show a sentence."""
        self._console.print(sentence, highlight=False, markup=False)

    def _begin(self, step: str) -> None:
        self._fill_bar()
        self._step = step
        title = self._titles.get(step, step)
        if self._console.is_terminal:
            self._bar = self._bars.add_task(title, total=None, count="")
        elif title:
            self.say(title)

    def _fill_bar(self) -> None:
        """Show the step that is over as done, also one that counts nothing."""
        if self._bar is None:
            return
        task = self._bars.tasks[self._bar]
        total = task.total or task.completed or 1
        self._bars.update(self._bar, completed=total, total=total)

    def _tell_of_wait(self, until: datetime | None) -> None:
        """Say once of each wait that Clever can't answer, and how long it takes."""
        if until is not None and until != self._waits_until:
            left = time_left((until - timezone.now()).total_seconds())
            self.say(f"  {WAITS_FOR_CLEVER} {left}.")
        self._waits_until = until

    def _list(self, report: Report) -> None:
        """Say of each list that it is pulled, once."""
        for name, done, total in report.parts:
            if done and done == total and name not in self._told:
                self._told.add(name)
                self.say(f"  {name}: {done:,}")


def report_of(progress: RunProgress) -> Report:
    """Return what a run that somebody else carries out last reported."""
    parts = tuple((name, done, total) for name, done, total in progress.parts)
    return Report(
        progress.step, progress.done, progress.total, parts, progress.resumes_at
    )


def _count(done: int, total: int | None) -> str:
    if total is None:
        return f"{done:,}" if done else ""
    return f"{done:,} of {total:,}"
