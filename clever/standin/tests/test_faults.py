import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from clever.standin.wire import Maker

MAPLE = Maker(1, "maplevalley.example")


@pytest.mark.parametrize("status", [404, 500, 501, 503, 504])
def test_a_status_fault_refuses_with_a_message(get, standin, status):
    standin.fault(str(status))

    response = get("/users")

    assert response.status_code == status
    assert response.json()["message"]
    assert "X-Ratelimit-Remaining" in response.headers


def test_a_bad_gateway_is_a_page_not_json(get, standin):
    standin.fault("502")

    response = get("/users")

    assert response.status_code == 502
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_rate_limit_fault_says_when_to_come_back(get, standin):
    standin.fault("429", seconds=30)

    response = get("/users")

    assert response.status_code == 429
    assert response.headers["X-Ratelimit-Remaining"] == "0"
    reset = int(response.headers["X-Ratelimit-Reset"])
    assert 25 <= reset - standin.state.clock() <= 30


def test_a_slow_answer_is_late(get, standin):
    standin.fault("slow", seconds=5, times=1)

    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{standin.url}/v3.1/users", timeout=0.2)

    assert get("/users").status_code == 200


def test_a_slow_answer_comes_at_once_when_the_faults_are_switched_off(get, standin):
    standin.fault("slow", seconds=600, times=1)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(get, "/users")
        while standin.state.faults.active():
            time.sleep(0.01)

        standin.clear_faults()

        assert answer.result(timeout=10).status_code == 200


def test_a_hang_up_leaves_the_caller_without_an_answer(get, standin):
    standin.fault("hang_up", times=1)

    with pytest.raises(requests.ConnectionError):
        get("/users")

    assert get("/users").status_code == 200


def test_a_cut_off_answer_is_shorter_than_it_says(get, standin):
    standin.fault("cut_off", times=1)

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get("/users")

    assert len(get("/users").json()["data"]) == 30


def test_broken_json_arrives_whole_but_does_not_parse(get, standin):
    standin.fault("broken_json")

    response = get("/users")

    assert response.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        response.json()


def test_an_html_answer_pretends_all_is_well(get, standin):
    standin.fault("html")

    response = get("/users")

    assert response.status_code == 200
    assert response.text.startswith("<!DOCTYPE html>")


def test_a_revoked_token_is_refused(get, standin):
    standin.fault("revoked")

    assert get("/users").status_code == 401


@pytest.mark.parametrize(("records", "served"), [(None, 10), (0, 0), (7, 7)])
def test_a_list_that_ends_early_stops_without_next(get, standin, records, served):
    standin.fault("ends_early", path="/users?role=teacher", records=records)

    body = get("/users?role=teacher&limit=20").json()
    staff = get("/users?role=staff").json()

    assert len(body["data"]) == served
    assert [link["rel"] for link in body["links"]] == ["self"]
    assert len(staff["data"]) == 7


def test_a_list_that_ends_early_still_pages_up_to_there(get, standin):
    standin.fault("ends_early", path="/users", records=5)

    first = get("/users?limit=3").json()
    second = get(first["links"][-1]["uri"].removeprefix("/v3.1")).json()

    assert [len(page["data"]) for page in (first, second)] == [3, 2]
    assert "next" not in [link["rel"] for link in second["links"]]


def test_an_empty_list_is_empty(get, standin):
    standin.fault("empty")

    body = get("/sections").json()

    assert body["data"] == []


def test_an_empty_list_is_counted_as_empty_too(get, standin):
    standin.fault("empty", path="/sections")

    assert get("/sections?count=true").json()["count"] == 0
    assert get("/users?count=true").json()["count"] == 30


def test_a_stuck_list_leads_back_to_the_same_page(get, standin):
    standin.fault("stuck")

    links = get("/users?limit=5").json()["links"]

    assert links == [
        {"rel": "self", "uri": "/v3.1/users?limit=5"},
        {"rel": "next", "uri": "/v3.1/users?limit=5"},
    ]


