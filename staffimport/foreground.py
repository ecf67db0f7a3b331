"""Carries runs out here and now, for a command that waits for the end."""

import time

from django.utils import timezone

from staffimport import runner, runs, sweeping
from staffimport.models import ImportRun
from staffimport.terminal import ProgressView, report_of
from staffimport.wording import summary

_LOOK_EVERY = 0.5  # seconds, while somebody else's run is in the way


def follow(run: ImportRun, view: ProgressView) -> ImportRun:
    """Carry the run out, or show how far somebody else is with it, to its end.

    Runs that were asked for earlier and that nobody carries out come first, here.
    """
    waits_for = None
    while True:
        run = runner.carry_out(run.pk, view.show)
        if run.has_ended:
            return run
        first = sweeping.next_queued(run.district_id)
        if run.state == ImportRun.State.RUNNING:
            view.show(report_of(run.progress))
        elif first is None and waits_for != 0:
            waits_for = 0
            view.say("Another import of this district is running; this one waits.")
        elif first is not None and first != run.pk:
            if waits_for != first:
                waits_for = first
                view.say(f"{runs.load(first)} was asked for before, so it comes first.")
            earlier = runner.carry_out(first)
            if earlier.has_ended:
                view.say(f"{earlier}: {summary(earlier)}")
                continue
        time.sleep(_LOOK_EVERY)
        sweeping.sweep(timezone.now(), run.district)
