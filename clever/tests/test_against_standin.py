"""The client against the stand-in: every list and object, changes, tokens."""

import time
from collections import Counter

import pytest

from clever import oauth
from clever.client import Client
from clever.decoding import record_of
from clever.errors import CodeRefused, NotFound, TokenRefused
from clever.standin import Standin
from clever.standin.codes import Visitor
from clever.standin.messy import GONE_TEACHER, MESSES
from clever.standin.wire import Maker
from clever.tests.served import (
    MAPLE,
    QUICK,
    ROLES,
    client_of,
    expected_lists,
    lists,
)

THORNBURY = Maker(1, "thornbury.example")
ADA, JONAS, XENIA = MAPLE.user_id(1), MAPLE.user_id(10), MAPLE.user_id(24)
HIGH, MIDDLE, ELEMENTARY = (MAPLE.school_id(n) for n in (1, 2, 3))


@pytest.fixture
def standin():
    with Standin("small") as running:
        yield running


@pytest.fixture
def client(standin):
    with client_of(standin) as client:
        yield client


@pytest.fixture(scope="module")
def demo():
    """The demo roster, which tests here only read."""
    with Standin("demo") as running:
        yield running


@pytest.fixture(scope="module")
def messy():
    """The messy roster, which tests here only read."""
    with Standin("messy") as running:
        yield running


# Every list and object


@pytest.mark.parametrize("page_size", [1, 3, 20, 10_000])
def test_pages_of_any_size_give_the_small_roster_whole(standin, page_size):
    with client_of(standin, page_size=page_size) as client:
        read = lists(client)

    assert read == expected_lists("small")


@pytest.mark.parametrize("page_size", [97, 10_000])
def test_pages_of_any_size_give_the_demo_roster_whole(demo, page_size):
    with client_of(demo, page_size=page_size) as client:
        read = lists(client)

    assert read == expected_lists("demo")
    assert len(read["sections"]) == 2431


def test_the_dirt_of_the_messy_roster_is_read_without_losing_anybody(messy):
    with client_of(messy, page_size=5) as client:
        read = lists(client)

    assert read == expected_lists("messy")


def test_both_versions_of_clever_are_read_alike(standin):
    with client_of(standin, version="v3.0") as client:
        assert lists(client) == expected_lists("small")

    assert "/v3.1/users" not in standin.requests


@pytest.mark.parametrize("fixture", ["standin", "demo"])
def test_the_district_is_the_tokens_own(request, fixture):
    served = request.getfixturevalue(fixture)

    with client_of(served) as client:
        district = client.district()

    assert (district.id, district.name) == (
        served.district_id,
        served.district.record["name"],
    )
    assert district.last_sync == served.district.record["last_sync"]


def test_every_user_can_be_fetched_alone(standin, client):
    everyone = {user.id: user for role in ROLES for user in client.users(role)}

    assert {key: client.user(key) for key in everyone} == everyone


def test_what_hangs_on_a_person_and_on_a_school_is_read(client):
    sections = [section.id for section in client.user_sections(JONAS)]

    assert sections == [MAPLE.section_id(n) for n in (19, 20, 41)]
    assert [school.id for school in client.user_schools(XENIA)] == [HIGH, MIDDLE]
    assert [user.id for user in client.school_users(MIDDLE, "staff")] == [
        MAPLE.user_id(n) for n in (22, 24, 26)
    ]


def test_lists_are_as_long_as_they_are_counted(demo):
    with client_of(demo, page_size=500) as client:
        read = lists(client)
        counts = {
            "schools": client.count("schools"),
            **{role: client.count("users", role) for role in ROLES},
            "sections": client.count("sections"),
        }

    assert counts == {name: len(records) for name, records in read.items()}


def test_who_holds_several_roles_comes_in_each_list_the_same(messy):
    everything = THORNBURY.user_id(MESSES["all_three_roles"])

    with client_of(messy) as client:
        found = [
            user
            for role in ROLES
            for user in client.users(role)
            if user.id == everything
        ]
        alone = client.user(everything)

    assert found == [alone] * 3
    held = (alone.roles.teacher, alone.roles.staff, alone.roles.district_admin)
    assert None not in held


def test_a_section_may_name_a_teacher_who_is_not_there(messy):
    gone = THORNBURY.user_id(GONE_TEACHER)

    with client_of(messy) as client:
        taught = [s for s in client.sections() if gone in s.teacher_ids]

        assert len(taught) == 2
        with pytest.raises(NotFound, match=gone):
            client.user(gone)


@pytest.mark.parametrize("clever_id", ["f" * 24, "no-id", "../users", ""])
def test_an_id_of_nobody_is_not_found(client, clever_id):
    with pytest.raises(NotFound):
        client.user(clever_id)


# Changes and events


