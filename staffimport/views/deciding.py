"""Deciding about people and accounts, row by row or many at once; what follows."""

from collections.abc import Sequence
from itertools import zip_longest

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseLocation, trigger_client_event

from schools.access import ConsoleRequest, actor_of, manages_import
from staffimport.core.offers import IN_BULK
from staffimport.core.values import DecisionKind
from staffimport.errors import Refused
from staffimport.models import ImportResult, ImportRun, MatchDecision
from staffimport.queries.again import Again, again, counterpart
from staffimport.queries.bulk import choices_of
from staffimport.queries.filters import as_number, kept, narrow, page_of
from staffimport.queries.story import offers_of
from staffimport.services.decide import decide
from staffimport.views.decisions import takes_effect
from staffimport.views.rows import Said, row_gone, row_page, show_row
from staffimport.wording import counted

MOST_AT_ONCE = 2000
NO_LONGER = (
    "This can’t be decided any more: the row has changed since. Look at it again."
)
TICK_FIRST = "Tick the rows first, then click what you decide about them."


@require_POST
@manages_import
def decide_row(request: ConsoleRequest, number: int, row: int) -> HttpResponse:
    """Keep what somebody decides in a row's story (`choice`, `note`), and show it.

    `page` is the query string of the page it was sent from.
    """
    run = get_object_or_404(request.district.import_runs, pk=number)
    page = QueryDict(request.POST.get("page", ""))
    shown = run.results.select_related("school").filter(pk=row).first()
    if shown is None:
        return row_gone(request, run, page)
    shown.run = run
    said = _decide(request, shown)
    if request.htmx:
        answer = show_row(request, shown, page, said)
        return trigger_client_event(answer, "decided", after="settle")
    if said.refusal:
        return row_page(request, shown, page, said)
    back = page_of(page)
    back["row"] = str(shown.pk)
    return redirect(f"{_address(run, back)}#row-{shown.pk}")


@require_POST
@manages_import
def decide_rows(request: ConsoleRequest, number: int) -> HttpResponse:
    """Decide one thing (`kind`) about the ticked rows, or with `all` every one.

    `filter` is the query string of the page it was sent from: "all" means those it
    leaves, and the page is shown again.
    """
    run = get_object_or_404(request.district.import_runs, pk=number)
    filters = kept(QueryDict(request.POST.get("filter", "")))
    kind, sent = request.POST.get("kind", ""), request.POST
    rows = _rows(run, sent, filters)
    if kind not in IN_BULK or not rows:
        messages.error(request, TICK_FIRST)
    elif len(rows) > MOST_AT_ONCE:
        messages.error(request, _too_many())
    else:
        _decide_all(request, run, rows, DecisionKind(kind))
    url = reverse("staffimport:run", args=[run.pk])
    return redirect(f"{url}?{filters.urlencode()}#rows")


@require_safe
@manages_import
def planned_again(request: ConsoleRequest, number: int) -> HttpResponse:
    """Say how far the plan with the newest decisions is; lead to it once it is there.

    `row` and `at` name rows decided on the page, and where they stood; `busy` says
    that the page is in use and must not be taken away.
    """
    run = get_object_or_404(request.district.import_runs, pk=number)
    found = again(run)
    if found.newer is not None and "busy" not in request.GET:
        return _to_newer(request, found)
    if not request.htmx:
        return redirect(_address(run, _page_of(request)))
    return render(request, "staffimport/_again.html", {"again": found, "run": run})


def _to_newer(request: ConsoleRequest, found: Again) -> HttpResponse:
    """Put the newer results in the page's place, with the rows just decided."""
    page = _page_of(request)
    places = zip_longest(
        request.GET.getlist("row"), request.GET.getlist("at"), fillvalue="0"
    )
    for row, at in places:
        old = found.run.results.filter(pk=as_number(row) or 0).first()
        new = counterpart(old, found.newer) if old and found.newer else None
        if new is not None:
            page.appendlist("row", str(new.pk))
            page.appendlist("at", at)
    address = _address(found.newer or found.run, page)
    if not request.htmx:
        return redirect(address)
    return HttpResponseLocation(
        address, target="#main", select="#main", swap="outerHTML"
    )


def _page_of(request: ConsoleRequest) -> QueryDict:
    """Return the query string of the page that asks, without the rows it opened."""
    url = request.htmx.current_url_abs_path if request.htmx else None
    query = url.partition("?")[2].partition("#")[0] if url else ""
    return page_of(QueryDict(query) if url else request.GET)


def _address(run: ImportRun, page: QueryDict) -> str:
    query = f"?{page.urlencode()}" if page else ""
    return f"{reverse('staffimport:run', args=[run.pk])}{query}"


def _decide(request: ConsoleRequest, row: ImportResult) -> Said:
    """Decide what a row's form says; return what its story says of it."""
    note, wanted = request.POST.get("note", ""), request.POST.get("choice", "")
    offer = next((o for o in offers_of(row) if o.value == wanted), None)
    if offer is None:
        return Said(note, NO_LONGER)
    try:
        decide(request.district, offer.choices, note, actor_of(request))
    except Refused as refusal:
        return Said(note, refusal.user_message)
    return Said(is_decided=True)


def _rows(run: ImportRun, sent: QueryDict, filters: QueryDict) -> list[ImportResult]:
    """Return the rows that are meant, of this run alone; one more than may be."""
    if "all" in sent:
        rows = narrow(run, filters)
    else:
        ticked = filter(None, map(as_number, sent.getlist("row")))
        rows = run.results.filter(pk__in=list(ticked)[:MOST_AT_ONCE])
    return list(rows.order_by("position")[: MOST_AT_ONCE + 1])


def _decide_all(
    request: ConsoleRequest,
    run: ImportRun,
    rows: Sequence[ImportResult],
    kind: DecisionKind,
) -> None:
    found = choices_of(request.district, rows, kind)
    choices = [choice for each in found for choice in each]
    decided = sum(map(bool, found))
    note = request.POST.get("note", "")
    try:
        decide(request.district, choices, note, actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.user_message)
        return
    words = MatchDecision.Kind(kind).label
    if decided:
        done = (
            f"{counted(decided, 'row')} decided: {words}. {takes_effect(run.district)}"
        )
        messages.success(request, done)
    if left := len(found) - decided:
        messages.warning(request, _left(left, str(words)))


def _left(number: int, words: str) -> str:
    return (
        f"{counted(number, 'row')}: “{words}” says nothing there, or not of whom. Open "
        f"{'it' if number == 1 else 'them'} to see what can be decided."
    )


def _too_many() -> str:
    return (
        f"More than {MOST_AT_ONCE:,} rows can’t be decided at once. Narrow the filter, "
        "by school for example."
    )
