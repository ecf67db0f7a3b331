import pytest
from responses.matchers import query_param_matcher, urlencoded_params_matcher

from clever.errors import (
    BadAddress,
    CodeRefused,
    ConnectionFailed,
    ForeignLink,
    IncompleteList,
    ServiceFailed,
    TokenRefused,
    UnreadableAnswer,
)
from clever.oauth import (
    DistrictToken,
    SignIn,
    authorize_url,
    district_tokens,
    exchange_code,
    instant_login_url,
)

TOKENS = "https://clever.com/oauth/tokens"
SELF = {"rel": "self", "uri": "/oauth/tokens?owner_type=district"}


def token(district="d1", **fields):
    return {
        "id": f"t-{district}",
        "created": "2026-08-01T00:00:00.000Z",
        "owner": {"type": "district", "id": district},
        "access_token": f"secret-{district}",
        "scopes": ["read:staff"],
    } | fields


def serve(wire, *tokens, following=None, **params):
    links = [SELF, *([{"rel": "next", "uri": following}] if following else [])]
    query = query_param_matcher({"owner_type": "district"} | params)
    wire.get(TOKENS, json={"data": list(tokens), "links": links}, match=[query])


def test_connected_districts_come_with_their_tokens(wire):
    serve(wire, token("d1"), token("d2", scopes=None, created=None))

    found = district_tokens("app", "key")

    assert found == [
        DistrictToken("d1", "secret-d1", ("read:staff",), "2026-08-01T00:00:00.000Z"),
        DistrictToken("d2", "secret-d2"),
    ]
    assert wire.calls[0].request.headers["Authorization"] == "Basic YXBwOmtleQ=="


def test_one_district_can_be_asked_for(wire):
    serve(wire, district="d1")

    assert district_tokens("app", "key", district="d1") == []


def test_pages_of_tokens_are_followed(wire):
    serve(wire, token("d1"), following="/oauth/tokens?owner_type=district&page=2")
    serve(wire, token("d2"), page="2")

    assert [t.district_id for t in district_tokens("app", "key")] == ["d1", "d2"]


def test_tokens_whose_next_page_is_the_same_are_incomplete(wire):
    serve(wire, token("d1"), following="/oauth/tokens?owner_type=district")

    with pytest.raises(IncompleteList):
        district_tokens("app", "key")


def test_the_secret_does_not_follow_a_link_to_another_host(wire):
    serve(wire, token("d1"), following="https://evil.example/oauth/tokens")

    with pytest.raises(ForeignLink):
        district_tokens("app", "key")


@pytest.mark.parametrize(
    "fields",
    [
        {"owner": {"type": "user", "id": "u1"}},
        {"owner": None},
        {"owner": {"type": "district", "id": None}},
        {"access_token": None},
        {"access_token": ""},
    ],
)
def test_tokens_that_are_no_districts_are_left_out(wire, fields):
    serve(wire, token("d1", **fields), token("d2"))

    assert [t.district_id for t in district_tokens("app", "key")] == ["d2"]


def test_tokens_are_not_shown():
    shown = (
        f"{DistrictToken('d1', 'secret-d1')!r} {SignIn('il-secret', 'jwt-secret')!r}"
    )

    assert "secret" not in shown


@pytest.mark.parametrize("secret", ["", "two words", "a\nb"])
def test_unusable_secret_is_refused_before_any_request(wire, secret):
    with pytest.raises(TokenRefused, match="client id and secret"):
        district_tokens("app", secret)

    assert len(wire.calls) == 0


def test_wrong_secret_is_said_to_be_the_applications(wire):
    wire.get(TOKENS, status=401, json={"error": "invalid_client key"})

    with pytest.raises(TokenRefused, match="client id and secret") as caught:
        district_tokens("app", "key")

    assert caught.value.detail == "/oauth/tokens: 401 invalid_client [secret]"


@pytest.mark.parametrize("body", ["<html></html>", "{}", '{"data":5}', '{"data":[5]}'])
def test_answer_of_another_shape_is_unreadable(wire, sleeps, body):
    wire.get(TOKENS, body=body)

    with pytest.raises(UnreadableAnswer):
        district_tokens("app", "key", sleep=sleeps.append)

    assert len(wire.calls) == 3


def test_address_of_clever_must_be_one():
    with pytest.raises(BadAddress):
        district_tokens("app", "key", "clever.com")


def test_sign_in_address_carries_the_state():
    url = authorize_url("app", "https://us.example/back?x=1", "s t", district="d1")

    assert url == (
        "https://clever.com/oauth/authorize?response_type=code&client_id=app"
        "&redirect_uri=https%3A%2F%2Fus.example%2Fback%3Fx%3D1&state=s+t&district_id=d1"
    )


def test_district_picker_is_left_to_clever_without_a_district():
    url = authorize_url("app", "https://us.example/", "s", "http://localhost:8300/")

    assert url.startswith("http://localhost:8300/oauth/authorize?")
    assert "district_id" not in url


def test_instant_login_link_names_app_and_district():
    expected = "https://clever.com/oauth/instant-login?client_id=app&district_id=d1"

    assert instant_login_url("app", "d1") == expected


def test_code_is_exchanged_for_a_token(wire):
    form = {
        "code": "c1",
        "grant_type": "authorization_code",
        "redirect_uri": "https://us.example/back",
    }
    answer = {"access_token": "il123", "token_type": "bearer"}
    wire.post(TOKENS, json=answer, match=[urlencoded_params_matcher(form)])

    found = exchange_code("c1", "https://us.example/back", "app", "key")

    assert found == SignIn("il123")
    assert wire.calls[0].request.headers["Authorization"] == "Basic YXBwOmtleQ=="


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, '{"error":"invalid_grant","error_description":"used"}', CodeRefused),
        (401, '{"error":"invalid_client"}', TokenRefused),
        (503, "<html>", ServiceFailed),
        (200, "<html>", UnreadableAnswer),
        (200, '{"token_type":"bearer"}', UnreadableAnswer),
    ],
)
def test_refused_code_is_tried_only_once(wire, status, body, error):
    wire.post(TOKENS, status=status, body=body)

    with pytest.raises(error) as caught:
        exchange_code("c1", "https://us.example/back", "app", "key")

    assert type(caught.value) is error
    assert len(wire.calls) == 1


def test_answer_to_a_code_that_breaks_off_is_not_asked_for_again(host):
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{"
    clever = host(cut)

    with pytest.raises(ConnectionFailed):
        exchange_code("c1", "https://us.example/back", "app", "key", clever.url)

    assert clever.requests == ["POST /oauth/tokens HTTP/1.1"]
