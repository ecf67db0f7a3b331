"""What tells one standing of a run's rows from another, for what is kept in the cache.

Rows stay as their run stored them but for their state, which an admin's word or a newer
run changes. Each such change takes a row out of the held ones or puts it among the
dismissed.
"""

from collections import Counter

from django.core.cache import cache
from django.db.models import Count

from staffimport.models import ImportResult, ImportRun
from staffimport.queries.filters import set_apart

DAY = 24 * 3600
State = ImportResult.State


def stamp(run: ImportRun) -> str:
    """Return a key that is another one once the run has stored other rows."""
    ended = run.finished_at.timestamp() if run.finished_at else 0
    return f"{run.pk}-{ended}-{run.counts.get('rows', 0)}"


def set_apart_counts(run: ImportRun) -> Counter[str]:
    """Return how many rows of an ended run are held and how many dismissed."""
    groups = set_apart(run).order_by().values_list("state").annotate(n=Count("pk"))
    return Counter({str(state): n for state, n in groups})


def state_stamp(run: ImportRun) -> str:
    """Return a key that is another one once a row of an ended run has another state."""
    return _state_stamp(run, set_apart_counts(run))


def state_counts(run: ImportRun) -> Counter[str]:
    """Return how many rows of an ended run are in each state now.

    Of a run that was not applied only the held and the dismissed ones are told: the
    others all wait for a final.
    """
    apart = set_apart_counts(run)
    if run.applied_at is None:
        return apart
    key = f"states-{_state_stamp(run, apart)}"
    found: Counter[str] | None = cache.get(key)
    if found is None:
        groups = run.results.order_by().values_list("state").annotate(n=Count("pk"))
        found = Counter({str(state): n for state, n in groups})
        cache.set(key, found, timeout=DAY)
    return found


def _state_stamp(run: ImportRun, apart: Counter[str]) -> str:
    return f"{stamp(run)}-{apart[State.HELD]}-{apart[State.DISMISSED]}"
