"""The orders a run's rows can be sorted in."""

from array import array
from dataclasses import dataclass

from django.db import connection
from django.db.models import Expression, F, QuerySet
from django.db.models.functions import Coalesce, Collate
from django.http import QueryDict

from staffimport.models import ImportResult, ImportRun, RunSummary
from staffimport.queries.filters import SORT

REVERSED = "-"


@dataclass(frozen=True, slots=True)
class Order:
    """One order of rows: by a column, then as the plan has them; or all of it reversed.

    `column` is a key of `COLUMNS`, "" for the plan's own order, which is never
    reversed. No two rows of a run are equal in it.
    """

    column: str = ""
    is_reversed: bool = False

    @property
    def name(self) -> str:
        """Return the order as query strings have it."""
        return f"{REVERSED if self.is_reversed else ''}{self.column}"

    def sort(self, rows: QuerySet[ImportResult]) -> QuerySet[ImportResult]:
        """Return the rows in this order."""
        if not self.column:
            return rows.order_by("position")
        key = _key(self.column)
        if self.is_reversed:
            return rows.order_by(key.desc(), "-position")
        return rows.order_by(key.asc(), "position")


PLANNED = Order()

# The columns of the table that can be sorted by, in the table's order.
COLUMNS = {
    "outcome": "Outcome",
    "name": "Person",
    "place": "Where",
    "matched_by": "Matched by",
}
_WORDS = {
    "": ("held first", ""),
    "outcome": ("by outcome", "by outcome, reversed"),
    "name": ("by name, A to Z", "by name, Z to A"),
    "place": ("by place, A to Z", "by place, Z to A"),
    "matched_by": ("by way of matching", "by way of matching, reversed"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its word, how it is sorted ("" if not), its link."""

    word: str
    sorted: str
    query: str


def order_of(params: QueryDict) -> Order:
    """Return the order a query string asks for; the plan's if it asks for none."""
    asked = params.get(SORT, "")
    column = asked.removeprefix(REVERSED)
    if column not in COLUMNS:
        return PLANNED
    return Order(column, is_reversed=asked.startswith(REVERSED))


def ranked(run: ImportRun, order: Order) -> "array[int]":
    """Return the positions of all rows of an ended run in an order of columns.

    Rows come by the hundred thousand, and an index for each order would cost every
    import more than all its pages: so each order is kept with the run. What it goes by
    stays as the run has stored it, save for the few rows that are approved after
    somebody has edited their account, which keep their old place.
    """
    column = f"by_{order.column}"
    kept = RunSummary.objects.filter(run=run).values_list(column, flat=True).first()
    found = sort_rows(run, order.column) if kept is None else array("I", bytes(kept))
    return found[::-1] if order.is_reversed else found


def sort_rows(run: ImportRun, column: str) -> "array[int]":
    """Return the positions of all rows of an ended run by a column: all are sorted."""
    rows = Order(column).sort(run.results.all())
    return array("I", rows.values_list("position", flat=True))


def heads(filters: QueryDict) -> list[Head]:
    """Return the heads of the columns; a click sorts, reverses, then takes that off."""
    return [_head(filters, column) for column in COLUMNS]


def order_words(order: Order) -> str:
    """Return an order as the page names it: "by name, Z to A"."""
    return _WORDS[order.column][order.is_reversed]


def order_choices() -> list[tuple[str, str]]:
    """Return all orders as (value, words), for a list to choose from."""
    orders = [PLANNED]
    for column in COLUMNS:
        orders += [Order(column), Order(column, is_reversed=True)]
    words = ((order.name, order_words(order)) for order in orders)
    return [(name, text[0].upper() + text[1:]) for name, text in words]


def _head(filters: QueryDict, column: str) -> Head:
    now, following, sorted_ = order_of(filters), Order(column), ""
    if now == Order(column):
        following, sorted_ = Order(column, is_reversed=True), "ascending"
    elif now.column == column:
        following, sorted_ = PLANNED, "descending"
    query = filters.copy()
    query.pop(SORT, None)
    if following.name:
        query[SORT] = following.name
    return Head(COLUMNS[column], sorted_, query.urlencode())


def _key(column: str) -> Expression | F:
    """Return what a column is sorted by. Codes begin as the words that pages show."""
    match column:
        case "name":  # it begins so, without accents: "castaneda jose"
            return _plainly(F("search_text"))
        case "place":  # "district" and "school" stand for themselves, after the names
            return _plainly(Coalesce("school__name", "level"))
        case _:
            return F(column)


def _plainly(key: Expression | F) -> Collate:
    """Return a key that compares byte by byte: the same and fast on all databases."""
    is_postgres = connection.vendor == "postgresql"
    return Collate(key, "C" if is_postgres else "BINARY")
