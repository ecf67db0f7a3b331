"""One row of the results: as part of the table, and as a page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from schools.access import ConsoleRequest, manages_import
from staffimport.core.offers import bulk_kinds
from staffimport.core.values import DecisionKind
from staffimport.models import ImportResult, ImportRun
from staffimport.queries import words
from staffimport.queries.again import again
from staffimport.queries.bulk import bulk_buttons
from staffimport.queries.filters import as_number, kept, page_of
from staffimport.queries.story import Story, details_of, tell

State = ImportResult.State
GONE = (
    "These results were planned again since, and the row you clicked is of an older "
    "plan. Here are the newest results."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What to say in an opened row: the note typed, and why it was refused.

    `is_decided` says that it was decided just now, and `words` what there is to add.
    """

    note: str = ""
    refusal: str = ""
    is_decided: bool = False
    words: str = ""


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table, in words; `story` is set while it is open.

    `at` is its place on the page, counted from 0. `bulk` are the decisions that can be
    made about it and others at once. `is_extra` says that the page's filter would not
    have it: it was decided there just now.
    """

    row: ImportResult
    person: str
    place: str
    matched_by: str
    at: int = 0
    bulk: frozenset[DecisionKind] = frozenset()
    story: Story | None = None
    said: Said = NOTHING
    is_extra: bool = False

    @property
    def can_approve(self) -> bool:
        """Whether the row can be approved; a dismissal is taken back so."""
        return self.row.state in (State.HELD, State.DISMISSED)

    @property
    def can_pick(self) -> bool:
        """Whether something can be done with the row and others at once."""
        return self.can_approve or bool(self.bulk)


def lines_of(
    request: ConsoleRequest, run: ImportRun, rows: Sequence[ImportResult]
) -> list[Line]:
    """Return a page's rows in words, those open that its address names.

    A row decided just now (`row` with its place `at`) keeps its place, whether or not
    the filter would have it.
    """
    for row in rows:
        row.run = run
    named = request.GET.getlist("row")
    opened = _whole(run, named)
    lines = [
        _line(request, opened.pop(row.pk, row), is_open=str(row.pk) in named, at=at)
        for at, row in enumerate(rows)
    ]
    for name, at in zip(named, request.GET.getlist("at"), strict=False):
        pk, place = as_number(name), as_number(at) or 0
        if (extra := opened.pop(pk or 0, None)) is not None:
            line = _line(request, extra, is_open=True, at=place)
            lines.insert(place, replace(line, is_extra=True))
        lines = [
            replace(line, said=Said(is_decided=True)) if line.row.pk == pk else line
            for line in lines
        ]
    return lines


def bulk_of(lines: Sequence[Line]) -> dict[str, object]:
    """Return what can be done with several rows of a page at once."""
    kinds = {kind for line in lines for kind in line.bulk}
    return {
        "can_pick": any(line.can_pick for line in lines),
        "can_approve": any(line.can_approve for line in lines),
        "bulk_buttons": bulk_buttons(kinds),
    }


@require_safe
@manages_import
def row(request: ConsoleRequest, number: int, row: int) -> HttpResponse:
    """Show a row: its part of the table, closed with `close`, or a page of its own."""
    run = get_object_or_404(request.district.import_runs, pk=number)
    shown = _whole(run, [str(row)]).get(row)
    if shown is None:
        return row_gone(request, run, request.GET)
    if not request.htmx:
        return row_page(request, shown, request.GET)
    return show_row(request, shown, request.GET, is_open="close" not in request.GET)


def show_row(
    request: ConsoleRequest,
    row: ImportResult,
    page: QueryDict,
    said: Said = NOTHING,
    *,
    is_open: bool = True,
) -> HttpResponse:
    """Return a row's part of the table; `page` is the query string around it."""
    at = as_number(page.get("at", "")) or 0
    line = _line(request, row, is_open=is_open, at=at, said=said)
    return render(request, "staffimport/_row.html", _context(row, line, page))


def row_page(
    request: ConsoleRequest,
    row: ImportResult,
    page: QueryDict,
    said: Said = NOTHING,
) -> HttpResponse:
    """Show one row as a page of its own, for browsers without the script."""
    line = _line(request, row, is_open=True, said=said)
    return render(request, "staffimport/row.html", _context(row, line, page))


def row_gone(request: ConsoleRequest, run: ImportRun, page: QueryDict) -> HttpResponse:
    """Lead to the newest results if a row's plan is no longer kept; else a 404."""
    if not run.is_repeat or run.results.exists():
        raise Http404
    messages.warning(request, GONE)
    newest = again(run).newer or run
    url = reverse("staffimport:run", args=[newest.pk])
    address = f"{url}?{kept(page).urlencode()}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _whole(run: ImportRun, names: Sequence[str]) -> dict[int, ImportResult]:
    """Return rows of a run with all there is to tell of them, by primary key."""
    numbers = [number for name in names if (number := as_number(name)) is not None]
    if not numbers:
        return {}
    rows = run.results.filter(pk__in=numbers).select_related("school")
    found = {row.pk: row for row in rows}
    for row in found.values():
        row.run = run
    return found


def _line(
    request: ConsoleRequest,
    row: ImportResult,
    *,
    is_open: bool,
    at: int = 0,
    said: Said = NOTHING,
) -> Line:
    return Line(
        row,
        words.person(row),
        words.place(row),
        words.matched_by(row),
        at=at,
        bulk=_bulk(row),
        story=tell(request.district, row) if is_open else None,
        said=said,
    )


def _bulk(row: ImportResult) -> frozenset[DecisionKind]:
    if row.run.kind == ImportRun.Kind.UNDO:
        return frozenset()
    return bulk_kinds(row, details_of(row))


def _context(row: ImportResult, line: Line, page: QueryDict) -> dict[str, object]:
    here = page_of(page).urlencode()
    return {"run": row.run, "line": line, "here": here, "again": again(row.run)}
