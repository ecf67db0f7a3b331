"""The demo's two imports, carried out by the worker and watched from here."""

import subprocess
import sys
import time
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone
from rich.console import Console

from navsync.demo.processes import DemoFailedError, Processes
from navsync.demo.report import print_run
from navsync.demo.stage import (
    ACTOR,
    SignIn,
    let_admin_in,
    let_support_in,
    set_up_district,
)
from schools.models import District
from staffimport.models import ImportRun, RunProgress
from staffimport.services.start import start_final, start_test
from staffimport.terminal import ProgressView, report_of

PATIENCE = 60.0


def prepare(
    roster: str, folder: Path, clever: dict[str, str]
) -> tuple[District, SignIn, SignIn]:
    """Migrate, load the district, and return it with its admin's and our sign-in.

    `folder` takes the roster's CSV files; `clever` is what the stand-in said of
    itself.
    """
    call_command("migrate", interactive=False, verbosity=0)
    module, files = "clever.standin.naviance", str(folder)
    subprocess.run(  # noqa: S603 — our own module
        [sys.executable, "-m", module, "--roster", roster, "--out", files],
        check=True,
    )
    district = set_up_district(folder, clever["district_id"], clever["token"])
    return district, let_admin_in(district), let_support_in()


def import_district(console: Console, processes: Processes, district: District) -> None:
    """Run a test and then a final import through the worker, and print both."""
    for start in (start_test, start_final):
        run = start(district, ACTOR)
        console.rule(f"[bold]{run}[/bold]")
        _watch(console, processes, run)
        run.refresh_from_db()
        if run.state != ImportRun.State.SUCCEEDED:
            msg = f"{run} {run.get_state_display().lower()}: {run.error}"
            raise DemoFailedError(msg)
        print_run(console, run)


def _watch(console: Console, processes: Processes, run: ImportRun) -> None:
    """Show the run's progress until it has ended."""
    asked = timezone.now()
    with ProgressView(run, console) as view:
        while not _is_over(run):
            processes.check()
            progress = RunProgress.objects.filter(run=run).first()
            if progress is not None:
                view.show(report_of(progress))
            elif (timezone.now() - asked).total_seconds() > PATIENCE:
                msg = f"No worker took up {run} within {PATIENCE:.0f} seconds."
                raise DemoFailedError(msg)
            time.sleep(0.1)
            run.refresh_from_db()


def _is_over(run: ImportRun) -> bool:
    """Whether the run has ended, and is proven if it is one that is."""
    if run.state != ImportRun.State.SUCCEEDED or not run.applies:
        return run.has_ended
    return bool(run.proof) or any(n["kind"] == "unproven" for n in run.notices)
