import pytest
import requests

from clever.standin import Standin
from clever.standin.changes import UnknownChangeError
from clever.standin.wire import Maker

MAPLE = Maker(1, "maplevalley.example")
ADA = MAPLE.user_id(1)


def events(get, query=""):
    return [item["data"] for item in get(f"/events{query}").json()["data"]]


def last_sync(get):
    return get("/districts").json()["data"][0]["data"]["last_sync"]


def test_nothing_has_happened_at_first(get):
    assert events(get) == []
    assert events(get, "?ending_before=last&limit=1") == []


def test_a_newcomer_is_served_and_told_of(get, standin):
    role = {"staff": {"schools": [MAPLE.school_id(1)], "title": "Registrar"}}
    record = {"name": {"first": "New", "last": "Comer"}, "roles": role}

    user_id = standin.change("add", kind="users", record=record)

    served = get(f"/users/{user_id}").json()["data"]
    assert served["name"] == {"first": "New", "last": "Comer"}
    assert served["district"] == standin.district_id
    assert get("/users?role=staff").json()["data"][-1]["data"] == served
    assert [(e["type"], e["data"]) for e in events(get)] == [
        ("users.created", {"object": served})
    ]


def test_an_update_tells_the_old_values_of_what_changed_alone(get, standin):
    standin.change(
        "update",
        kind="users",
        id=ADA,
        set={"name": {"last": "Okoye"}, "email": "ada.abara@maplevalley.example"},
    )

    [event] = events(get)
    assert event["type"] == "users.updated"
    assert event["data"]["object"]["name"] == {
        "first": "Ada",
        "middle": None,
        "last": "Okoye",
    }
    assert event["data"]["previous_attributes"] == {
        "name": {"first": "Ada", "middle": None, "last": "Abara"}
    }


def test_old_values_can_be_put_on_top_of_the_event():
    with Standin("small", previous_attributes="top") as standin:
        standin.change("update", kind="users", id=ADA, set={"email": "a@b.example"})
        headers = {"Authorization": f"Bearer {standin.token}"}

        body = requests.get(f"{standin.url}/v3.1/events", headers=headers, timeout=10)

    event = body.json()["data"][0]["data"]
    assert event["previous_attributes"] == {"email": "ada.abara@maplevalley.example"}
    assert list(event["data"]) == ["object"]


def test_an_update_that_changes_nothing_is_no_event(get, standin):
    standin.change("update", kind="users", id=ADA, set={"name": {"first": "Ada"}})

    assert events(get) == []


def test_who_leaves_is_gone_but_for_the_event_and_the_sections(get, standin):
    standin.change("remove", kind="users", id=ADA)

    assert get(f"/users/{ADA}").status_code == 404
    assert len(get("/users").json()["data"]) == 29
    [event] = events(get)
    assert (event["type"], event["data"]["object"]["id"]) == ("users.deleted", ADA)
    section = get(f"/sections/{MAPLE.section_id(1)}").json()["data"]
    assert section["teachers"] == [ADA]


def test_a_new_clever_id_is_a_leaver_and_a_newcomer(get, standin):
    new_id = standin.change("new_id", id=ADA)

    assert get(f"/users/{ADA}").status_code == 404
    assert get(f"/users/{new_id}").json()["data"]["name"]["last"] == "Abara"
    assert [(e["type"], e["data"]["object"]["id"]) for e in events(get)] == [
        ("users.deleted", ADA),
        ("users.created", new_id),
        ("sections.updated", MAPLE.section_id(1)),
        ("sections.updated", MAPLE.section_id(2)),
    ]
    section = get(f"/sections/{MAPLE.section_id(1)}").json()["data"]
    assert (section["teacher"], section["teachers"]) == (new_id, [new_id])


def test_an_unshared_school_is_told_of_as_deletions_and_back_as_creations(get, standin):
    school = MAPLE.school_id(3)

    standin.change("unshare", school=school)
    gone = [e["type"] for e in events(get)]
    standin.change("share", school=school)
    back = [e["type"] for e in events(get)][len(gone) :]

    expected = {"schools": 1, "users": 6, "sections": 8}
    for kind, count in expected.items():
        assert gone.count(f"{kind}.deleted") == count
        assert back.count(f"{kind}.created") == count
    assert len(gone) == len(back) == 15
    assert len(get("/users").json()["data"]) == 30


