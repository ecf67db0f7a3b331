"""The rows of a run as its page shows them: counted, filtered, page by page."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import django_filters
from django import forms
from django.core.cache import cache
from django.db.models import BooleanField, Count, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from schools.models import School
from staffimport.models import ImportResult, ImportRun
from staffimport.store.results import fold

ROWS_ON_PAGE = 50
NO_KEYWORD = "-"
DISTRICT_LEVEL = "district"
Outcome = ImportResult.Outcome
PAGING = ("after", "before", "last", "n", "row")
MOST_COUNTED = 1000  # beyond it a count would cost more than it tells
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
    """One page of rows, and the query strings of its neighbours ("" if none).

    `first` is the number of its first row; without `is_counted` there are more rows
    than `total`, which is where counting stops.
    """

    rows: list[ImportResult]
    first: int
    total: int
    is_counted: bool
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


# SQLite takes the small index of such rows only if it meets the index's own words.
IS_HELD_OR_DISMISSED = RawSQL(
    "staffimport_importresult.state IN ('held', 'dismissed')",
    (),
    output_field=BooleanField(),
)


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
    is_held = params.get("state") == ImportResult.State.HELD
    rows = held_rows(run) if is_held else run.results.all()
    narrowed: QuerySet[ImportResult] = ResultFilter(params, rows).qs
    return narrowed.order_by("position")


def page(run: ImportRun, params: QueryDict, known_rows: int | None) -> ResultPage:
    """Return the page of rows a query string asks for.

    Pages are found by position, so the last of 2,000 costs as much as the first.
    `known_rows` is how many rows the filter leaves, None to have them counted.
    """
    rows = narrow(run, params)
    after, before = _number(params, "after"), _number(params, "before")
    is_last = "last" in params
    backwards = is_last or before is not None
    here = rows.select_related("school").only(*SHOWN)
    if before is not None and not is_last:
        here = here.filter(position__lt=before)
    elif after is not None and not is_last:
        here = here.filter(position__gt=after)
    found = list(
        here.order_by("-position" if backwards else "position")[: ROWS_ON_PAGE + 1]
    )
    more, shown = len(found) > ROWS_ON_PAGE, found[:ROWS_ON_PAGE]
    if backwards:
        shown.reverse()
    has_previous = bool(shown) and (more if backwards else after is not None)
    has_next = bool(shown) and not is_last and (backwards or more)
    total = known_rows
    if total is None:
        is_whole = not has_previous and not has_next
        total = len(shown) if is_whole else rows[: MOST_COUNTED + 1].count()
    return _neighbours(
        params, shown, total, has_previous=has_previous, has_next=has_next
    )


def _neighbours(
    params: QueryDict,
    shown: list[ImportResult],
    total: int,
    *,
    has_previous: bool,
    has_next: bool,
) -> ResultPage:
    """Return the page with its links; they carry how many rows come before."""
    first = (_number(params, "n") or 0) + 1 if has_previous else 1
    if "last" in params:
        first = max(1, total - len(shown) + 1)
    previous, following = max(0, first - 1 - ROWS_ON_PAGE), first - 1 + len(shown)
    return ResultPage(
        rows=shown,
        first=first,
        total=total,
        is_counted=total <= MOST_COUNTED or not kept(params),
        previous=_query(params, before=shown[0].position, n=previous)
        if has_previous
        else "",
        next=_query(params, after=shown[-1].position, n=following) if has_next else "",
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


def held_rows(run: ImportRun) -> QuerySet[ImportResult]:
    """Return the run's held rows, by the small index of such rows."""
    return run.results.filter(IS_HELD_OR_DISMISSED, state=ImportResult.State.HELD)


def held_groups(run: ImportRun) -> list[HeldGroup]:
    """Return what is held in a run, the largest groups first."""
    groups = (
        held_rows(run)
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
