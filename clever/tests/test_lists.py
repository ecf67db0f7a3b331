"""How lists are read: page by page, to the last one, and never elsewhere."""

import pytest
import requests

from clever.errors import (
    ForeignLink,
    IncompleteList,
    NotAvailable,
    UnreadableAnswer,
)
from clever.records import School
from clever.tests.pages import (
    API,
    id_of,
    next_schools,
    paths,
    schools,
    serve,
    serve_count,
    serve_schools,
)


def test_list_follows_next_links_to_the_last_page(wire, client):
    serve_schools(wire, schools(1, 2, following=next_schools(2)), count=3)
    serve_schools(wire, schools(3), after=2)

    found = list(client.schools())

    assert found == [School(id_of(1)), School(id_of(2)), School(id_of(3))]


def test_list_is_asked_for_one_page_ahead_of_what_is_read(wire, client):
    serve_schools(wire, schools(1, 2, following=next_schools(2)), count=5)
    serve_schools(wire, schools(3, 4, following=next_schools(4)), after=2)

    found = client.schools()

    assert next(found).id == id_of(1)
    assert paths(wire)[:2] == ["/v3.1/schools?count=true", "/v3.1/schools?limit=2"]
    assert {*paths(wire)[2:]} <= {next_schools(2)}
    assert [next(found).id, next(found).id] == [id_of(2), id_of(3)]
    assert paths(wire)[2] == next_schools(2)
    assert {*paths(wire)[3:]} <= {next_schools(4)}


@pytest.mark.parametrize(
    "bad", [{"status": 500}, {"body": requests.ConnectionError()}, {"body": "{"}]
)
def test_page_that_comes_badly_when_asked_for_ahead_is_asked_for_again(
    wire, client, bad
):
    serve_schools(wire, schools(1, 2, following=next_schools(2)), count=3)
    wire.get(f"{API}{next_schools(2)}", **bad)
    serve_schools(wire, schools(3), after=2)

    assert [school.id for school in client.schools()] == [id_of(n) for n in (1, 2, 3)]


@pytest.mark.parametrize("links", [None, [], [{"rel": "self"}], [{}], "absent"])
def test_full_page_without_next_link_is_the_last(wire, client, links):
    answer = schools(1, 2) | {"links": links}
    if links == "absent":
        del answer["links"]
    serve_schools(wire, answer, count=2)

    assert [school.id for school in client.schools()] == [id_of(1), id_of(2)]


def test_next_link_to_an_empty_page_ends_the_list(wire, client):
    serve_schools(wire, schools(1, 2, following=next_schools(2)), count=2)
    serve_schools(wire, schools(), after=2)

    assert len(list(client.schools())) == 2


def test_empty_list_is_a_list(wire, client):
    serve_schools(wire, schools(), count=0)

    assert list(client.schools()) == []


def test_list_that_ends_before_its_count_is_incomplete(wire, client):
    serve_schools(wire, schools(1, 2), count=5)

    with pytest.raises(IncompleteList) as caught:
        list(client.schools())

    assert caught.value.detail == "/schools: 2 of 5 records came"
    assert "list of schools ended early: only 2 of 5" in caught.value.user_message


def test_someone_leaving_while_a_list_is_read_does_not_spoil_it(wire, client):
    serve_count(wire, "/v3.1/schools", 3, 2)
    serve_schools(wire, schools(1, 2))

    assert len(list(client.schools())) == 2


def test_someone_coming_while_a_list_is_read_does_not_spoil_it(wire, client):
    serve_schools(wire, schools(1, 2), count=1)

    assert len(list(client.schools())) == 2


def test_list_is_read_where_clever_gives_no_count(wire, client):
    serve(wire, "/v3.1/schools", schools(1), count="true")
    serve_schools(wire, schools(1, 2))

    assert len(list(client.schools())) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param((1, 2), (1, 2), id="same page again"),
        pytest.param((1, 3), (2, 4), id="a step back"),
        pytest.param((2, 1), (), id="descending"),
        pytest.param((1, 1), (), id="twice the same"),
    ],
)
def test_list_whose_ids_do_not_ascend_is_incomplete(wire, client, first, second):
    serve_schools(wire, schools(*first, following=next_schools(first[-1])), count=4)
    serve_schools(wire, schools(*second), after=first[-1])

    with pytest.raises(IncompleteList, match="ids do not ascend"):
        list(client.schools())


def test_next_link_without_cursor_does_not_loop(wire, client):
    following = "/v3.1/schools?limit=2"
    serve_schools(wire, schools(1, 2, following=following), count=4)

    with pytest.raises(IncompleteList):
        list(client.schools())

    assert len(wire.calls) == 3


def test_empty_page_that_goes_on_is_incomplete(wire, client):
    serve_schools(wire, schools(following=next_schools(2)), count=4)

    with pytest.raises(IncompleteList, match="an empty page"):
        list(client.schools())


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v3.1/schools",
        "//evil.example/v3.1/schools",
        "http://api.clever.com/v3.1/schools",
        "https://api.clever.com:8443/v3.1/schools",
        "https://api.clever.com@evil.example/v3.1/schools",
        "https://someone@api.clever.com/v3.1/schools",
    ],
)
def test_link_to_another_host_is_refused_before_any_request(wire, client, link):
    serve_schools(wire, schools(1, 2, following=link), count=4)

    with pytest.raises(ForeignLink):
        list(client.schools())

    assert len(wire.calls) == 2


@pytest.mark.parametrize("link", ["?starting_after=2", "schools", "http://[", "@evil"])
def test_link_that_is_no_path_leaves_the_list_incomplete(wire, client, link):
    serve_schools(wire, schools(1, 2, following=link), count=4)

    with pytest.raises(IncompleteList):
        list(client.schools())


def test_next_link_without_address_is_unreadable(wire, client):
    serve_schools(wire, schools(1, 2, following=""), count=4)

    with pytest.raises(UnreadableAnswer):
        list(client.schools())


def test_absolute_link_to_clever_itself_is_followed(wire, client):
    following = f"https://API.clever.com:443{next_schools(2)}"
    serve_schools(wire, schools(1, 2, following=following), count=3)
    serve_schools(wire, schools(3), after=2)

    assert len(list(client.schools())) == 3


def test_list_that_is_not_shared_is_named(wire, client):
    wire.get(f"{API}/v3.1/sections", status=404, json={"message": "Not found"})

    with pytest.raises(NotAvailable) as caught:
        list(client.sections())

    assert type(caught.value) is NotAvailable
    assert "the data at /v3.1/sections" in caught.value.user_message