CHANGES = [
    {"do": "update", "kind": "users", "id": ADA, "set": {"name": {"last": "Okoye"}}},
    {"do": "update", "kind": "users", "id": JONAS, "set": {"email": None}},
    {"do": "remove", "kind": "users", "id": XENIA},
    {"do": "new_id", "id": MAPLE.user_id(11)},
    {
        "do": "add",
        "kind": "users",
        "record": {
            "name": {"first": "New", "last": "Comer"},
            "roles": {"staff": {"schools": [HIGH], "title": "Registrar"}},
        },
    },
    {"do": "update", "kind": "schools", "id": HIGH, "set": {"name": "Valley High"}},
    {"do": "remove", "kind": "sections", "id": MAPLE.section_id(41)},
    {"do": "unshare", "school": ELEMENTARY},
]


@pytest.mark.parametrize("previous_attributes", ["inside", "top"])
def test_a_change_tells_what_was_before(previous_attributes):
    with Standin("small", previous_attributes=previous_attributes) as standin:
        standin.change("update", kind="users", id=ADA, set={"email": "a@b.example"})

        with client_of(standin) as client:
            [event] = client.events()

    assert (event.subject, event.verb) == ("users", "updated")
    assert event.previous_attributes == {"email": "ada.abara@maplevalley.example"}
    assert getattr(record_of(event), "email", "") == "a@b.example"


def record_in(event):
    record = record_of(event)
    assert record is not None
    return record


@pytest.mark.parametrize("page_size", [1, 4, 1000])
def test_the_events_of_changes_lead_from_the_old_roster_to_the_new(standin, page_size):
    with client_of(standin, page_size=page_size) as client:
        known = by_subject(lists(client))
        synced = client.district().last_sync
        standin.sync(CHANGES)

        for event in client.events():
            record = record_in(event)
            if event.verb == "deleted":
                del known[event.subject][record.id]
            else:
                assert (record.id in known[event.subject]) is (event.verb == "updated")
                known[event.subject][record.id] = record

        assert known == by_subject(lists(client))
        assert client.district().last_sync > synced


def by_subject(read):
    users = [user for role in ROLES for user in read[role]]
    return {
        "schools": {school.id: school for school in read["schools"]},
        "users": {user.id: user for user in users},
        "sections": {section.id: section for section in read["sections"]},
    }


def test_events_go_on_where_the_last_reading_ended(standin, client):
    standin.change("remove", kind="users", id=ADA)
    newest = client.newest_event_id()
    standin.change("remove", kind="users", id=JONAS)

    assert [record_in(event).id for event in client.events(newest)] == [JONAS]
    assert list(client.events(client.newest_event_id())) == []


def test_events_of_wanted_kinds_only(standin, client):
    standin.sync(CHANGES)

    kinds = Counter(event.subject for event in client.events())
    wanted = client.events(record_type=["users", "schools"])

    assert set(kinds) == {"users", "schools", "sections"}
    assert Counter(event.subject for event in wanted) == {
        "users": kinds["users"],
        "schools": kinds["schools"],
    }


def test_a_district_where_nothing_happened_has_no_newest_event(client):
    assert client.newest_event_id() is None


@pytest.mark.parametrize("kind", ["500", "cut_off", "hang_up", "html"])
def test_trouble_that_passes_costs_no_event(standin, kind):
    standin.sync(CHANGES)

    with client_of(standin, page_size=3) as client:
        whole = [event.id for event in client.events()]
        standin.fault(kind, path="/events", times=1)

        assert [event.id for event in client.events()] == whole


# The tokens of all districts


def tokens_of(standin, secret=None, **options):
    return oauth.district_tokens(
        standin.client_id,
        secret or standin.client_secret,
        standin.url,
        sleep=lambda _: None,
        patience=QUICK,
        **options,
    )


def test_every_connected_district_is_listed_with_its_token(standin):
    second = standin.add_district("messy")

    found = {token.district_id: token.access_token for token in tokens_of(standin)}

    assert found == {standin.district_id: standin.token, second.id: second.token}


def test_one_district_is_listed_alone(standin):
    second = standin.add_district("messy")

    [token] = tokens_of(standin, district=second.id)

    with Client(token.access_token, base_url=standin.url) as client:
        assert client.district().id == second.id


def test_who_has_disconnected_is_not_listed(standin):
    second = standin.add_district("messy")
    standin.fault("revoked", district=standin.district_id)

    assert [token.district_id for token in tokens_of(standin)] == [second.id]


def test_a_wrong_secret_is_refused_as_the_applications(standin):
    with pytest.raises(TokenRefused) as caught:
        tokens_of(standin, secret="not-the-secret")

    assert "client id and secret" in caught.value.user_message
    assert "not-the-secret" not in str(caught.value)


def test_a_sign_in_code_leads_to_who_signed_in(standin):
    visitor = Visitor(standin.district_id, XENIA)
    code = standin.state.sign_ins.new_code(visitor, "https://app.example/", time.time())
    signed_in = oauth.exchange_code(
        code,
        "https://app.example/",
        standin.client_id,
        standin.client_secret,
        standin.url,
    )

    with Client(signed_in.access_token, base_url=standin.url, patience=QUICK) as client:
        me = client.me()
        user = client.user(me.id)

    assert (me.id, me.district) == (XENIA, standin.district_id)
    assert user.name.last == "Xu"
    with pytest.raises(CodeRefused):
        oauth.exchange_code(
            code,
            "https://app.example/",
            standin.client_id,
            standin.client_secret,
            standin.url,
        )
