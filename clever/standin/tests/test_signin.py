"""Clever's sign-in: who may get a code, what it is good for, what its token reads."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from clever.standin import Standin
from clever.standin.wire import Maker

APP = "https://naviance.example/callback/"
MAPLE = Maker(1, "")
XENIA = MAPLE.user_id(24)


@pytest.fixture
def moment():
    return [1_000_000.0]


@pytest.fixture
def standin(moment):
    with Standin("small", clock=lambda: moment[0], redirect_uri=APP) as running:
        yield running


@pytest.fixture
def browser():
    with requests.Session() as session:
        yield session


def authorize_url(standin, **changes):
    query = {
        "response_type": "code",
        "client_id": standin.client_id,
        "redirect_uri": APP,
        "state": "s1",
        **changes,
    }
    return f"{standin.url}/oauth/authorize?{urlencode(query)}"


def sign_in(browser, standin, user=XENIA, after="/portal", district=""):
    return browser.post(
        f"{standin.url}/signin",
        {"district": district or standin.district_id, "user": user, "next": after},
        allow_redirects=False,
    )


def returned(response):
    """What the app gets: the address without its query, and the query."""
    where = urlsplit(response.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(where.query).items()}
    return where._replace(query="").geturl(), query


def a_code(browser, standin):
    sign_in(browser, standin)
    answer = browser.get(authorize_url(standin), allow_redirects=False)
    return returned(answer)[1]["code"]


def exchange(standin, code, auth=None, **changes):
    sent = {"grant_type": "authorization_code", "redirect_uri": APP, "code": code}
    return requests.post(
        f"{standin.url}/oauth/tokens",
        {**sent, **changes},
        auth=auth or (standin.client_id, standin.client_secret),
        timeout=10,
    )


def read(standin, path, token):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{standin.url}/v3.1{path}", headers=headers, timeout=10)


def test_whoever_is_signed_in_to_clever_returns_at_once_with_the_state(
    browser, standin
):
    sign_in(browser, standin)

    answer = browser.get(authorize_url(standin), allow_redirects=False)

    where, query = returned(answer)
    assert (where, query["state"]) == (APP, "s1")
    assert query["code"]


def test_anybody_else_chooses_a_person_and_goes_on_from_there(browser, standin):
    page = browser.get(authorize_url(standin))
    after = urlsplit(authorize_url(standin))
    found = browser.get(f"{page.url}&q=xu")

    answer = sign_in(browser, standin, after=f"{after.path}?{after.query}")
    back = browser.get(
        f"{standin.url}{answer.headers['Location']}", allow_redirects=False
    )

    assert "Log in to Clever" in page.text
    assert "30 of 30 people" in page.text
    assert "1 of 1 people" in found.text
    assert "Xenia Xu" in found.text
    assert "Ada Abara" not in found.text
    assert returned(back)[1]["state"] == "s1"


def test_cancelling_is_told_to_the_app(browser, standin):
    answer = browser.get(authorize_url(standin, denied="1"), allow_redirects=False)

    assert returned(answer) == (APP, {"error": "access_denied", "state": "s1"})


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "other"}, {"redirect_uri": "https://evil.example/callback/"}],
)
def test_no_code_goes_to_an_app_or_an_address_that_is_not_registered(
    browser, standin, changes
):
    sign_in(browser, standin)

    answer = browser.get(authorize_url(standin, **changes), allow_redirects=False)

    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_the_portals_icon_logs_in_without_a_state(browser, standin):
    portal = browser.get(standin.portal_url)
    sign_in(browser, standin)
    icon = f"/oauth/instant-login?client_id={standin.client_id}&district_id="
    shown = browser.get(standin.portal_url).text
    answer = browser.get(
        f"{standin.url}{icon}{standin.district_id}", allow_redirects=False
    )

    where, query = returned(answer)
    assert "Log in to Clever" in portal.text
    assert f"{icon}{standin.district_id}".replace("&", "&amp;") in shown
    assert where == APP
    assert set(query) == {"code"}
    assert exchange(standin, query["code"]).status_code == 200


def test_after_logging_out_of_clever_the_portal_asks_who_one_is(browser, standin):
    sign_in(browser, standin)

    page = browser.post(f"{standin.url}/signout")

    assert "Log in to Clever" in page.text


def test_a_person_of_another_district_is_asked_again_where_the_app_names_one(
    browser, standin
):
    second = standin.add_district("small")
    sign_in(browser, standin)

    page = browser.get(authorize_url(standin, district_id=second.id))

    assert "Log in to Clever" in page.text


def test_with_several_districts_one_says_first_which_is_ones_own(browser, standin):
    second = standin.add_district("messy")

    page = browser.get(authorize_url(standin))

    assert "Find your district" in page.text
    assert f"district={second.id}" in page.text


def test_a_code_is_good_once(browser, standin):
    code = a_code(browser, standin)

    first, second = exchange(standin, code), exchange(standin, code)

    assert first.json()["token_type"] == "bearer"
    assert first.json()["access_token"].startswith("il")
    assert second.status_code == 400
    assert second.json()["error"] == "invalid_grant"


def test_a_code_is_good_for_a_minute(browser, standin, moment):
    code = a_code(browser, standin)
    moment[0] += 61

    assert exchange(standin, code).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"redirect_uri": "https://naviance.example/other/"}, 400),
        ({"grant_type": "password"}, 400),
        ({"auth": ("standin-client", "wrong")}, 401),
    ],
)
def test_a_code_is_good_for_the_app_and_address_it_was_sent_to(
    browser, standin, changes, status
):
    assert exchange(standin, a_code(browser, standin), **changes).status_code == status


def test_a_code_may_be_exchanged_as_json(browser, standin):
    sent = {
        "grant_type": "authorization_code",
        "redirect_uri": APP,
        "code": a_code(browser, standin),
    }
    answer = requests.post(
        f"{standin.url}/oauth/tokens",
        json=sent,
        auth=(standin.client_id, standin.client_secret),
        timeout=10,
    )

    assert answer.status_code == 200


def test_a_sign_ins_token_reads_its_own_person_and_district_alone(browser, standin):
    token = exchange(standin, a_code(browser, standin)).json()["access_token"]

    me = read(standin, "/me", token).json()
    user = read(standin, f"/users/{XENIA}", token).json()
    district = read(standin, f"/districts/{standin.district_id}", token).json()

    assert (me["data"]["id"], me["data"]["district"]) == (XENIA, standin.district_id)
    assert user["data"]["name"]["last"] == "Xu"
    assert district["data"]["id"] == standin.district_id
    for path in ("/users", "/schools", f"/users/{MAPLE.user_id(1)}", "/sections"):
        assert read(standin, path, token).status_code == 404


def test_a_districts_token_is_nobodys_sign_in(standin):
    assert read(standin, "/me", standin.token).status_code == 404


def test_faults_reach_the_sign_in_too(browser, standin):
    code = a_code(browser, standin)
    standin.fault("500", path="/me")
    standin.fault("503", path="/oauth/tokens", times=1)

    assert exchange(standin, code).status_code == 503
    token = exchange(standin, code).json()["access_token"]
    assert read(standin, "/me", token).status_code == 500


def test_nobody_is_led_away_from_clever_after_signing_in(browser, standin):
    for away in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
        answer = sign_in(browser, standin, after=away)

        assert answer.headers["Location"] == "/portal"


def test_somebody_unknown_does_not_sign_in(browser, standin):
    assert sign_in(browser, standin, user="f" * 24).status_code == 404
