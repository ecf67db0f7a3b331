import pytest
import requests


def ask(standin, query="owner_type=district", auth=None):
    return requests.get(
        f"{standin.url}/oauth/tokens?{query}",
        auth=auth or (standin.client_id, standin.client_secret),
        timeout=10,
    )


def test_the_tokens_of_all_districts_are_listed(standin):
    second = standin.add_district("small")

    body = ask(standin).json()

    assert [(t["owner"], t["access_token"]) for t in body["data"]] == [
        ({"type": "district", "id": standin.district_id}, standin.token),
        ({"type": "district", "id": second.id}, second.token),
    ]
    assert body["links"] == [
        {"rel": "self", "uri": "/oauth/tokens?owner_type=district"}
    ]


def test_one_districts_token_can_be_asked_for(standin):
    second = standin.add_district("small")

    body = ask(standin, f"owner_type=district&district={second.id}").json()

    assert [t["access_token"] for t in body["data"]] == [second.token]


def test_a_revoked_token_is_not_listed(standin):
    standin.fault("revoked")

    assert ask(standin).json()["data"] == []


@pytest.mark.parametrize("auth", [("standin-client", "wrong"), ("", ""), ("x", "y")])
def test_only_the_app_itself_sees_tokens(standin, auth):
    response = ask(standin, auth=auth)

    assert response.status_code == 401
    assert response.json() == {"error": "invalid_client"}


def test_tokens_of_other_owners_are_refused(standin):
    assert ask(standin, "owner_type=user").status_code == 400
