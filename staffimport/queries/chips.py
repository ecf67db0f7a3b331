"""The counts above a run's rows, each a filter, and the filters that are on."""

from collections import Counter
from dataclasses import dataclass

from django.http import QueryDict

from staffimport.models import ImportResult, ImportRun
from staffimport.queries.choices import Choices
from staffimport.queries.facets import Facets
from staffimport.queries.filters import filter_of, kept

Outcome = ImportResult.Outcome
State = ImportResult.State

_OUTCOMES = (
    Outcome.CREATED,
    Outcome.MATCHED,
    Outcome.INACTIVE,
    Outcome.REACTIVATED,
    Outcome.CONFLICT,
    Outcome.RELINK,
    Outcome.SKIPPED,
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A count that is a filter: kind, word, number, its link, whether it is on."""

    kind: str
    word: str
    count: int
    query: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A filter that is on: what it filters by, its value, the link without it."""

    name: str
    value: str
    query: str


def outcome_chips(params: QueryDict, found: Facets) -> list[Chip]:
    """Return all rows and each outcome; each leaves the other filters on."""
    now = params.get("outcome", "")
    is_all = not now and not params.get("state")
    everything = with_filter(params, outcome="", state="")
    return [
        Chip("", "All rows", found.rows, everything, is_all),
        *(
            _chip(params, "outcome", kind, found.outcomes[kind], str(kind.label))
            for kind in _OUTCOMES
        ),
    ]


def state_chips(params: QueryDict, run: ImportRun, states: Counter[str]) -> list[Chip]:
    """Return the held rows and, where there are some, those in other states."""
    shown = [State.HELD]
    if run.applied_at is not None:
        shown.append(State.APPLIED)
    others = (State.DISMISSED, State.SUPERSEDED)
    now = params.get("state", "")
    shown += [state for state in others if states[state] or state == now]
    return [
        _chip(params, "state", state, states[state], str(state.label))
        for state in shown
    ]


def taken(params: QueryDict, choices: Choices) -> list[Taken]:
    """Return the filters that are on, in the order of the page."""
    return [
        Taken(name, value, with_filter(params, **{field: ""}))
        for field, name, value in choices.named(filter_of(params))
    ]


def _chip(
    params: QueryDict, field: str, kind: Outcome | State, count: int, word: str
) -> Chip:
    is_on = params.get(field, "") == kind
    query = with_filter(params, **{field: "" if is_on else str(kind)})
    return Chip(str(kind), word, count, query, is_on)


def with_filter(params: QueryDict, **chosen: str) -> str:
    """Return the query string of the first page with filters set, or "" taken off."""
    narrowed = kept(params)
    for field, value in chosen.items():
        narrowed.pop(field, None)
        if value:
            narrowed[field] = value
    return narrowed.urlencode()
