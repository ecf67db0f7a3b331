import pytest
from hypothesis import given
from hypothesis import strategies as st

from clever.standin.paging import PageRequest, cut, page_links, parse_page_request
from clever.standin.refusals import RefusedError

IDS = [f"{n:024x}" for n in range(1, 8)]
id_lists = st.lists(
    st.integers(1, 500).map(lambda n: f"{n:024x}"), unique=True, max_size=40
).map(sorted)
limits = st.integers(1, 12)


@given(ids=id_lists, limit=limits)
def test_following_next_meets_every_record_once(ids, limit):
    seen: list[str] = []
    page = cut(ids, PageRequest(limit))
    seen += page.ids
    while page.has_next:
        page = cut(ids, PageRequest(limit, starting_after=page.ids[-1]))
        seen += page.ids

    assert seen == ids


@given(ids=id_lists, limit=limits)
def test_following_prev_from_the_last_page_meets_every_record_once(ids, limit):
    page = cut(ids, PageRequest(limit, ending_before="last"))
    seen = list(page.ids)
    while page.has_previous:
        page = cut(ids, PageRequest(limit, ending_before=page.ids[0]))
        seen = [*page.ids, *seen]

    assert seen == ids


def test_the_first_page_has_no_way_back_and_the_last_none_on():
    first = cut(IDS, PageRequest(3))
    last = cut(IDS, PageRequest(3, starting_after=IDS[5]))

    assert (first.has_previous, first.has_next) == (False, True)
    assert (last.has_previous, last.has_next) == (True, False)


def test_a_page_reached_backwards_always_leads_on():
    page = cut(IDS, PageRequest(3, ending_before=IDS[2]))

    assert list(page.ids) == IDS[:2]
    assert (page.has_previous, page.has_next) == (False, True)


def test_links_keep_the_callers_other_parameters():
    query = [("limit", "2"), ("role", "staff"), ("starting_after", IDS[0])]
    page = cut(IDS, PageRequest(2, starting_after=IDS[0]))

    links = page_links("/v3.1/users", query, page)

    assert links == [
        {
            "rel": "self",
            "uri": f"/v3.1/users?limit=2&role=staff&starting_after={IDS[0]}",
        },
        {
            "rel": "prev",
            "uri": f"/v3.1/users?limit=2&role=staff&ending_before={IDS[1]}",
        },
        {
            "rel": "next",
            "uri": f"/v3.1/users?limit=2&role=staff&starting_after={IDS[2]}",
        },
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, PageRequest(100)),
        ({"limit": "1"}, PageRequest(1)),
        ({"limit": "10000"}, PageRequest(10_000)),
        ({"limit": "0050"}, PageRequest(50)),
        ({"starting_after": IDS[0]}, PageRequest(100, starting_after=IDS[0])),
        ({"ending_before": "last"}, PageRequest(100, ending_before="last")),
    ],
)
def test_page_parameters_are_read(query, expected):
    assert parse_page_request(query) == expected


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"limit": "10001"}, 413),
        ({"limit": "9" * 5000}, 413),
        ({"limit": "0"}, 400),
        ({"limit": "-1"}, 400),
        ({"limit": "many"}, 400),
        ({"limit": "1.5"}, 400),
        ({"limit": ""}, 400),
        ({"limit": "\u0663"}, 400),
        ({"starting_after": "tomorrow"}, 400),
        ({"starting_after": "last"}, 400),
        ({"starting_after": IDS[0], "ending_before": IDS[1]}, 400),
    ],
)
def test_page_parameters_that_clever_refuses(query, status):
    with pytest.raises(RefusedError) as refused:
        parse_page_request(query)

    assert refused.value.status == status
