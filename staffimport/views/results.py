"""The results of a run: counts, filters, rows, and the story of one row."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from schools.access import ConsoleRequest, manages_import
from staffimport.gate import TEST_LASTS, final_gate
from staffimport.models import ImportResult, ImportRun
from staffimport.queries import pages, words
from staffimport.queries.facets import (
    Facets,
    count_of,
    facets,
    held_groups,
    school_names,
)
from staffimport.queries.filters import DISTRICT_LEVEL, NO_KEYWORD, kept
from staffimport.queries.runs import open_test
from staffimport.queries.story import Story, tell
from staffimport.services.undo import undoable_run
from staffimport.wording import age, proof, summary

Outcome = ImportResult.Outcome
State = ImportResult.State
GROUPS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Chip:
    """A count that is a filter: kind, word, number, its link, whether it is on."""

    kind: str
    word: str
    count: int
    query: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Start:
    """Whether Start Import may be clicked: why not, else until when and how long."""

    reasons: tuple[str, ...]
    until: datetime
    left: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table, in words; `story` is set while it is open."""

    row: ImportResult
    person: str
    place: str
    matched_by: str
    story: Story | None = None

    @property
    def can_pick(self) -> bool:
        """Whether the row can be approved; a dismissal is taken back so."""
        return self.row.state in (State.HELD, State.DISMISSED)


def results_page(request: ConsoleRequest, run: ImportRun) -> HttpResponse:
    """Show the rows of a succeeded run, held ones first."""
    found = facets(run)
    filters = kept(request.GET)
    groups = held_groups(run)
    held = sum(group.count for group in groups)
    page = pages.page(
        run, request.GET, end=found.end, known_rows=_known(filters, found, held)
    )
    lines = [_line(request, row) for row in page.rows]
    shown_groups = groups[:GROUPS_SHOWN]
    context = {
        "run": run,
        "start": _start(run),
        "can_undo": run.applied_at is not None and undoable_run(run.district) == run,
        "summary": summary(run),
        "proof": proof(run),
        "held": held,
        "held_groups": [(g, words.reason(g.reason)) for g in shown_groups],
        "more_groups": max(0, len(groups) - len(shown_groups)),
        "chips": _chips(found, filters, held),
        "choices": _choices(run, found, {group.reason for group in groups}),
        "filters": filters,
        "page": page,
        "last_row": page.first + len(page.rows) - 1,
        "lines": lines,
        "can_pick": any(line.can_pick for line in lines),
        "all_rows": found.rows,
        "most_counted": pages.MOST_COUNTED,
    }
    return render(request, "staffimport/results.html", context)


@require_safe
@manages_import
def row(request: ConsoleRequest, number: int, row: int) -> HttpResponse:
    """Return one row of the table, opened, or closed again with `close`."""
    rows = ImportResult.objects.select_related("school", "run")
    shown = get_object_or_404(rows, run__district=request.district, run=number, pk=row)
    is_open = "close" not in request.GET
    context = {
        "run": shown.run,
        "line": line_of(request, shown, is_open=is_open),
        "filters": kept(request.GET),
    }
    return render(request, "staffimport/_row.html", context)


def line_of(request: ConsoleRequest, row: ImportResult, *, is_open: bool) -> Line:
    """Return a row in words, with its story if it is open."""
    return Line(
        row,
        words.person(row),
        words.place(row),
        words.matched_by(row),
        tell(request.district, row) if is_open else None,
    )


def _line(request: ConsoleRequest, row: ImportResult) -> Line:
    return line_of(request, row, is_open=request.GET.get("row") == str(row.pk))


def _start(run: ImportRun) -> Start | None:
    """Return whether a final may follow; None unless this is the test it follows."""
    if run.kind != ImportRun.Kind.TEST or open_test(run.district) != run:
        return None
    now = timezone.now()
    until = (run.pulled_at or now) + TEST_LASTS
    return Start(final_gate(run.district, now).reasons, until, age(now, until))


def _known(filters: QueryDict, found: Facets, held: int) -> int | None:
    """Return how many rows the filter leaves, if that is known without counting."""
    if dict(filters.items()) == {"state": State.HELD}:
        return held
    return count_of(found, filters)


def _chips(found: Facets, filters: QueryDict, held: int) -> list[Chip]:
    """Return all rows, each outcome, and held, which is a state and stands apart."""
    outcome, state = filters.get("outcome", ""), filters.get("state", "")
    rest = filters.copy()
    for name in ("outcome", "state"):
        rest.pop(name, None)

    def query(**chosen: str) -> str:
        narrowed = rest.copy()
        narrowed.update(chosen)
        return narrowed.urlencode()

    return [
        Chip("", "All rows", found.rows, query(), not outcome and not state),
        *(
            Chip(
                kind,
                str(kind.label),
                found.outcomes[kind],
                query(outcome=kind),
                outcome == kind,
            )
            for kind in _ORDER
        ),
        Chip("held", "Held", held, query(state="held"), state == "held"),
    ]


_ORDER = (
    Outcome.CREATED,
    Outcome.MATCHED,
    Outcome.INACTIVE,
    Outcome.REACTIVATED,
    Outcome.CONFLICT,
    Outcome.RELINK,
    Outcome.SKIPPED,
)


def _choices(
    run: ImportRun, found: Facets, held: set[str]
) -> dict[str, list[tuple[str, str]]]:
    """Return what each list of the filter offers: only what occurs in the run."""
    schools = school_names(run, found)
    keywords = sorted(keyword for keyword in found.keywords if keyword)
    none = [(NO_KEYWORD, "no keyword (default)")] if found.keywords[""] else []
    reasons = [(code, words.reason(code)) for code in {*found.reasons, *held} if code]
    return {
        "school": [
            (DISTRICT_LEVEL, "District level"),
            *((str(pk), name) for pk, name in schools.items()),
        ],
        "matched_by": [
            (str(by), word)
            for by, word in words.MATCHED_BY.items()
            if found.matched_by[by]
        ],
        "keyword": [*((keyword, keyword) for keyword in keywords), *none],
        "reason": sorted(reasons, key=lambda choice: choice[1]),
    }
