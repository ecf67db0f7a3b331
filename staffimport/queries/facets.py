"""What occurs in a run's rows and how often: for its counts and its filters' lists."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import msgspec
from django.db.models import Count, Max, Q
from django.http import QueryDict

from schools.models import School
from staffimport.models import ImportResult, ImportRun, RunSummary
from staffimport.queries.filters import CHANGES, NO_KEYWORD, as_number, held_rows
from staffimport.queries.stamps import set_apart_counts

Outcome = ImportResult.Outcome
State = ImportResult.State


@dataclass(slots=True)
class Facets:
    """What occurs in a run's rows and how often; it stays so once the run has ended.

    Every position is below `end`; `planned` rows are neither done nor set apart, now or
    later.
    """

    rows: int = 0
    end: int = 0
    planned: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    matched_by: Counter[str] = field(default_factory=Counter)
    keywords: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    schools: Counter[int | None] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """Rows held for one reason: with one outcome at one place, or all the pairs."""

    count: int
    reason: str
    outcome: ImportResult.Outcome | None = None
    place: str = ""


def facets(run: ImportRun) -> Facets:
    """Return what occurs in the rows of an ended run, as it was kept with the run."""
    kept = RunSummary.objects.filter(run=run).values_list("facets", flat=True).first()
    if kept is None:
        return count_rows(run)
    return Facets(*map(_counted, msgspec.msgpack.decode(kept)))


def kept_as(found: Facets) -> bytes:
    """Return what occurs in a run's rows as it is kept with the run."""
    return msgspec.msgpack.encode([getattr(found, f.name) for f in fields(found)])


def _counted(value: int | dict[str, int]) -> Any:
    return Counter(value) if isinstance(value, dict) else value


def count_rows(run: ImportRun) -> Facets:
    """Return what occurs in the rows of an ended run: one scan of all of them."""
    found = Facets()
    groups = (
        run.results.order_by()
        .values_list("outcome", "matched_by", "keyword", "reason_code", "school_id")
        .annotate(
            n=Count("pk"),
            last=Max("position"),
            planned=Count("pk", filter=Q(state=State.PLANNED)),
        )
    )
    for outcome, matched_by, keyword, reason, school, n, last, planned in groups:
        found.rows += n
        found.planned += planned
        found.end = max(found.end, last + 1)
        found.outcomes[outcome] += n
        found.matched_by[matched_by] += n
        found.reasons[reason] += n
        found.schools[school] += n
        if outcome == Outcome.CREATED:
            found.keywords[keyword] += n
    return found


def count_of(found: Facets, filters: QueryDict) -> int | None:
    """Return how many rows a filter leaves, None if they would have to be counted."""
    if not filters:
        return found.rows
    if len(filters) > 1:
        return None
    name, value = next((name, str(value)) for name, value in filters.items())
    known: dict[str, int] = {
        "outcome": found.outcomes[value],
        "matched_by": found.matched_by[value],
        "keyword": found.keywords["" if value == NO_KEYWORD else value],
        "changed": found.reasons[CHANGES] if value == "true" else 0,
        "school": found.schools[as_number(value) or 0],
    }
    # None of them may mean a value the filter doesn't know and leaves out.
    return known.get(name) or None


def state_counts(run: ImportRun, found: Facets) -> Counter[str]:
    """Return how many rows of an ended run are in each state now.

    Of a run that was not applied only those that are set apart are told: the others
    all wait for a final.
    """
    counts = set_apart_counts(run)
    if run.applied_at is not None:
        counts[State.APPLIED] = found.rows - found.planned - counts.total()
    return counts


def held_groups(run: ImportRun) -> list[HeldGroup]:
    """Return what is held in a run, the largest groups first."""
    groups = (
        held_rows(run)
        .order_by()
        .values_list("held_reason", "outcome", "school__name")
        .annotate(number=Count("pk"))
    )
    pairs, found = 0, []
    for reason, outcome, school, number in groups:
        if reason == ImportResult.HeldReason.PAIR:
            pairs += number
        else:
            place = school or "district level"
            found.append(HeldGroup(number, reason, Outcome(outcome), place))
    if pairs:
        found.append(HeldGroup(pairs, ImportResult.HeldReason.PAIR))
    return sorted(found, key=lambda group: (-group.count, group.place, group.reason))


def school_names(district: int, *found: Facets) -> Mapping[int, str]:
    """Return the names of the schools that occur in runs of a district, by name.

    `district` is its primary key.
    """
    schools = School.objects.filter(district=district).values_list("pk", "name")
    return {
        pk: name
        for pk, name in schools.order_by("name")
        if any(each.schools[pk] for each in found)
    }
