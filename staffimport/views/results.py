"""The results of a run: counts, filters and rows."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from schools.access import ConsoleRequest
from staffimport.gate import final_gate, good_until
from staffimport.models import ImportResult, ImportRun
from staffimport.queries import chips, pages, words
from staffimport.queries.again import again
from staffimport.queries.choices import choices_of
from staffimport.queries.facets import (
    Facets,
    HeldGroup,
    count_of,
    facets,
    held_groups,
    state_counts,
)
from staffimport.queries.filters import filter_of, kept, page_of
from staffimport.queries.orders import (
    heads,
    order_choices,
    order_of,
    order_words,
)
from staffimport.queries.runs import open_test, to_compare_with
from staffimport.services.undo import undoable_run
from staffimport.views.rows import bulk_of, lines_of
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


def results_page(request: ConsoleRequest, run: ImportRun) -> HttpResponse:
    """Show the rows of a succeeded run, held ones first."""
    params = request.GET
    found, groups = facets(run), held_groups(run)
    page = pages.page(
        run, params, end=found.end, known_rows=_known(params, found, groups)
    )
    lines = lines_of(request, run, page.rows)
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
        "states": chips.state_chips(params, run, state_counts(run, found)),
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
        **bulk_of(lines),
        "can_all": bool(filter_of(params)) and page.total > len(lines),
        "again": again(run),
        "all_rows": found.rows,
        "most_counted": pages.MOST_COUNTED,
    }
    return render(request, "staffimport/results.html", context)


def _start(run: ImportRun) -> dict[str, object]:
    """Return whether a final may follow: nothing unless this is the test it follows."""
    if run.kind != ImportRun.Kind.TEST or open_test(run.district) != run:
        return {}
    now = timezone.now()
    until = good_until(run) or now
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
