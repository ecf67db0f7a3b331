"""The filter of a run's rows: from a query string to a queryset."""

import django_filters
from django import forms
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from accounts.searching import fold
from staffimport.models import ImportResult, ImportRun

NO_KEYWORD = "-"
DISTRICT_LEVEL = "district"
CHANGES = "changes"  # the code of a matched row that changes more than its tie
MOST_DIGITS = 19  # of a key in the database
SORT = "sort"
PAGING = ("after", "before", "from", "last", "n", "of")
# Which row is open, or is to be closed; where it stood when it was decided.
ROW = ("row", "close", "at", "busy")
Outcome = ImportResult.Outcome
State = ImportResult.State

SET_APART = (State.HELD, State.DISMISSED, State.SUPERSEDED)
# SQLite takes the small index of such rows only if it meets the index's own words.
IS_SET_APART = RawSQL(
    "staffimport_importresult.state IN ('held', 'dismissed', 'superseded')",
    (),
    output_field=BooleanField(),
)
# In a subquery the table has another name, but there it is alone.
IS_SET_APART_WITHIN = RawSQL(
    "state IN ('held', 'dismissed', 'superseded')",
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
    state = django_filters.ChoiceFilter(choices=State.choices)
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
        school = as_number(value)
        return rows if school is None else rows.filter(school_id=school)

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
        return rows.filter(outcome=Outcome.MATCHED, reason_code=CHANGES)

    def will_be_emailed(
        self, rows: QuerySet[ImportResult], _name: str, value: object
    ) -> QuerySet[ImportResult]:
        """Keep rows whose person gets an invitation."""
        return rows.filter(gets_invitation=True) if value else rows


def as_number(text: str) -> int | None:
    """Return a number somebody sent, None if it is none or too long for a key."""
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None


def held_rows(run: ImportRun) -> QuerySet[ImportResult]:
    """Return the run's held rows, by the small index of such rows."""
    return set_apart(run).filter(state=State.HELD)


def set_apart(run: ImportRun) -> QuerySet[ImportResult]:
    """Return the run's held, dismissed and superseded rows, by their small index."""
    return run.results.filter(IS_SET_APART)


def narrow(run: ImportRun, params: QueryDict) -> QuerySet[ImportResult]:
    """Return the run's rows that a filter leaves, in the plan's order."""
    is_set_apart = params.get("state") in SET_APART
    rows = set_apart(run) if is_set_apart else run.results.all()
    narrowed: QuerySet[ImportResult] = ResultFilter(params, rows).qs
    return narrowed.order_by("position")


def kept(params: QueryDict) -> QueryDict:
    """Return the filter and order of a query string, without its place in the pages."""
    return _without(params, *PAGING, *ROW)


def filter_of(params: QueryDict) -> QueryDict:
    """Return the filter of a query string alone: empty if all rows are shown."""
    return _without(params, *PAGING, *ROW, SORT)


def page_of(params: QueryDict) -> QueryDict:
    """Return a query string for the same page, with no row open."""
    return _without(params, *ROW)


def _without(params: QueryDict, *names: str) -> QueryDict:
    left = params.copy()
    for name in [name for name, value in left.items() if name in names or not value]:
        del left[name]
    return left
