"""Approving and dismissing held rows on a run's page."""

from collections import Counter

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from schools.access import ConsoleRequest, actor_of, manages_import
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.filters import as_number, kept, narrow
from staffimport.services import held
from staffimport.services.held import Resolved
from staffimport.wording import counted

DEEDS = {"approve": held.approve, "dismiss": held.dismiss}
REFUSALS_SHOWN = 5
MOST_TICKED = 500  # far more than a page shows


@require_POST
@manages_import
def resolve(request: ConsoleRequest, number: int) -> HttpResponse:
    """Approve or dismiss (`deed`) the ticked rows, or with `all` every held one.

    `filter` is the query string of the page it was sent from: "all" means those it
    leaves, and the page is shown again.
    """
    run = get_object_or_404(request.district.import_runs, pk=number)
    filters = kept(QueryDict(request.POST.get("filter", "")))
    deed = request.POST.get("deed", "")
    rows = _rows(run, request.POST, filters)
    if deed not in DEEDS or not rows:
        messages.error(request, "Tick the rows first, then click Approve or Dismiss.")
    else:
        resolved = DEEDS[deed](request.district, rows, actor_of(request))
        _tell(request, run, deed, resolved)
    url = reverse("staffimport:run", args=[run.pk])
    return redirect(f"{url}?{filters.urlencode()}#rows")


def _rows(run: ImportRun, sent: QueryDict, filters: QueryDict) -> list[int]:
    """Return the primary keys of the rows that are meant, of this run alone."""
    if "all" in sent:
        rows = narrow(run, filters).filter(state=ImportResult.State.HELD)
        return list(rows.values_list("pk", flat=True))
    ticked = filter(None, map(as_number, sent.getlist("row")))
    return list(
        run.results.filter(pk__in=list(ticked)[:MOST_TICKED])
        .order_by("position")
        .values_list("pk", flat=True)
    )


def _tell(
    request: ConsoleRequest, run: ImportRun, deed: str, resolved: Resolved
) -> None:
    """Say what became of the rows."""
    if resolved.done:
        messages.success(request, _done(run, deed, len(resolved.done)))
    sentences = Counter(resolved.refused.values())
    for sentence, number in sentences.most_common(REFUSALS_SHOWN):
        rows = f"{counted(number, 'row')}: " if number > 1 else ""
        messages.warning(request, f"{rows}{sentence}")


def _done(run: ImportRun, deed: str, number: int) -> str:
    rows = counted(number, "row")
    if deed == "dismiss":
        return f"{rows} dismissed. The accounts stay as they are."
    if run.applied_at is None:
        return f"{rows} approved. The final import takes them along."
    return f"{rows} approved and applied."