def test_a_foreign_link_leads_to_another_host(get, standin):
    standin.fault("foreign_link")

    link = get("/users?limit=5").json()["links"][-1]

    assert link["uri"].startswith("http://elsewhere.example/v3.1/users")


def test_an_unordered_page_comes_backwards(get, standin):
    standin.fault("unordered")

    page = [item["data"]["id"] for item in get("/users").json()["data"]]

    assert page == sorted(page, reverse=True)


@pytest.mark.parametrize(
    ("kind", "state"), [("paused", "paused"), ("erroring", "error")]
)
def test_a_district_can_be_paused_or_in_error_and_serve_all_the_same(
    get, standin, kind, state
):
    standin.fault(kind)

    assert get("/districts").json()["data"][0]["data"]["state"] == state
    assert get(f"/districts/{standin.district_id}").json()["data"]["state"] == state
    assert len(get("/users").json()["data"]) == 30


def test_an_unshared_school_takes_its_sections_and_people_along(get, standin):
    school = MAPLE.school_id(3)
    standin.fault("unshared", school=school)

    assert get(f"/schools/{school}").status_code == 404
    assert len(get("/schools").json()["data"]) == 2
    assert len(get("/sections").json()["data"]) == 33
    assert len(get("/users").json()["data"]) == 24
    assert get(f"/users/{MAPLE.user_id(17)}").status_code == 404


def test_a_fault_lasts_for_so_many_requests(get, standin):
    standin.fault("500", path="/users", times=2)

    statuses = [get(p).status_code for p in ("/users", "/schools", "/users", "/users")]

    assert statuses == [500, 200, 500, 200]


def test_a_fault_lasts_until_cleared(get, standin):
    standin.fault("500")

    before = [get("/users").status_code for _ in range(3)]
    standin.clear_faults()

    assert before == [500, 500, 500]
    assert get("/users").status_code == 200


@pytest.mark.parametrize(
    ("path", "hit", "missed"),
    [
        ("/users", "/users?limit=1", "/schools"),
        ("/users", "/users", f"/users/{MAPLE.user_id(1)}"),
        ("/users*", f"/users/{MAPLE.user_id(1)}/schools", "/districts"),
        ("/users?role=staff", "/users?limit=2&role=staff", "/users?role=teacher"),
        ("/schools/*/users", f"/schools/{MAPLE.school_id(1)}/users", "/users"),
    ],
)
def test_a_fault_hits_only_the_paths_it_names(get, standin, path, hit, missed):
    standin.fault("503", path=path)

    assert get(missed).status_code == 200
    assert get(hit).status_code == 503


def test_a_fault_can_spare_the_other_districts(get, standin):
    second = standin.add_district("small")
    standin.fault("500", district=second.id)

    assert get("/users").status_code == 200
    assert get("/users", token=second.token).status_code == 500


def test_faults_are_switched_over_http_too(get, standin):
    address = f"{standin.url}/_standin/faults"
    order = {"kind": "503", "path": "/users", "times": 5}

    added = requests.post(address, json=order, timeout=10)
    spoilt = get("/users").status_code
    listed = requests.get(address, timeout=10).json()
    cleared = requests.delete(address, timeout=10).json()

    assert (added.status_code, spoilt) == (201, 503)
    assert listed == {"faults": [{**order, "times": 4}]}
    assert cleared == {"faults": []}
    assert get("/users").status_code == 200


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ({"kind": "earthquake"}, "earthquake"),
        ({"kind": "slow", "speed": 3}, "speed"),
        ({"kind": "slow", "seconds": "three"}, "seconds"),
        ({}, "kind"),
    ],
)
def test_a_fault_nobody_knows_is_refused_with_its_name(standin, order, word):
    response = requests.post(f"{standin.url}/_standin/faults", json=order, timeout=10)

    assert response.status_code == 400
    assert word in response.json()["message"]
    with pytest.raises(ValueError, match=word):
        standin.state.faults.add(order)
