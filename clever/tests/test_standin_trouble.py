"""The client against a stand-in in trouble: every fault, and the rate limit."""

import pytest

from clever.errors import (
    ConnectionFailed,
    ForeignLink,
    IncompleteList,
    NotAvailable,
    NotFound,
    PageTooLarge,
    RequestRefused,
    ServiceFailed,
    TokenRefused,
    TooManyRequests,
    UnreadableAnswer,
)
from clever.standin import Standin
from clever.tests.served import MAPLE, ROLES, client_of, expected_lists, lists
from clever.transport import Patience

HIGH, MIDDLE, ELEMENTARY = (MAPLE.school_id(n) for n in (1, 2, 3))
NOON = 1_000_000_000.0


@pytest.fixture
def standin():
    with Standin("small") as running:
        yield running


@pytest.fixture
def client(standin):
    with client_of(standin) as client:
        yield client


# Faults that pass, and faults that stay

PASSING = [
    "500",
    "502",
    "503",
    "504",
    "429",
    "hang_up",
    "cut_off",
    "broken_json",
    "html",
]


@pytest.mark.parametrize("kind", PASSING)
@pytest.mark.parametrize("path", ["/users?role=teacher", "/districts", "/sections"])
def test_trouble_that_passes_is_not_noticed(standin, client, kind, path):
    standin.fault(kind, path=path, times=1)

    assert client.district().id == standin.district_id
    assert lists(client) == expected_lists("small")
    assert standin.state.faults.active() == []


def test_trouble_in_the_middle_of_a_list_costs_nobody(standin):
    with client_of(standin, page_size=4) as client:
        people = client.users("teacher")
        first = [next(people) for _ in range(4)]
        for kind in ("cut_off", "hang_up", "502"):
            standin.fault(kind, times=1)

        assert [*first, *people] == expected_lists("small")["teacher"]


def test_an_answer_that_is_too_slow_is_asked_for_again(standin):
    patience = Patience(read_timeout=0.3, retries=1, backoff=0)
    standin.fault("slow", seconds=3, path="/schools", times=1)

    with client_of(standin, patience=patience) as client:
        assert len(list(client.schools())) == 3


@pytest.mark.parametrize(
    ("kind", "error", "tries"),
    [
        ("500", ServiceFailed, 3),
        ("502", ServiceFailed, 3),
        ("503", ServiceFailed, 3),
        ("504", ServiceFailed, 3),
        ("429", TooManyRequests, 3),
        ("hang_up", ConnectionFailed, 3),
        ("cut_off", ConnectionFailed, 2),
        ("broken_json", UnreadableAnswer, 2),
        ("html", UnreadableAnswer, 2),
        ("revoked", TokenRefused, 1),
        ("404", NotAvailable, 1),
        ("501", RequestRefused, 1),
    ],
)
def test_trouble_that_stays_has_its_own_error(standin, client, kind, error, tries):
    standin.fault(kind)

    with pytest.raises(error) as caught:
        list(client.users("staff"))

    assert type(caught.value) is error
    assert standin.token not in f"{caught.value!r} {caught.value}"
    assert standin.requests["/v3.1/users"] == tries


def test_a_clever_that_stays_slow_is_a_failed_connection(standin):
    patience = Patience(read_timeout=0.1, retries=1, backoff=0)
    standin.fault("slow", seconds=3)

    with (
        client_of(standin, patience=patience) as client,
        pytest.raises(ConnectionFailed),
    ):
        client.district()


def test_a_clever_that_is_not_there_is_a_failed_connection(standin, client):
    standin.stop()

    with pytest.raises(ConnectionFailed) as caught:
        client.district()

    assert standin.token not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize(
    ("kind", "fields", "error"),
    [
        ("ends_early", {}, IncompleteList),
        ("ends_early", {"records": 0}, IncompleteList),
        ("ends_early", {"records": 19}, IncompleteList),
        ("stuck", {}, IncompleteList),
        ("unordered", {}, IncompleteList),
        ("foreign_link", {}, ForeignLink),
    ],
)
@pytest.mark.parametrize("page_size", [6, 10_000])
def test_a_list_that_can_not_be_whole_is_an_error(
    standin, kind, fields, error, page_size
):
    standin.fault(kind, path="/users?role=teacher", **fields)

    with client_of(standin, page_size=page_size) as client:
        with pytest.raises(error):
            list(client.users("teacher"))
        assert len(list(client.users("staff"))) == 7

    assert standin.requests["/v3.1/users"] < 12


def test_a_list_that_is_empty_and_counted_so_is_empty(standin, client):
    standin.fault("empty", path="/sections")

    assert list(client.sections()) == []
    assert len(list(client.schools())) == 3


@pytest.mark.parametrize(
    ("kind", "state"), [("paused", "paused"), ("erroring", "error")]
)
def test_a_frozen_district_says_so_and_is_read(standin, client, kind, state):
    standin.fault(kind)

    assert client.district().state == state
    assert lists(client) == expected_lists("small")


def test_what_is_unshared_is_gone_everywhere(standin, client):
    standin.change("unshare", school=ELEMENTARY)

    assert [school.id for school in client.schools()] == [HIGH, MIDDLE]
    assert len(list(client.users("teacher"))) == 16
    assert len(list(client.sections())) == 33
    with pytest.raises(NotAvailable, match=ELEMENTARY):
        list(client.school_users(ELEMENTARY, "teacher"))
    with pytest.raises(NotFound):
        client.user(MAPLE.user_id(17))


def test_more_records_than_clever_gives_at_once_are_not_asked_twice(standin):
    with client_of(standin, page_size=10_001) as client, pytest.raises(PageTooLarge):
        list(client.schools())

    assert standin.requests["/v3.1/schools"] == 2  # the count and the page


# The rate limit


def test_a_refusal_says_how_long_to_wait():
    waits: list[float] = []
    patience = Patience(retries=2, backoff=0, clock=lambda: NOON)
    with Standin("small", clock=lambda: NOON) as standin:
        standin.fault("429", seconds=31, times=1)

        with client_of(standin, sleep=waits.append, patience=patience) as client:
            client.district()

    assert waits == [31]


def test_the_limit_of_a_minute_is_waited_out():
    now = [NOON]

    def wait(seconds):
        now[0] += seconds

    def clock():
        return now[0]

    patience = Patience(backoff=0, clock=clock)
    options = {"page_size": 3, "sleep": wait, "patience": patience}
    with (
        Standin("small", clock=clock, rate_limit=5) as standin,
        client_of(standin, **options) as client,
    ):
        read = lists(client)

    assert read == expected_lists("small")
    # 5 counts and 1 + 7 + 3 + 1 + 14 pages at 5 requests a minute.
    assert 5 * 60 <= now[0] - NOON <= 9 * 60


def test_a_district_of_ten_thousand_takes_a_handful_of_requests():
    with Standin("large:10000") as standin, client_of(standin) as client:
        client.district()
        sizes = {name: len(records) for name, records in lists(client).items()}

        assert sum(sizes[role] for role in ROLES) == 10_000
        assert sizes["sections"] == 30_000
        # A count and a page of each list; 30,000 sections are three pages.
        assert standin.requests == {
            "/v3.1/districts": 1,
            "/v3.1/schools": 2,
            "/v3.1/users": 6,
            "/v3.1/sections": 4,
        }
