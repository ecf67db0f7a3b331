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
from staffimport.queries import chips, pages, words
from staffimport.queries.choices import choices_of
from staffimport.queries.facets import Facets, HeldGroup, count_of, facets, held_groups
from staffimport.queries.filters import filter_of, kept, page_of
from staffimport.queries.orders import (
    heads,
    order_choices,
    order_of,
    order_words,
)
from staffimport.queries.runs import open_test, to_compare_with
from staffimport.queries.stamps import state_counts
from staffimport.queries.story import Story, tell
from staffimport.services.undo import undoable_run
from staffimport.wording import age, proof, summary

State = ImportResult.State
HeldReason = ImportResult.HeldReason
GROUPS_SHOWN = 8


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
    params = request.GET
    found, groups = facets(run), held_groups(run)
    page = pages.page(
        run, params, end=found.end, known_rows=_known(params, found, groups)
    )
    lines = [_line(request, row) for row in page.rows]
    choices = choices_of(run, found, {group.reason for group in groups})
    context = {
        "run": run,
        **_start(run),
        "can_undo": run.applied_at is not None and undoable_run(run.district) == run,
        "compare_with": to_compare_with(run),
        "summary": summary(run),
        "proof": proof(run),
        **_held(groups),
        "outcomes": chips.outcome_chips(params, found),
        "states": chips.state_chips(params, run, state_counts(run)),
        "taken": chips.taken(params, choices),
        "choices": choices,
        "filters": kept(params),
        "is_filtered": bool(filter_of(params)),
        "order": order_of(params),
        "order_words": order_words(order_of(params)),
        "orders": order_choices(),
        "unsorted": filter_of(params).urlencode(),
        "heads": heads(kept(params)),
        "here": page_of(params).urlencode(),
        "page": page,
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
        "here": page_of(request.GET).urlencode(),
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


def _start(run: ImportRun) -> dict[str, object]:
    """Return whether a final may follow: nothing unless this is the test it follows."""
    if run.kind != ImportRun.Kind.TEST or open_test(run.district) != run:
        return {}
    now = timezone.now()
    until = (run.pulled_at or now) + TEST_LASTS
    gate = final_gate(run.district, now)
    return {"gate": gate, "start": Start(gate.reasons, until, age(now, until))}


def _known(params: QueryDict, found: Facets, groups: list[HeldGroup]) -> int | None:
    """Return how many rows the filter leaves, if that is known without counting."""
    filters = filter_of(params)
    if dict(filters.items()) == {"state": State.HELD}:
        return sum(group.count for group in groups)
    return count_of(found, filters)


def _held(groups: list[HeldGroup]) -> dict[str, object]:
    """Return what the page says of the rows that are held."""
    shown = groups[:GROUPS_SHOWN]
    changed = (g.count for g in groups if g.reason == HeldReason.CHANGED)
    return {
        "held": sum(group.count for group in groups),
        "held_groups": [(group, words.reason(group.reason)) for group in shown],
        "more_groups": len(groups) - len(shown),
        "changed_since_test": sum(changed),
    }
