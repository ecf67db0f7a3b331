"""Child: one run of the product, from the request for it to its end and its proof."""

from collections.abc import Callable

from accounts.models import StaffAccount
from bench.child import BenchFailedError, Measured
from schools.audit import Actor
from schools.models import District
from staffimport.models import ImportRun
from staffimport.runner import carry_out
from staffimport.services.start import start_final, start_sync, start_test

# What comes when the run has ended, for pages: nobody waits for it.
AFTERWARDS = ("judge", "sum up")
_START: dict[str, Callable[..., ImportRun]] = {
    "test": start_test,
    "final": start_final,
    "sync": start_sync,
}


def main(kind: str) -> Measured:
    """Measure a "test", "final" or "sync"; parts hold its steps' seconds and counts.

    "written" is the number of accounts the run wrote, "afterwards" the seconds of what
    is done for pages when the run has ended: they are not in `seconds`.
    """
    district = District.objects.get()
    measured = Measured()
    with measured.clock():
        run = _START[kind](district, Actor("Benchmark"), send=False)
        run = carry_out(run.pk)
    if run.state != ImportRun.State.SUCCEEDED:
        msg = f"{run} {run.state}: {run.error}"
        raise BenchFailedError(msg)
    afterwards = sum(run.timings.get(step, 0) for step in AFTERWARDS)
    measured.seconds -= afterwards
    written = StaffAccount.objects.filter(updated_at__gte=run.started_at).count()
    measured.parts = {**run.timings, **run.counts}
    measured.parts |= {"written": written, "afterwards": afterwards}
    return measured
