"""The decisions that stand in the district, and taking them back."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from schools.access import ConsoleRequest, actor_of, manages_import
from schools.models import District
from staffimport.core.folding import clean
from staffimport.errors import Refused
from staffimport.gate import repeat_under_way
from staffimport.models import ImportResult, MatchDecision
from staffimport.queries.decisions import decisions_page, earlier
from staffimport.queries.filters import as_number, page_of
from staffimport.services.decide import take_back
from staffimport.views.rows import Said, row_page, show_row
from staffimport.wording import counted

MOST_AT_ONCE = 500  # far more than a page shows
TICK_FIRST = "Tick the decisions first, then click Take back."


@require_safe
@manages_import
def decisions(request: ConsoleRequest) -> HttpResponse:
    """Show the standing decisions, newest first; those taken back below them."""
    kind, q = request.GET.get("kind", ""), clean(request.GET.get("q", ""), 200)
    number = as_number(request.GET.get("page", ""))
    page = decisions_page(request.district, kind=kind, q=q, number=number)
    past, past_count = earlier(request.district)
    context = {
        "page": page,
        "links": _links(request.GET, page.number, page.pages),
        "kinds": MatchDecision.Kind.choices,
        "kind": kind,
        "q": q,
        "past": past,
        "past_count": past_count,
        "here": request.GET.urlencode(),
        "planning": repeat_under_way(request.district),
    }
    return render(request, "staffimport/decisions.html", context)


@require_POST
@manages_import
def take_decisions_back(request: ConsoleRequest) -> HttpResponse:
    """Take decisions (`decision`) back; show the row or the page it was asked from.

    `from_run` and `from_row` name the row, `page` is the query string of its page.
    """
    sent = request.POST
    numbers = [n for each in sent.getlist("decision") if (n := as_number(each))]
    found = list(request.district.match_decisions.filter(pk__in=numbers[:MOST_AT_ONCE]))
    refusal = "" if found else TICK_FIRST
    try:
        take_back(request.district, found, actor_of(request))
    except Refused as refused:
        refusal = refused.user_message
    row = _row(request.district, sent)
    if row is not None:
        return _at_row(request, row, found, refusal)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _done(request.district, found))
    return redirect(f"{reverse('staffimport:decisions')}?{sent.get('page', '')}")


def takes_effect(district: District) -> str:
    """Return when what was just decided shows in results."""
    if repeat_under_way(district):
        return "The test is being planned again."
    return "That holds from the next run on."


def _done(district: District, found: list[MatchDecision]) -> str:
    words = f"“{found[0].get_kind_display()}” is"
    if len(found) > 1:
        words = f"{counted(len(found), 'decision')} are"
    return f"{words} taken back. {takes_effect(district)}"


def _row(district: District, sent: QueryDict) -> ImportResult | None:
    run = as_number(sent.get("from_run", "")) or 0
    row = as_number(sent.get("from_row", "")) or 0
    rows = ImportResult.objects.filter(run__district=district, run=run, pk=row)
    return rows.select_related("run__district", "school").first()


def _at_row(
    request: ConsoleRequest, row: ImportResult, found: list[MatchDecision], refusal: str
) -> HttpResponse:
    page = QueryDict(request.POST.get("page", ""))
    said = Said(refusal=refusal)
    if not refusal:
        said = Said(is_decided=True, words=_done(request.district, found))
    if request.htmx:
        answer = show_row(request, row, page, said)
        return trigger_client_event(answer, "decided", after="settle")
    if refusal:
        return row_page(request, row, page, said)
    messages.success(request, said.words)
    back = page_of(page)
    back["row"] = str(row.pk)
    url = reverse("staffimport:run", args=[row.run_id])
    return redirect(f"{url}?{back.urlencode()}#row-{row.pk}")


def _links(params: QueryDict, number: int, pages: int) -> dict[str, str]:
    """Return the query strings of the neighbouring pages, "" if there is none."""

    def query(page: int) -> str:
        found = params.copy()
        found["page"] = str(page)
        return found.urlencode() if 0 < page <= pages and page != number else ""

    return {
        "first_page": f"?{query(1)}",
        "previous": query(number - 1),
        "next": query(number + 1),
        "last": query(pages),
    }
