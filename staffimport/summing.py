"""Keeps what pages ask of all of a run's rows, once the run has ended.

Otherwise whoever opens the results of 100,000 rows would wait until all are counted,
sorted and compared.
"""

from staffimport.models import ImportRun, RunSummary
from staffimport.queries import comparison
from staffimport.queries.facets import count_rows, kept_as
from staffimport.queries.orders import COLUMNS, sort_rows
from staffimport.queries.runs import to_compare_with


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
