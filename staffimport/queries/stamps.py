"""What tells one standing of a run's rows from another, for what is kept in the cache.

Rows stay as their run stored them but for their state, which an admin's word or a newer
run changes. Each such change moves a row that is held, dismissed or superseded.
"""

from collections import Counter

from django.db.models import Count

from staffimport.models import ImportRun
from staffimport.queries.filters import SET_APART, set_apart

DAY = 24 * 3600


def stamp(run: ImportRun) -> str:
    """Return a key that is another one once the run has stored other rows."""
    ended = run.finished_at.timestamp() if run.finished_at else 0
    return f"{run.pk}-{ended}-{run.counts.get('rows', 0)}"


def set_apart_counts(run: ImportRun) -> Counter[str]:
    """Return how many rows of an ended run are held, dismissed and superseded now."""
    groups = set_apart(run).order_by().values_list("state").annotate(n=Count("pk"))
    return Counter({str(state): n for state, n in groups})


def state_stamp(run: ImportRun) -> str:
    """Return a key that is another one once a row of an ended run has another state."""
    apart = set_apart_counts(run)
    return "-".join([stamp(run), *(str(apart[state]) for state in SET_APART)])
