import pytest
import requests

from clever.standin import Standin
from clever.standin.wire import Maker

MAPLE = Maker(1, "maplevalley.example")


def ids(response: requests.Response) -> list[str]:
    return [item["data"]["id"] for item in response.json()["data"]]


def users(*numbers: int) -> list[str]:
    return [MAPLE.user_id(n) for n in numbers]


def test_a_list_item_carries_its_data_and_a_relative_address(get):
    item = get("/schools?limit=1").json()["data"][0]

    assert item["data"]["name"] == "Maple Valley High School"
    assert item["uri"] == f"/v3.1/schools/{MAPLE.school_id(1)}"


def test_a_single_object_carries_links_to_what_hangs_on_it(get):
    body = get(f"/users/{MAPLE.user_id(24)}").json()

    address = f"/v3.1/users/{MAPLE.user_id(24)}"
    assert body["data"]["roles"]["staff"]["title"] == "School Counselor"
    assert body["links"] == [
        {"rel": "self", "uri": address},
        {"rel": "district", "uri": f"{address}/district"},
        {"rel": "schools", "uri": f"{address}/schools"},
        {"rel": "sections", "uri": f"{address}/sections"},
    ]


def test_the_older_version_is_served_with_its_own_addresses(standin):
    address = f"{standin.url}/v3.0/users?limit=1"
    headers = {"Authorization": f"Bearer {standin.token}"}

    body = requests.get(address, headers=headers, timeout=10).json()

    assert body["data"][0]["uri"] == f"/v3.0/users/{MAPLE.user_id(1)}"
    assert body["links"][1]["uri"].startswith("/v3.0/users?limit=1&starting_after=")


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("", users(*range(1, 31))),
        ("teacher", users(*range(1, 21))),
        ("staff", users(*range(21, 28))),
        ("district_admin", users(28, 29, 30)),
        ("student", []),
    ],
)
def test_users_are_listed_by_role(get, role, expected):
    assert ids(get("/users", params={"role": role} if role else {})) == expected


def test_count_gives_the_number_without_the_records(get):
    body = get("/users?role=teacher&count=true").json()

    assert body == {
        "count": 20,
        "links": [{"rel": "self", "uri": "/v3.1/users?role=teacher&count=true"}],
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/schools/{MAPLE.school_id(2)}/users?role=staff", users(22, 24, 26)),
        (f"/schools/{MAPLE.school_id(3)}/users", users(17, 18, 19, 20, 23, 27)),
        (
            f"/schools/{MAPLE.school_id(3)}/users?primary=true&role=teacher",
            users(17, 18, 19, 20),
        ),
        (
            f"/schools/{MAPLE.school_id(3)}/sections",
            [MAPLE.section_id(n) for n in range(33, 41)],
        ),
        (
            f"/users/{MAPLE.user_id(24)}/schools",
            [MAPLE.school_id(1), MAPLE.school_id(2)],
        ),
        (f"/users/{MAPLE.user_id(24)}/schools?primary=true", []),
        (f"/users/{MAPLE.user_id(1)}/schools?primary=true", [MAPLE.school_id(1)]),
        (
            f"/users/{MAPLE.user_id(10)}/sections",
            [MAPLE.section_id(n) for n in (19, 20, 41)],
        ),
        (f"/users/{MAPLE.user_id(28)}/schools", []),
        (f"/sections/{MAPLE.section_id(41)}/users?role=teacher", users(10)),
        (f"/sections/{MAPLE.section_id(41)}/users?role=student", []),
    ],
)
def test_what_hangs_on_an_object_is_listed(get, path, expected):
    assert ids(get(path)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/sections/{MAPLE.section_id(41)}/school", MAPLE.school_id(2)),
        (f"/sections/{MAPLE.section_id(1)}/district", MAPLE.district_id),
        (f"/schools/{MAPLE.school_id(1)}/district", MAPLE.district_id),
        (f"/users/{MAPLE.user_id(1)}/district", MAPLE.district_id),
        (f"/districts/{MAPLE.district_id}", MAPLE.district_id),
        (f"/schools/{MAPLE.school_id(3)}", MAPLE.school_id(3)),
        (f"/sections/{MAPLE.section_id(3)}", MAPLE.section_id(3)),
    ],
)
def test_single_objects_are_found(get, path, expected):
    assert get(path).json()["data"]["id"] == expected


def test_districts_is_a_list_of_the_tokens_one(get, standin):
    assert ids(get("/districts")) == [standin.district_id]
    assert get("/districts?count=true").json()["count"] == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/users/{MAPLE.user_id(99)}", 404),
        ("/users/nobody", 404),
        (f"/schools/{MAPLE.school_id(9)}/users", 404),
        (f"/districts/{MAPLE.school_id(1)}", 404),
        ("/teachers", 404),
        ("/events/nothing", 404),
        ("/users?role=pirate", 400),
        (f"/schools/{MAPLE.school_id(1)}/users?role=district_admin", 400),
        ("/users?count=maybe", 400),
        ("/users?limit=10001", 413),
    ],
)
def test_refusals_are_json_with_a_message(get, path, status):
    response = get(path)

    assert response.status_code == status
    assert response.json()["message"]


@pytest.mark.parametrize("token", ["", "wrong", "0" * 40])
def test_a_token_of_nobody_is_refused(get, token):
    response = get("/users", token=token)

    assert response.status_code == 401
    assert response.json() == {"error": "Unrecognized API key"}


def test_a_rotated_token_is_refused_from_then_on(get, standin):
    old = standin.token
    new = standin.district.rotate_token()

    assert get("/districts", token=old).status_code == 401
    assert get("/districts", token=new).status_code == 200


def test_each_district_of_a_server_is_seen_by_its_own_token_alone():
    with Standin("small") as standin:
        second = standin.add_district("small")
        address = f"{standin.url}/v3.1/users"
        headers = {"Authorization": f"Bearer {second.token}"}

        response = requests.get(address, headers=headers, timeout=10)

        assert second.id != standin.district_id
        assert {u["data"]["district"] for u in response.json()["data"]} == {second.id}


def test_requests_are_counted_by_path(get, standin):
    get("/users?limit=1")
    get("/users?limit=2")
    get("/nowhere")

    assert standin.requests == {"/v3.1/users": 2, "/v3.1/nowhere": 1}


def test_a_tokens_repr_is_never_shown(standin):
    assert standin.token not in repr(standin.district)
    assert standin.token not in repr(standin.state)
