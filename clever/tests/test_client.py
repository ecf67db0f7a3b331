"""What the client asks for, what it makes of it, and whom it shows the token."""

import logging

import pytest

from clever.client import Client
from clever.errors import (
    BadAddress,
    NotAvailable,
    NotFound,
    TokenRefused,
)
from clever.records import Name, Roles, School, Section, StaffRole, TeacherRole, User
from clever.tests.conftest import TOKEN
from clever.tests.pages import (
    API,
    id_of,
    page,
    paths,
    serve,
    serve_count,
)


def test_users_of_a_role_come_with_all_their_roles(wire, client):
    record = {
        "id": id_of(1),
        "email": "p.okafor@example.org",
        "name": {"first": "Pat", "middle": None, "last": "Okafor"},
        "created": "2024-07-30T08:11:02.113Z",
        "roles": {
            "teacher": {"school": "s1", "schools": ["s1", "s2"], "sis_id": "T1042"},
            "staff": {"staff_id": "S-889", "schools": ["s1"], "roles": ["PortalOnly"]},
            "student": None,
        },
        "lms_status": {"synced_in_lms": True},
    }
    serve_count(wire, "/v3.1/users", 1, role="staff")
    serve(wire, "/v3.1/users", page(record), role="staff", limit="2")

    found = list(client.users("staff"))

    teacher = TeacherRole(school="s1", schools=("s1", "s2"), sis_id="T1042")
    staff = StaffRole(staff_id="S-889", schools=("s1",), roles=("PortalOnly",))
    assert found == [
        User(
            id=id_of(1),
            email="p.okafor@example.org",
            name=Name(first="Pat", last="Okafor"),
            roles=Roles(teacher=teacher, staff=staff),
            created="2024-07-30T08:11:02.113Z",
        )
    ]


def test_sections_say_who_teaches_where(wire, client):
    record = {"id": id_of(1), "school": "s1", "teacher": "t1", "teachers": ["t1", "t2"]}
    serve_count(wire, "/v3.1/sections", 1)
    serve(wire, "/v3.1/sections", page(record | {"students": ["x"]}), limit="2")

    assert list(client.sections()) == [Section(id_of(1), "s1", "t1", ("t1", "t2"))]


@pytest.mark.parametrize(
    ("teacher", "teachers", "expected"),
    [
        (None, (), ()),
        ("a", (), ("a",)),
        (None, ("b",), ("b",)),
        ("a", ("a", "b"), ("a", "b")),
        ("a", ("b", "c"), ("a", "b", "c")),
    ],
)
def test_everyone_named_in_a_section_teaches_it(teacher, teachers, expected):
    section = Section("s", teacher=teacher, teachers=teachers)

    assert section.teacher_ids == expected


def test_district_is_the_only_one_of_its_token(wire, client):
    serve(
        wire, "/v3.1/districts", page({"id": "d1", "name": "Maple", "state": "paused"})
    )

    district = client.district()

    assert (district.id, district.name, district.state) == ("d1", "Maple", "paused")


@pytest.mark.parametrize("districts", [[], [{"id": "d1"}, {"id": "d2"}]])
def test_token_of_no_district_or_of_several_is_not_available(wire, client, districts):
    serve(wire, "/v3.1/districts", page(*districts))

    with pytest.raises(NotAvailable, match="one token stands for one district"):
        client.district()


def test_events_go_on_after_the_cursor_and_keep_wanted_kinds(wire, client):
    event = {"id": id_of(9), "type": "users.deleted", "data": {"object": {"id": "u1"}}}
    wire.get(f"{API}/v3.1/events", json=page(event))

    (found,) = client.events(after=id_of(8), record_type=["users", "sections"])

    assert (found.subject, found.verb) == ("users", "deleted")
    assert paths(wire) == [
        f"/v3.1/events?starting_after={id_of(8)}"
        "&record_type=users&record_type=sections&limit=2"
    ]


@pytest.mark.parametrize(("ids", "newest"), [([id_of(7)], id_of(7)), ([], None)])
def test_newest_event_is_asked_for_alone(wire, client, ids, newest):
    events = page(*({"id": i, "type": "users.created"} for i in ids))
    serve(wire, "/v3.1/events", events, ending_before="last", limit="1")

    assert client.newest_event_id() == newest


def test_one_person_is_fetched_by_clever_id(wire, client):
    serve(wire, "/v3.1/users/u1", {"data": {"id": "u1"}, "links": []})

    assert client.user("u1") == User("u1")


def test_person_who_is_gone_is_not_found(wire, client):
    wire.get(f"{API}/v3.1/users/u1", status=404, json={"message": "Resource not found"})

    with pytest.raises(NotFound) as caught:
        client.user("u1")

    assert caught.value.detail == "/v3.1/users/u1: 404 Resource not found"


def test_id_cannot_leave_its_place_in_the_path(wire, client):
    wire.get(f"{API}/v3.1/users/..%2Fdistricts", json={"data": {"id": "u1"}})

    assert client.user("../districts").id == "u1"


def test_lists_of_one_person_and_of_one_school(wire, client):
    serve(wire, "/v3.1/users/u1/schools", page({"id": "s1"}), limit="2")
    serve(wire, "/v3.1/users/u1/sections", page({"id": "c1"}), limit="2")
    serve(wire, "/v3.1/schools/s1/users", page({"id": "u1"}), limit="2", role="teacher")

    assert list(client.user_schools("u1")) == [School("s1")]
    assert list(client.user_sections("u1")) == [Section("c1")]
    assert list(client.school_users("s1", "teacher")) == [User("u1")]


def test_count_of_a_role(wire, client):
    serve_count(wire, "/v3.1/users", 901, role="teacher")

    assert client.count("users", "teacher") == 901


def test_version_and_address_are_the_callers(wire, sleeps):
    wire.get("http://localhost:8300/v3.0/districts", json=page({"id": "d1"}))

    with Client(TOKEN, base_url="http://localhost:8300/", version="v3.0") as client:
        assert client.district().id == "d1"


@pytest.mark.parametrize("token", ["", "  ", "two words", "a\nb", "tøken", "a\x00b"])
def test_token_that_cannot_be_one_is_refused_without_showing_it(token):
    with pytest.raises(TokenRefused) as caught:
        Client(token)

    assert caught.value.args[0] == ""
    assert "empty or contains characters" in caught.value.user_message


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.clever.com",
        "ftp://api.clever.com",
        "https://",
        "https://api.clever.com/v3.1",
        "https://me@api.clever.com",
        "https://api.clever.com:port",
        "https://api.clever.com?x=1",
    ],
)
def test_address_that_is_none_is_refused(address):
    with pytest.raises(BadAddress):
        Client(TOKEN, base_url=address)


def test_token_is_sent_but_never_shown(wire, caplog):
    caplog.set_level(logging.DEBUG)
    said = {"error": f"Unrecognized API key {TOKEN}"}
    wire.get(f"{API}/v3.1/districts", status=401, json=said)

    with Client(f"{TOKEN}\n") as client, pytest.raises(TokenRefused) as caught:
        client.district()

    assert wire.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"
    shown = f"{client!r} {vars(client)} {caught.value!r} {caught.value} {caplog.text}"
    assert TOKEN not in shown
    assert "Unrecognized API key [secret]" in caught.value.detail


def test_netrc_does_not_replace_the_token(wire, client, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.clever.com login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    serve(wire, "/v3.1/districts", page({"id": "d1"}))

    client.district()

    assert wire.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"
