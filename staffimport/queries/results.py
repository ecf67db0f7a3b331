"""The rows of a run as its page shows them: counted, filtered, page by page."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import django_filters
from django import forms
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from schools.models import School
from staffimport.models import ImportResult, ImportRun
from staffimport.store.results import fold

ROWS_ON_PAGE = 50
NO_KEYWORD = "-"
DISTRICT_LEVEL = "district"
Outcome = ImportResult.Outcome
PAGING = ("after", "before", "last", "row")
DAY = 24 * 3600

# What a page of rows shows; the rest is read when a row is opened.
SHOWN = (
    *("run_id", "position", "outcome", "state", "held_reason", "reason", "level"),
    *("matched_by", "candidates", "first_name", "last_name", "job_title"),
    "school__name",
)


@dataclass(slots=True)
class Facets:
    """What occurs in a run's rows and how often; it stays so once the run has ended."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    matched_by: Counter[str] = field(default_factory=Counter)
    keywords: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    schools: Counter[int | None] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """Rows held for one reason with one outcome at one place."""

    count: int
    reason: str
    outcome: ImportResult.Outcome
    place: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of rows, and the query strings of its neighbours ("" if none)."""

    rows: list[ImportResult]
    first: int
    total: int
    previous: str
    next: str
    last: str


def facets(run: ImportRun) -> Facets:
    """Return what occurs in the rows of an ended run: one scan, then from the cache."""
    ended = run.finished_at.timestamp() if run.finished_at else 0
    key = f"facets-{run.pk}-{ended}-{run.counts.get('rows', 0)}"
    found: Facets | None = cache.get(key)
    if found is None:
        found = _count(run)
        cache.set(key, found, timeout=DAY)
    return found


def _count(run: ImportRun) -> Facets:
    found = Facets()
    groups = (
        run.results.order_by()
        .values_list("outcome", "matched_by", "keyword", "reason_code", "school_id")
        .annotate(n=Count("pk"))
    )
    for outcome, matched_by, keyword, reason, school, n in groups.iterator():
        found.rows += n
        found.outcomes[outcome] += n
        found.matched_by[matched_by] += n
        found.reasons[reason] += n
        found.schools[school] += n
        if outcome == Outcome.CREATED:
            found.keywords[keyword] += n
    return found


class ResultFilter(django_filters.FilterSet):
    """The filter of a run's rows; what it doesn't understand it leaves out.

    Its fields are outcome, state, school (primary key or "district"), keyword ("-" for
    none), matched_by, reason (held reason or reason code), changed ("matched and
    changed"), emailed ("will be e-mailed") and q (every word somewhere in name,
    e-mail, employee id or title).
    """

    outcome = django_filters.ChoiceFilter(choices=Outcome.choices)
    state = django_filters.ChoiceFilter(choices=ImportResult.State.choices)
    q = django_filters.CharFilter(method="search")
    school = django_filters.CharFilter(method="at_school")
    matched_by = django_filters.CharFilter()
    keyword = django_filters.CharFilter(method="by_keyword")
    reason = django_filters.CharFilter(method="for_reason")
    changed = django_filters.BooleanFilter(
        method="matched_and_changed", widget=forms.CheckboxInput
    )
    emailed = django_filters.BooleanFilter(
        method="will_be_emailed", widget=forms.CheckboxInput
    )

    class Meta:
        """All fields are declared above."""

        model = ImportResult
        fields: list[str] = []

    def search(
        self, rows: QuerySet[ImportResult], _name: str, text: str
    ) -> QuerySet[ImportResult]:
        """Keep rows in which every word occurs."""
        for word in fold(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows

    def at_school(
        self, rows: QuerySet[ImportResult], _name: str, value: str
    ) -> QuerySet[ImportResult]:
        """Keep rows of one school, or of the district level."""
        if value == DISTRICT_LEVEL:
            return rows.filter(level=DISTRICT_LEVEL)
        return rows.filter(school_id=int(value)) if value.isdecimal() else rows

    def by_keyword(
        self, rows: QuerySet[ImportResult], _name: str, value: str
    ) -> QuerySet[ImportResult]:
        """Keep created rows that one keyword, or none, has decided."""
        return rows.filter(
            outcome=Outcome.CREATED,
            keyword="" if value == NO_KEYWORD else value,
        )

    def for_reason(
        self, rows: QuerySet[ImportResult], _name: str, value: str
    ) -> QuerySet[ImportResult]:
        """Keep rows with one reason for being held, or with one reason code."""
        return rows.filter(Q(held_reason=value) | Q(reason_code=value))

    def matched_and_changed(
        self, rows: QuerySet[ImportResult], _name: str, value: object
    ) -> QuerySet[ImportResult]:
        """Keep matched rows that change their account."""
        if not value:
            return rows
        return rows.filter(outcome=Outcome.MATCHED, writes=True)

    def will_be_emailed(
        self, rows: QuerySet[ImportResult], _name: str, value: object
    ) -> QuerySet[ImportResult]:
        """Keep rows whose person gets an invitation."""
        return rows.filter(gets_invitation=True) if value else rows


def narrow(run: ImportRun, params: QueryDict) -> QuerySet[ImportResult]:
    """Return the run's rows that a filter's query string leaves, in their order."""
    rows: QuerySet[ImportResult] = ResultFilter(params, run.results.all()).qs
    return rows.order_by("position")


def page(run: ImportRun, params: QueryDict, known_rows: int | None) -> ResultPage:
    """Return the page of rows a query string asks for.

    Pages are found by position, so the last of 2,000 costs as much as the first.
    `known_rows` is how many rows the filter leaves, None to have them counted.
    """
    rows = narrow(run, params)
    after, before = _number(params, "after"), _number(params, "before")
    backwards = "last" in params or before is not None
    total = rows.count() if known_rows is None else known_rows
    size = ROWS_ON_PAGE
    if "last" in params:
        size = total % ROWS_ON_PAGE or ROWS_ON_PAGE
        before = None
    elif before is not None:
        rows = rows.filter(position__lt=before)
    elif after is not None:
        rows = rows.filter(position__gt=after)
    shown = list(
        rows.select_related("school")
        .only(*SHOWN)
        .order_by("-position" if backwards else "position")[: size + 1]
    )
    more = len(shown) > size
    shown = shown[:size]
    if backwards:
        shown.reverse()
    has_previous = bool(shown) and (more if backwards else after is not None)
    has_next = bool(shown) and (before is not None if backwards else more)
    first = 1
    if has_previous and shown:
        first += narrow(run, params).filter(position__lt=shown[0].position).count()
    return ResultPage(
        rows=shown,
        first=first,
        total=total,
        previous=_query(params, before=shown[0].position) if has_previous else "",
        next=_query(params, after=shown[-1].position) if has_next else "",
        last=_query(params, last=1),
    )


def kept(params: QueryDict) -> QueryDict:
    """Return the filter of a query string, without its place in the pages."""
    filters = params.copy()
    for name in PAGING:
        filters.pop(name, None)
    for name in [name for name, value in filters.items() if not value]:
        del filters[name]
    return filters


def held_groups(run: ImportRun) -> list[HeldGroup]:
    """Return what is held in a run, the largest groups first."""
    groups = (
        run.results.filter(state=ImportResult.State.HELD)
        .order_by()
        .values_list("held_reason", "outcome", "school__name")
        .annotate(number=Count("pk"))
    )
    found = [
        HeldGroup(number, reason, Outcome(outcome), school or "district level")
        for reason, outcome, school, number in groups
    ]
    return sorted(found, key=lambda group: (-group.count, group.place, group.reason))


def school_names(run: ImportRun, found: Facets) -> Mapping[int, str]:
    """Return the names of the schools that occur in a run, by name."""
    schools = School.objects.filter(district=run.district_id).values_list("pk", "name")
    return {pk: name for pk, name in schools.order_by("name") if found.schools[pk]}


def _number(params: QueryDict, name: str) -> int | None:
    value = params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None  # noqa: PLR2004


def _query(params: QueryDict, **place: int) -> str:
    filters = kept(params)
    for name, value in place.items():
        filters[name] = str(value)
    return filters.urlencode()
