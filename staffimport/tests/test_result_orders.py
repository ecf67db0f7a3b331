"""The orders of a run's rows, and paging through them."""

import pytest
from django.db.models import F
from django.http import QueryDict

from staffimport.queries.facets import facets
from staffimport.queries.filters import held_rows
from staffimport.queries.orders import heads, order_of
from staffimport.queries.pages import ROWS_ON_PAGE, page
from tests.cast import make_district, make_rows, make_run, make_school

pytestmark = pytest.mark.django_db

ORDERS = [
    "",
    "name",
    "-name",
    "place",
    "-place",
    "outcome",
    "matched_by",
    "-matched_by",
]
SURNAMES = ["Zhou", "Ávila", "de la Cruz", "Lee", "O’Brien", "Östberg", "Adams"]


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def run(oak):
    """A test with 170 rows, in which every value of every column comes often."""
    schools = [None, make_school(oak, "Lincoln"), make_school(oak, "Jefferson")]
    run = make_run(oak)
    outcomes = ["created", "matched", "inactive", "skipped"]
    ways = ["email", "", "clever_id"]
    make_rows(
        run,
        *(
            {
                "last_name": SURNAMES[n % 7],
                "first_name": f"Jo{n % 3}",
                "outcome": outcomes[n % 4],
                "matched_by": ways[n % 3],
                "school": schools[n % 3],
                "level": "school" if n % 3 or n % 2 else "district",
            }
            for n in range(170)
        ),
    )
    return run


def shown(run, query):
    found = facets(run)
    return page(run, QueryDict(query), end=found.end, known_rows=None)


def positions(shown_page):
    return [row.position for row in shown_page.rows]


def all_pages(run, query):
    """The positions of all pages, from the first by their links."""
    pages = [shown(run, query)]
    while pages[-1].next:
        pages.append(shown(run, pages[-1].next))
    return pages


@pytest.mark.parametrize("tried", [60, 500])
@pytest.mark.parametrize("narrowed", ["", "outcome=created", "q=jo1", "q=jo"])
@pytest.mark.parametrize("order", ORDERS)
def test_pages_lead_through_all_rows_and_back_again(
    run, order, narrowed, tried, monkeypatch
):
    monkeypatch.setattr("staffimport.queries.pages.TRIED", tried)
    query = f"sort={order}&{narrowed}"
    pages = all_pages(run, query)
    there = [positions(each) for each in pages]
    last = shown(run, pages[0].last)
    back = [last]
    while back[-1].previous:
        back.append(shown(run, back[-1].previous))

    everything = [position for each in there for position in each]
    assert len(set(everything)) == len(everything) == pages[0].total
    assert all(len(each) == ROWS_ON_PAGE for each in there[:-1])
    assert [p for each in reversed(back) for p in positions(each)][-100:] == (
        everything[-100:]
    )
    assert positions(last) == everything[-ROWS_ON_PAGE:]
    assert [each.number for each in pages] == list(
        range(1, len(everything) + 1, ROWS_ON_PAGE)
    )
    assert {each.total for each in [*pages, *back]} == {len(everything)}


@pytest.mark.parametrize("order", ["outcome", "matched_by", "-matched_by", "name"])
def test_rows_equal_in_a_column_stay_as_the_plan_has_them(run, order):
    there = [p for each in all_pages(run, f"sort={order}") for p in positions(each)]

    column = order.removeprefix("-").replace("name", "search_text")
    values = dict(run.results.values_list("position", column))
    groups: dict[str, list[int]] = {}
    for position in there:
        groups.setdefault(values[position], []).append(position)
    assert len(groups) > 1
    for group in groups.values():
        assert group == sorted(group, reverse=order.startswith("-"))


def names(run, order):
    pages = all_pages(run, f"sort={order}")
    found = [row.last_name for each in pages for row in each.rows]
    return list(dict.fromkeys(found))


def test_names_are_sorted_without_case_and_accents(run):
    expected = ["Adams", "Ávila", "de la Cruz", "Lee", "O’Brien", "Östberg", "Zhou"]

    assert names(run, "name") == expected
    assert names(run, "-name") == expected[::-1]


def test_places_come_by_name_then_the_district_then_no_school_of_ours(run):
    rows = [row for each in all_pages(run, "sort=place") for row in each.rows]

    places = [row.school.name if row.school else row.level for row in rows]
    assert list(dict.fromkeys(places)) == ["Jefferson", "Lincoln", "district", "school"]


def test_a_row_that_is_decided_meanwhile_moves_no_other_to_the_next_page(run):
    run.results.filter(position__lt=60).update(state="held", held_reason="pair")
    first = shown(run, "state=held&sort=name")

    held_rows(run).filter(position__in=positions(first)).update(state="dismissed")
    second = shown(run, first.next)

    assert set(positions(first)) | set(positions(second)) == set(range(60))
    assert not set(positions(first)) & set(positions(second))


@pytest.mark.parametrize("order", ["", "name", "-place"])
def test_a_page_can_begin_at_a_row(run, order):
    there = [p for each in all_pages(run, f"sort={order}") for p in positions(each)]

    begun = shown(run, f"sort={order}&from={there[70]}")
    before = shown(run, begun.previous)

    assert positions(begun) == there[70:120]
    assert positions(before) == there[20:70]


@pytest.mark.parametrize("query", ["", "from=0", "from=0&n=0"])
def test_nothing_comes_before_the_first_row(run, query):
    first = shown(run, query)

    assert (first.number, first.previous) == (1, "")


def test_a_place_at_no_row_is_the_beginning(run):
    assert positions(shown(run, "sort=name&after=9999")) == (
        positions(shown(run, "sort=name"))
    )


def test_an_order_nobody_knows_is_the_plans(run):
    for asked in ("reason", "-", "--name", "name'"):
        assert positions(shown(run, f"sort={asked}")) == list(range(50))


def test_a_page_far_on_tells_its_numbers_from_the_address_alone(run):
    pages = all_pages(run, "q=jo1&sort=name")

    assert (pages[1].number, pages[1].last_number) == (51, 57)
    assert "of=57" in pages[0].next


def test_counting_stops_where_it_tells_no_more(oak, monkeypatch):
    monkeypatch.setattr("staffimport.queries.pages.MOST_COUNTED", 60)
    monkeypatch.setattr("staffimport.queries.pages.TRIED", 100)
    run = make_run(oak)
    make_rows(run, *({} for _ in range(130)))

    first = shown(run, "q=jordan&sort=name")
    second = shown(run, first.next)
    last = shown(run, first.last)

    assert [(p.number, p.is_counted) for p in (first, second)] == [
        (1, False),
        (51, False),
    ]
    assert (last.number, len(last.rows), last.next) == (None, 50, "")
    assert positions(shown(run, last.previous)) == list(range(30, 80))


def test_a_head_sorts_then_reverses_then_lets_the_plans_order_be():
    def head(query):
        return heads(QueryDict(query))[1]

    assert (head("q=a").sorted, head("q=a").query) == ("", "q=a&sort=name")
    assert (head("sort=name").sorted, head("sort=name").query) == (
        "ascending",
        "sort=-name",
    )
    assert (head("sort=-name").sorted, head("sort=-name").query) == ("descending", "")
    assert head("sort=place").query == "sort=name"


def test_the_whole_run_sorts_as_its_pages_do(run):
    order = order_of(QueryDict("sort=-name"))

    rows = order.sort(run.results.annotate(key=F("search_text")))

    there = [p for each in all_pages(run, "sort=-name") for p in positions(each)]
    assert [row.position for row in rows] == there
