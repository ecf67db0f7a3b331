"""Counts and sorts a run's rows before somebody opens its page."""

from staffimport.models import ImportRun
from staffimport.queries.facets import facets
from staffimport.queries.orders import COLUMNS, Order, ranked


def prepare(run: ImportRun) -> None:
    """Keep what the results page of a succeeded run asks for at first.

    At 100,000 rows that takes a second or two, for which nobody has to wait.
    """
    facets(run)
    for column in COLUMNS:
        ranked(run, Order(column))