def test_people_with_another_school_stay_when_one_is_unshared(get, standin):
    standin.change("unshare", school=MAPLE.school_id(2))

    assert get(f"/users/{MAPLE.user_id(24)}").status_code == 200


def test_what_is_not_shared_changes_without_an_event(get, standin):
    standin.change("unshare", school=MAPLE.school_id(3))
    before = len(events(get))

    standin.change("update", kind="users", id=MAPLE.user_id(17), set={"email": None})

    assert len(events(get)) == before


def test_each_sync_moves_last_sync():
    moment = [1_790_000_000.0]
    with Standin("small", clock=lambda: moment[0]) as standin:
        before = standin.district.record["last_sync"]
        moment[0] += 3600
        standin.sync([])
        after = standin.district.record["last_sync"]

    assert (before, after) == ("2026-09-21T14:13:20.000Z", "2026-09-21T15:13:20.000Z")


def test_events_page_from_a_cursor_and_from_the_end(get, standin):
    for n in range(1, 6):
        standin.change("remove", kind="users", id=MAPLE.user_id(n))
    everything = [event["id"] for event in events(get)]

    newest = [event["id"] for event in events(get, "?ending_before=last&limit=1")]
    rest = [event["id"] for event in events(get, f"?starting_after={everything[1]}")]

    assert everything == sorted(everything)
    assert newest == everything[-1:]
    assert rest == everything[2:]
    assert get(f"/events/{everything[0]}").json()["data"]["type"] == "users.deleted"


def test_events_are_filtered_by_kind_and_school(get, standin):
    standin.change("new_id", id=MAPLE.user_id(10))
    standin.change("update", kind="schools", id=MAPLE.school_id(1), set={"name": "X"})

    kinds = [e["type"] for e in events(get, "?record_type=users&record_type=schools")]
    there = [e["type"] for e in events(get, f"?school={MAPLE.school_id(2)}")]

    assert kinds == ["users.deleted", "users.created", "schools.updated"]
    assert there == ["sections.updated"]


def test_events_are_kept_for_thirty_days():
    moment = [1_790_000_000.0]
    with Standin("small", clock=lambda: moment[0]) as standin:
        standin.change("remove", kind="users", id=ADA)
        moment[0] += 29 * 86400
        kept = len(standin.district.events_since(moment[0]))
        moment[0] += 2 * 86400
        dropped = len(standin.district.events_since(moment[0]))

    assert (kept, dropped) == (1, 0)


def test_changes_are_made_over_http_as_one_sync(get, standin):
    changes = [
        {"do": "update", "kind": "users", "id": ADA, "set": {"email": None}},
        {"do": "remove", "kind": "sections", "id": MAPLE.section_id(41)},
    ]

    response = requests.post(
        f"{standin.url}/_standin/changes", json={"changes": changes}, timeout=10
    )

    assert response.status_code == 200
    assert response.json()["ids"] == [ADA, MAPLE.section_id(41)]
    assert response.json()["last_sync"] == last_sync(get)
    assert [e["type"] for e in events(get)] == ["users.updated", "sections.deleted"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"do": "vanish"}, "vanish"),
        ({"do": "remove", "kind": "users", "id": "nobody"}, "nobody"),
        ({"do": "remove", "kind": "pets", "id": ADA}, "pets"),
        ({"do": "remove", "kind": "users"}, "id"),
        ({"do": "unshare", "school": "nowhere"}, "nowhere"),
        ({"do": "add", "kind": "users", "record": {"id": ADA}}, ADA),
        ({"do": "add", "kind": "users", "record": {"id": 5}}, "5 of users"),
        ({"do": "update", "kind": "users", "id": ADA, "set": {"roles": None}}, "roles"),
        ({"do": "update", "kind": "users", "id": ADA, "set": {"id": "x"}}, "new_id"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(get, standin, change, word):
    response = requests.post(
        f"{standin.url}/_standin/changes", json={"changes": [change]}, timeout=10
    )

    assert response.status_code == 400
    assert word in response.json()["message"]
    with pytest.raises(UnknownChangeError, match=word):
        standin.sync([change])
    assert len(get("/users").json()["data"]) == 30


def test_the_state_can_be_looked_at(get, standin):
    get("/users")
    standin.change("remove", kind="users", id=ADA)

    state = requests.get(f"{standin.url}/_standin", timeout=10).json()

    assert state["districts"][0]["users"] == 29
    assert state["requests"] == {"/v3.1/users": 1}
    assert standin.token not in str(state)
