"""Match Schools: the list, choices that aren't saved yet, and saving them all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from schools.access import ConsoleRequest, actor_of, manages_import
from schools.errors import RefusedError
from schools.models import School
from schools.queries.books import Books, Candidate, read_books
from schools.queries.match_rows import (
    SHOW_WORDS,
    Row,
    Section,
    Show,
    fits,
    free_schools,
    match_rows,
)
from schools.services.match_edits import Judged, MatchEdit, judge, save_edits
from schools.views.page_state import Deed, PageState, read_deed, read_state

ROWS_ON_PAGE = 100
NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The open choice of one row: what is suggested, what else is free, the picked."""

    row: Row
    suggestions: list[Candidate]
    free: list[School]
    fitting: list[School]
    picked: int
    error: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@manages_import
def match_schools(request: ConsoleRequest) -> HttpResponse:
    """Show the list of matches; sent, do what the pressed button says.

    Only "Save Updated Matches" writes: all else changes what the page carries.
    """
    if request.method != "POST":
        state = read_state(request.GET)
        return _page(request, state, read_books(request.district))
    state, deed = read_state(request.POST), read_deed(request.POST)
    if deed.verb == "save":
        return _save(request, state)
    if deed.verb == "discard":
        return _anew(request, state.closed())
    books = read_books(request.district)
    told = _Told(focus=deed.row if deed.verb in _STAY_ON_ROW else 0)
    if change := _DEEDS.get(deed.verb):
        state = change(state, deed)
    elif deed.verb == "keep":
        state, error = _keep(state, deed, books)
        told = replace(told, choice_error=error)
    return _page(request, state, books, told)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says of the button just pressed, and the row that gets focus."""

    problems: tuple[str, ...] = ()
    choice_error: str = ""
    tried_to_save: bool = False
    focus: int = 0


def _save(request: ConsoleRequest, state: PageState) -> HttpResponse:
    """Save all edits and show the list anew; where that fails nothing is saved."""
    edits = list(state.edits.values())
    told = _Told(tried_to_save=True)
    try:
        saved, judged = save_edits(request.district, edits, actor_of(request))
    except RefusedError as refusal:
        problem = f"Nothing was saved. {refusal.user_message}"
        told = replace(told, problems=(problem,))
    else:
        if not judged.obstacles and not judged.gone:
            _tell_saved(request, saved)
            return _anew(request, state)
    return _page(request, state, read_books(request.district), told)


def _tell_saved(request: ConsoleRequest, saved: int) -> None:
    if saved:
        what = "1 match is" if saved == 1 else f"{saved:,} matches are"
        messages.success(request, f"{what} saved, used from the next test on.")
    else:
        messages.info(request, "Nothing to save: the matches are so already.")


def _anew(request: ConsoleRequest, state: PageState) -> HttpResponse:
    """Show the page anew without any edit, also where htmx asked for a part of it."""
    address = _address(state)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _choose(state: PageState, deed: Deed) -> PageState:
    return state.opened(deed.row, deed.seen)


def _reset(state: PageState, deed: Deed) -> PageState:
    edit = MatchEdit(deed.row, base=deed.seen, wanted=0)
    return state.with_edit(edit).opened(deed.row, deed.seen)


def _undo(state: PageState, deed: Deed) -> PageState:
    closed = state.closed() if state.open == deed.row else state
    return closed.without_edit(deed.row)


def _insist(state: PageState, deed: Deed) -> PageState:
    """Make an edit again on top of what somebody else saved, now that it is seen."""
    edit = state.edits.get(deed.row)
    return state.with_edit(replace(edit, base=deed.seen)) if edit else state


def _turn(state: PageState, deed: Deed) -> PageState:
    return replace(state, page=deed.row)


_DEEDS: dict[str, Callable[[PageState, Deed], PageState]] = {
    "choose": _choose,
    "reset": _reset,
    "undo": _undo,
    "insist": _insist,
    "page": _turn,
    "close": lambda state, _deed: state.closed(),
    "apply": lambda state, _deed: replace(state, page=1),
}


# After these the row they were about has the focus.
_STAY_ON_ROW = ("keep", "undo", "insist", "close")


def _keep(state: PageState, deed: Deed, books: Books) -> tuple[PageState, str]:
    """Keep the picked school among what isn't saved, or say why it can't be."""
    judged = _judge(state, books)
    if deed.row not in books.clever_schools:
        return state.closed(), ""
    if not state.choice:
        return state, "Choose a school first."
    if state.choice not in books.schools:
        return state, "That school is gone from Naviance. Choose another one."
    free = {school.pk for school in free_schools(books, judged, deed.row)}
    if state.choice not in free:
        school = books.schools[state.choice]
        return state, f"{school} has another match meanwhile. Choose another school."
    edit = MatchEdit(deed.row, base=state.seen, wanted=state.choice)
    return state.with_edit(edit).closed(), ""


def _judge(state: PageState, books: Books) -> Judged:
    edits = list(state.edits.values())
    return judge(edits, books.clever_schools, books.matches, books.schools)


def _page(
    request: ConsoleRequest, state: PageState, books: Books, told: _Told | None = None
) -> HttpResponse:
    told = told or _Told()
    judged = _judge(state, books)
    problems = [*told.problems]
    if judged.gone:
        problems.append("A Clever school you changed is gone; so is that change.")
    state = replace(state, edits=judged.open)
    rows = match_rows(books, judged)
    words = state.q.casefold().split()
    fitting = [row for row in rows if row.shows(state.show) and row.fits(words)]
    pages = max(1, -(-len(fitting) // ROWS_ON_PAGE))
    number = min(max(state.page, 1), pages)
    shown = fitting[(number - 1) * ROWS_ON_PAGE : number * ROWS_ON_PAGE]
    counts = _counts(rows)
    context = {
        "state": state,
        "sections": _sections(shown),
        "choice": _choice(state, books, judged, shown, told.choice_error),
        "counts": counts,
        "shows": [
            (s.value, w, counts[s], s == state.show) for s, w in SHOW_WORDS.items()
        ],
        "count_words": _unsaved_words(len(judged.open)),
        "found": len(fitting),
        "page": number,
        "pages": pages,
        "changes": [row for row in rows if row.edit][:NAMES_SHOWN],
        "more_changes": max(0, len(judged.open) - NAMES_SHOWN),
        "clashes": [row for row in rows if row.clash],
        "problems": problems,
        "tried_to_save": told.tried_to_save,
        "focus": 0 if state.open else told.focus,
        "read_at": books.read_at,
        "has_schools": bool(books.schools),
        "needs_verifying": not request.district.are_matches_verified(),
    }
    return render(request, "schools/match_schools.html", context)


def _unsaved_words(number: int) -> str:
    return "1 unsaved change" if number == 1 else f"{number:,} unsaved changes"


def _counts(rows: list[Row]) -> dict[Show, int]:
    return {show: sum(row.shows(show) for row in rows) for show in Show}


def _sections(shown: list[Row]) -> list[tuple[Section, list[Row]]]:
    """Return the rows of a page under the headings they belong to."""
    by_section = [(s, [row for row in shown if row.section == s]) for s in Section]
    return [(section, rows) for section, rows in by_section if rows]


def _choice(
    state: PageState, books: Books, judged: Judged, shown: list[Row], error: str
) -> Choice | None:
    """Return the open choice, None if no row on the page is open."""
    row = next(
        (r for r in shown if r.clever_school and r.clever_school.pk == state.open), None
    )
    if row is None or row.clever_school is None:
        return None
    free = free_schools(books, judged, row.clever_school.pk)
    suggested = {candidate.school.pk for candidate in row.suggestions}
    others = [school for school in free if school.pk not in suggested]
    words = state.find.casefold().split()
    wanted = row.wanted.pk if row.wanted else 0
    first = row.suggestions[0].school.pk if row.suggestions else 0
    return Choice(
        row=row,
        suggestions=row.suggestions,
        free=others,
        fitting=[school for school in others if fits(school, words)],
        picked=state.choice or wanted or first,
        error=error,
    )


def _address(state: PageState) -> str:
    """Return the page's address with how the list is narrowed and what is open."""
    kept = {"q": state.q, "show": state.show.value, "open": state.open_text}
    query = urlencode({name: value for name, value in kept.items() if value})
    url = reverse("schools:match_schools")
    return f"{url}?{query}" if query else url
