"""Run a test import, a final import or a sync here and now, without a worker."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand
from schools.files import check_writable, open_for_writing
from schools.models import District
from staffimport import sweeping, tasks
from staffimport.errors import StaffImportError, TooLate
from staffimport.exports import write_json
from staffimport.foreground import follow
from staffimport.models import ImportResult, ImportRun
from staffimport.services.cancel import cancel_run
from staffimport.services.start import start_final, start_sync, start_test
from staffimport.terminal import ProgressView
from staffimport.wording import summary

SOME_HELD = 3

Kind = ImportRun.Kind


class Command(DistrictCommand):
    """`import_staff SLUG --test|--final|--sync [--include-held] [--json FILE]`."""

    help = (
        "Carry out an import here and now. Exit code 0: done; 1: failed, with a "
        "sentence on stderr; 2: wrong use; 3: done, but some rows are held."
    )
    failures = (*DistrictCommand.failures, StaffImportError)

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the kind of import, and where to write its results."""
        super().add_arguments(parser)
        kind = parser.add_mutually_exclusive_group(required=True)
        for choice, words in (
            (Kind.TEST, "plan the import and change nothing"),
            (Kind.FINAL, "apply what the newest test showed"),
            (Kind.SYNC, "bring the accounts in step with Clever"),
        ):
            kind.add_argument(
                f"--{choice}",
                dest="kind",
                action="store_const",
                const=choice,
                help=words,
            )
        parser.add_argument(
            "--include-held",
            action="store_true",
            help="with --final: apply the removals that the brake would hold, too",
        )
        parser.add_argument(
            "--json", metavar="FILE", help="write the results to a file"
        )

    def act(self, **options: Any) -> None:
        """Carry out the import, show how far it is, and say what it did."""
        if options["include_held"] and options["kind"] != Kind.FINAL:
            raise CommandError("--include-held goes with --final only.", returncode=2)
        path = Path(options["json"]) if options["json"] else None
        if path is not None:
            check_writable(path)
        district = self.district(options["slug"])
        begun = timezone.now()
        sweeping.sweep(begun, district)  # a run whose program died is in nobody's way
        run = _start(district, options["kind"], include_held=options["include_held"])
        with _quiet_log(talkative=options["verbosity"] > 1):
            run = self._carried_out(run, begun)
        if path is not None:
            with open_for_writing(path) as file:
                write_json(run, run.results.all(), file)
        self._tell(run)

    def _carried_out(self, run: ImportRun, begun: datetime) -> ImportRun:
        """Return the run when it has ended; Ctrl-C cancels one asked for here."""
        with ProgressView(run, Console()) as view:
            try:
                return follow(run, view)
            except KeyboardInterrupt:
                if run.requested_at >= begun:
                    self._cancel(run)
                sentence = f"You stopped watching {run}; it goes on."
                raise CommandError(sentence) from None
            finally:
                tasks.send_next(run.district_id)

    def _cancel(self, run: ImportRun) -> None:
        try:
            cancel_run(run, COMMAND_LINE)
        except TooLate as error:
            raise CommandError(error.user_message) from None
        sentence = f"{run} is cancelled. Nothing was changed in any account."
        raise CommandError(sentence)

    def _tell(self, run: ImportRun) -> None:
        """Say what became of the run, and end with the contract's exit code."""
        for notice in run.notices:
            self.stdout.write(f"Notice: {notice['text']}")
        if run.state != ImportRun.State.SUCCEEDED:
            raise CommandError(summary(run))
        seconds = sum(run.timings.values())
        self.stdout.write(f"{run} is done, in {seconds:.1f} s. {summary(run)}")
        held = run.results.filter(state=ImportResult.State.HELD).count()
        if held:
            self.stdout.write(f"{held:,} held rows wait to be approved or dismissed.")
            sys.exit(SOME_HELD)


@contextmanager
def _quiet_log(*, talkative: bool) -> Iterator[None]:
    """Keep the log's lines from between the bars; only bugs are shown."""
    loggers = [logging.getLogger(name) for name in ("staffimport", "clever")]
    levels = [logger.level for logger in loggers]
    if not talkative:
        for logger in loggers:
            logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _start(district: District, kind: str, *, include_held: bool) -> ImportRun:
    """Queue the run, for this program to carry out."""
    if kind == Kind.FINAL:
        return start_final(
            district, COMMAND_LINE, include_held=include_held, send=False
        )
    start = start_test if kind == Kind.TEST else start_sync
    return start(district, COMMAND_LINE, send=False)
