"""Keeps what pages ask of all of a run's rows, once the run has ended.

Otherwise whoever opens the results of 100,000 rows would wait until all are counted,
sorted and compared.
"""

import logging
import time

from staffimport import runs
from staffimport.models import ImportRun, RunSummary
from staffimport.queries import comparison
from staffimport.queries.facets import count_rows, kept_as
from staffimport.queries.orders import COLUMNS, sort_rows
from staffimport.queries.runs import to_compare_with

logger = logging.getLogger(__name__)


def sum_up_ended(run: ImportRun) -> None:
    """Sum up a run if it has succeeded, whatever comes of it: nobody waits for it."""
    if run.state != ImportRun.State.SUCCEEDED:
        return
    start = time.perf_counter()
    try:
        sum_up(run)
    except Exception:  # the run has succeeded: its pages only take longer
        logger.exception("Summing up run %s failed unexpectedly.", run.pk)
    took = round(time.perf_counter() - start, 3)
    runs.annotate(run, timings={**run.timings, "sum up": took})


def sum_up(run: ImportRun) -> None:
    """Keep counts and orders of a succeeded run's rows, and how it differs.

    A test or a final is compared with the run one would compare it with.
    """
    if run.kind == ImportRun.Kind.CHECK:
        return
    orders = {f"by_{column}": sort_rows(run, column).tobytes() for column in COLUMNS}
    facets = kept_as(count_rows(run))
    RunSummary.objects.update_or_create(run=run, defaults={"facets": facets, **orders})
    if run.kind in (ImportRun.Kind.TEST, ImportRun.Kind.FINAL):
        first = to_compare_with(run)
        if first is not None:
            comparison.keep(first, run)
