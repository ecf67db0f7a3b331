"""Two runs compared, over their stored rows."""

import uuid

import pytest
from django.core.cache import cache
from django.http import QueryDict

from staffimport.queries.comparison import differences
from staffimport.queries.comparison_pages import chosen, page, pairs
from tests.cast import make_district, make_rows, make_run, make_school

pytestmark = pytest.mark.django_db

ACCOUNT = uuid.UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(autouse=True)
def _forget():
    cache.clear()


@pytest.fixture
def oak():
    return make_district("oak")


def person(clever_id, **changes):
    return {"clever_id": clever_id, "last_name": clever_id, **changes}


@pytest.fixture
def two(oak):
    """Two tests that differ in one row of every kind and agree in one."""
    lincoln = make_school(oak)
    first, second = make_run(oak), make_run(oak)
    make_rows(
        first,
        person("gone", school=lincoln),
        person("outcome", outcome="created"),
        person("change", change_key="a", reason_code="changes", email="a@oak.example"),
        person("state", change_key="b", reason_code="changes"),
        person("reason"),
        person("same", change_key="tie", matched_by="email"),
    )
    make_rows(
        second,
        person("new", school=lincoln),
        person("outcome"),
        person("change", change_key="x", reason_code="changes", email="x@oak.example"),
        person("state", change_key="b", reason_code="changes", state="held"),
        person("reason", reason="Nothing changes. IDs compared loosely."),
        person("same", matched_by="clever_id"),
    )
    return first, second


def found_in(first, second, query=""):
    """Each difference as (kind, last name of its row)."""
    found = differences(first, second)
    numbers = chosen(first, second, found, QueryDict(query))
    return [
        (str(pair.kind), pair.row.last_name)
        for pair in pairs(first, second, found, numbers)
    ]


def test_every_kind_of_difference_is_found_and_counted(two):
    assert found_in(*two) == [
        ("only_first", "gone"),
        ("only_second", "new"),
        ("another_outcome", "outcome"),
        ("another_change", "change"),
        ("another_state", "state"),
        ("another_reason", "reason"),
    ]
    assert differences(*two).same == 1
    assert set(differences(*two).counts.values()) == {1}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=another_change", ["change"]),
        ("kind=nonsense", ["gone", "new", "outcome", "change", "state", "reason"]),
        ("q=gone", ["gone"]),
        ("q=a@oak.example", ["change"]),
        ("q=x@oak.example", ["change"]),
        ("outcome=created", ["outcome"]),
        ("state=held", ["state"]),
        ("kind=another_change&q=gone", []),
        ("first=9&second=9&at=0&q=new", ["new"]),
    ],
)
def test_a_filter_leaves_what_it_asks_for_in_either_run(two, query, names):
    assert [name for _kind, name in found_in(two[0], two[1], query)] == names


def test_a_difference_names_the_values_that_differ(two):
    found = differences(*two)

    [pair] = pairs(two[0], two[1], found, found.of_kind("another_change"))

    assert pair.values == [("E-mail", "a@oak.example", "x@oak.example")]


def test_two_runs_are_read_once_and_again_when_a_row_is_decided(
    two, django_assert_num_queries
):
    before = differences(*two)

    with django_assert_num_queries(3):  # what is set apart in each, what was kept
        assert differences(*two) == before

    two[1].results.filter(state="held").update(state="planned")

    assert ("another_state", "state") not in found_in(*two)


def test_a_page_has_fifty_differences_and_leads_on_and_back(oak):
    first, second = make_run(oak), make_run(oak)
    make_rows(first, *(person(f"p{n:03}") for n in range(120)))
    make_rows(second, *(person(f"p{n:03}", reason="Else.") for n in range(120)))
    found = differences(first, second)

    def shown(query):
        return page(first, second, found, QueryDict(query))

    one, two, three = shown(""), shown("at=50"), shown("at=119")

    assert [len(p.pairs) for p in (one, two, three)] == [50, 50, 20]
    assert [p.number for p in (one, two, three)] == [1, 51, 101]
    assert (one.previous, one.next, one.last) == ("", "at=50", "at=100")
    assert (two.previous, two.next) == ("at=0", "at=100")
    assert (three.previous, three.next, three.first_page) == ("at=50", "", "?")
    assert shown("at=5000").number == 101
    assert shown("q=p00").total == 10


class TestASync:
    """Of a run's rows a sync keeps those that change something or wait."""

    @pytest.fixture
    def test(self, oak):
        run = make_run(oak)
        make_rows(
            run,
            person("writes", writes=True, change_key="a", reason_code="changes"),
            person("nothing"),
            person("held", state="held", held_reason="brake"),
            person("conflict", outcome="conflict"),
            person("notice", details={"drift": [["email", "x@oak.example"]]}),
            person("dismissed", state="dismissed", writes=True),
            person("both", writes=True, change_key="b", reason_code="changes"),
        )
        return run

    def test_lacks_only_rows_that_it_would_have_kept(self, oak, test):
        sync = make_run(oak, "sync", applied_at=test.finished_at)
        make_rows(sync, person("both", state="applied", writes=True, change_key="b",
                               reason_code="changes"))  # fmt: skip

        assert found_in(test, sync) == [
            ("only_first", "writes"),
            ("only_first", "held"),
            ("only_first", "conflict"),
            ("only_first", "notice"),
        ]
        assert differences(test, sync).left_out == 2
        assert differences(test, sync).same == 1

    def test_lacks_nothing_that_a_run_before_it_has_done(self, oak, test):
        test.results.filter(last_name="writes").update(state="applied")
        sync = make_run(oak, "sync")

        assert ("only_first", "writes") not in found_in(test, sync)

    def test_has_nothing_to_lack_of_what_a_later_run_keeps_besides(self, oak):
        sync = make_run(oak, "sync")
        final = make_run(oak, "final")
        make_rows(
            final,
            person("nothing"),
            person("done", state="applied", writes=True, change_key="a"),
        )

        assert found_in(sync, final) == [("only_second", "done")]
        assert differences(sync, final).left_out == 1


def test_an_account_is_known_again_by_its_id(oak):
    first, second = make_run(oak), make_run(oak)
    make_rows(first, person("", outcome="inactive", account_id=ACCOUNT))
    make_rows(second, person("p1", account_id=ACCOUNT))

    assert found_in(first, second) == [("another_outcome", "p1")]


def test_a_filter_that_leaves_many_is_counted_no_further_than_told(oak, monkeypatch):
    monkeypatch.setattr("staffimport.queries.comparison_pages.MOST_COUNTED", 100)
    monkeypatch.setattr("staffimport.queries.comparison_pages.FIRST_BATCH", 60)
    first, second = make_run(oak), make_run(oak)
    names = ["Lee" if n % 2 else "Diaz" for n in range(400)]
    people = [person(f"p{n:03}", last_name=name) for n, name in enumerate(names)]
    make_rows(first, *people)
    make_rows(second, *({**one, "reason": "Else."} for one in people))
    found = differences(first, second)

    def shown(query):
        return page(first, second, found, QueryDict(query))

    one, far = shown("q=lee"), shown("q=lee&at=150")
    few = shown("q=lee&kind=only_first")

    assert (one.total, one.is_counted, one.last) == (100, False, "")
    assert [pair.row.clever_id for pair in one.pairs[:2]] == ["p001", "p003"]
    assert [pair.row.clever_id for pair in far.pairs] == [
        f"p{n:03}" for n in range(301, 400, 2)
    ]
    assert (far.previous, far.next) == ("q=lee&at=100", "")
    assert (few.total, few.is_counted) == (0, True)
