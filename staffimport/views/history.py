"""The import history: every run of the district, what it did, and who asked for it."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.access import ConsoleRequest, manages_import
from staffimport.models import ImportRun
from staffimport.queries import runs as queries
from staffimport.queries.chips import Chip
from staffimport.queries.filters import as_number
from staffimport.queries.runs import RunPage
from staffimport.services.undo import undoable_run
from staffimport.wording import summary, took

Kind = ImportRun.Kind
State = ImportRun.State
FILTERS = ("kind", "state", "with")  # "with": the run another is looked for to compare


@dataclass(frozen=True, slots=True)
class Line:
    """One run in words: what it did and how long it took, and what can be done."""

    run: ImportRun
    summary: str
    took: str
    can_undo: bool
    can_compare: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The query strings of other pages under the same filter ("" if there is none)."""

    first_page: str
    previous: str
    next: str
    last: str


@require_safe
@manages_import
def history(request: ConsoleRequest) -> HttpResponse:
    """Show the import history, page by page; `kind` and `state` filter it."""
    params = request.GET
    filters = _filters(params)
    kind, state = filters.get("kind", ""), filters.get("state", "")
    before = as_number(params.get("before", ""))
    after = as_number(params.get("after", ""))
    last = "last" in params
    page = queries.history(
        request.district, before=before, after=after, last=last, kind=kind, state=state
    )
    counts = queries.run_counts(request.district)
    other = _compared_with(request)
    context = {
        "lines": _lines(request, page.runs, other),
        "newest": page.runs[0].pk if page.runs else None,
        "oldest": page.runs[-1].pk if page.runs else None,
        "page": _pages(page, filters),
        "kinds": _kinds(filters, counts),
        "states": _states(filters, counts),
        "filters": filters,
        "is_filtered": bool(kind or state),
        "all_runs": counts.total(),
        "other": other,
    }
    return render(request, "staffimport/history.html", context)


def _filters(params: QueryDict) -> QueryDict:
    """Return the filter of a query string; what isn't known is left out."""
    known = {"kind": Kind.values, "state": State.values}
    filters = params.copy()
    for name, value in list(filters.items()):
        if name not in FILTERS or str(value) not in known.get(name, [str(value)]):
            del filters[name]
    return filters


def _compared_with(request: ConsoleRequest) -> ImportRun | None:
    """Return the run that another one is looked for to compare it with."""
    number = as_number(request.GET.get("with", ""))
    if number is None:
        return None
    return queries.comparable(request.district).filter(pk=number).first()


def _lines(
    request: ConsoleRequest, runs: list[ImportRun], other: ImportRun | None
) -> list[Line]:
    undoable = undoable_run(request.district)
    kinds = (Kind.TEST, Kind.FINAL, Kind.SYNC)
    return [
        Line(
            run=run,
            summary=summary(run),
            took=took(run),
            can_undo=run == undoable,
            can_compare=run.state == State.SUCCEEDED
            and run.kind in kinds
            and run != other,
        )
        for run in runs
    ]


def _pages(page: RunPage, filters: QueryDict) -> Pages:
    def link(place: str) -> str:
        return "&".join(filter(None, [filters.urlencode(), place])) if place else ""

    return Pages(
        first_page=f"?{filters.urlencode()}",
        previous=link(page.previous),
        next=link(page.next),
        last=link(page.last),
    )


def _kinds(filters: QueryDict, counts: Counter[tuple[str, str]]) -> list[Chip]:
    """Return all runs and each kind; it leaves the state that is chosen on."""
    of_kind: Counter[str] = Counter()
    for (kind, _state), n in counts.items():
        of_kind[kind] += n
    is_all = not filters.get("kind") and not filters.get("state")
    everything = Chip("", "All runs", counts.total(), _with(filters), is_all)
    shown = (Kind.TEST, Kind.FINAL, Kind.SYNC, Kind.UNDO, Kind.CHECK)
    return [
        everything,
        *(_chip(filters, "kind", kind, of_kind[kind], kind.label) for kind in shown),
    ]


def _states(filters: QueryDict, counts: Counter[tuple[str, str]]) -> list[Chip]:
    """Return the states runs end in, and those under way if there are some."""
    in_state: Counter[str] = Counter()
    for (_kind, state), n in counts.items():
        in_state[state] += n
    ended = [State.SUCCEEDED, State.FAILED, State.CANCELLED]
    moving = [state for state in (State.RUNNING, State.QUEUED) if in_state[state]]
    return [
        _chip(filters, "state", state, in_state[state], state.label)
        for state in (*ended, *moving)
    ]


def _chip(
    filters: QueryDict, name: str, value: Kind | State, count: int, word: object
) -> Chip:
    is_on = filters.get(name, "") == value
    chosen = {k: filters.get(k, "") for k in ("kind", "state")}
    chosen[name] = "" if is_on else str(value)
    return Chip(str(value), str(word), count, _with(filters, **chosen), is_on)


def _with(filters: QueryDict, **chosen: str) -> str:
    query = filters.copy()
    for name in ("kind", "state"):
        query.pop(name, None)
    for name, value in chosen.items():
        if value:
            query[name] = value
    return query.urlencode()
