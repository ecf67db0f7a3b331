import gzip

import pytest
import requests

from clever.client import Client
from clever.errors import (
    ConnectionFailed,
    NotAvailable,
    PageTooLarge,
    RequestRefused,
    ServiceFailed,
    TokenRefused,
    TooManyRequests,
    UnreadableAnswer,
)
from clever.tests.conftest import TOKEN

DISTRICTS = "https://api.clever.com/v3.1/districts"
GOOD = b'{"data":[{"data":{"id":"d1"}}],"links":[]}'
HTML = b"<html><body>Bad gateway</body></html>"


def answer(body=GOOD, status=200, length=None, **headers):
    """Write an answer to the wire; `length` is what it claims to be."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {
        "Content-Length": len(body) if length is None else length,
        "Connection": "close",
        **named,
    }
    lines = [f"HTTP/1.1 {status} X", *(f"{k}: {v}" for k, v in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


HANG_UP = b""
CUT_OFF = answer(GOOD[:20], length=len(GOOD))
CUT_CHUNK = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    b"ff\r\n" + GOOD[:20]
)
CUT_UNANNOUNCED = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + GOOD[:20]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(HANG_UP, id="hung up"),
        pytest.param(CUT_OFF, id="cut off"),
        pytest.param(CUT_CHUNK, id="cut off in a chunk"),
        pytest.param(CUT_UNANNOUNCED, id="cut off, length unknown"),
        pytest.param(answer(GOOD[:-3]), id="broken JSON"),
        pytest.param(answer(HTML), id="HTML instead of JSON"),
        pytest.param(answer(b"x", Content_Encoding="gzip"), id="broken compression"),
        pytest.param(answer(b"", 429), id="429"),
        pytest.param(answer(b"", 500), id="500"),
        pytest.param(answer(HTML, 502), id="502"),
        pytest.param(answer(b"", 503), id="503"),
        pytest.param(answer(b"", 504), id="504"),
    ],
)
def test_passing_trouble_is_overcome_by_asking_again(host, client_of, trouble):
    clever = host(trouble, answer())

    district = client_of(clever).district()

    assert district.id == "d1"
    assert clever.requests == ["GET /v3.1/districts HTTP/1.1"] * 2


@pytest.mark.parametrize(
    ("trouble", "tries", "error"),
    [
        pytest.param(HANG_UP, 3, ConnectionFailed, id="hung up"),
        pytest.param(CUT_OFF, 2, ConnectionFailed, id="cut off"),
        pytest.param(answer(GOOD[:-3]), 2, UnreadableAnswer, id="broken JSON"),
        pytest.param(answer(HTML), 2, UnreadableAnswer, id="HTML instead of JSON"),
        pytest.param(answer(b"{}", 429), 3, TooManyRequests, id="429"),
        pytest.param(answer(HTML, 502), 3, ServiceFailed, id="502"),
    ],
)
def test_lasting_trouble_ends_after_a_few_tries(host, client_of, trouble, tries, error):
    clever = host(*[trouble] * tries)
    client = client_of(clever, retries=2, rereads=1)

    with pytest.raises(error) as caught:
        client.district()

    assert type(caught.value) is error
    assert caught.value.can_retry
    assert len(clever.requests) == tries


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, UnreadableAnswer),
        (302, UnreadableAnswer),
        (400, RequestRefused),
        (401, TokenRefused),
        (403, RequestRefused),
        (404, NotAvailable),
        (410, RequestRefused),
        (413, PageTooLarge),
        (501, RequestRefused),
    ],
)
@pytest.mark.parametrize(
    "body",
    [b'{"message":"No"}', b'{"error":"No"}', b'{"error":5}', HTML, b"", b"[" * 999],
)
def test_refusal_has_its_own_error(wire, client, status, error, body):
    location = {"Location": "https://evil.example/"}
    wire.get(DISTRICTS, status=status, body=body, headers=location)

    with pytest.raises(error) as caught:
        client.district()

    assert type(caught.value) is error
    assert {call.request.url for call in wire.calls} == {DISTRICTS}


def test_refusals_are_not_asked_again(wire, client):
    wire.get(DISTRICTS, status=401, json={"error": "Unrecognized API key"})

    with pytest.raises(TokenRefused) as caught:
        client.district()

    assert len(wire.calls) == 1
    assert caught.value.detail == "/v3.1/districts: 401 Unrecognized API key"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"X-Ratelimit-Reset": "1000042"}, 42, id="Clever's reset"),
        pytest.param({"Retry-After": "7"}, 7, id="Retry-After"),
        pytest.param({"X-Ratelimit-Reset": "9999999999"}, 90, id="a clock far off"),
        pytest.param({"Retry-After": "86400"}, 90, id="no honest wait is a day"),
    ],
)
def test_rate_limit_is_waited_for(host, client_of, sleeps, headers, seconds):
    client = client_of(host(answer(b"{}", 429, **headers), answer()))

    client.district()

    assert sleeps == [seconds]


@pytest.mark.parametrize("reset", ["999958", "soon", "-1"])
def test_reset_in_the_past_or_unreadable_still_backs_off(
    host, client_of, sleeps, reset
):
    refused = answer(b"{}", 429, **{"X-Ratelimit-Reset": reset})
    client = client_of(host(refused, refused, refused, answer()), backoff=1)

    client.district()

    assert sleeps == [2, 4]


def test_pauses_grow_from_the_given_backoff(host, client_of, sleeps):
    failed = answer(b"", 500, **{"X-Ratelimit-Reset": "1000042"})
    client = client_of(host(*[failed] * 4, answer()), backoff=0.5)

    client.district()

    assert sleeps == [1, 2, 4]


def test_rereads_wait_longer_each_time(host, client_of, sleeps):
    client = client_of(host(CUT_OFF, CUT_OFF, answer()), backoff=0.5)

    client.district()

    assert sleeps == [0.5, 1]


def test_what_sleep_raises_ends_the_request(host):
    def cancel(seconds):
        raise InterruptedError

    clever = host(CUT_OFF)
    with (
        Client(TOKEN, base_url=clever.url, sleep=cancel) as client,
        pytest.raises(InterruptedError),
    ):
        client.district()


def test_compressed_answers_are_read(host, client_of):
    packed = answer(gzip.compress(GOOD), Content_Encoding="gzip")

    assert client_of(host(packed)).district().id == "d1"


def test_unreachable_clever_is_a_connection_failure(host, client_of):
    clever = host()
    clever.close()
    client = client_of(clever, retries=1)

    with pytest.raises(ConnectionFailed, match="could not be reached"):
        client.district()


@pytest.mark.parametrize(
    "trouble",
    [
        requests.exceptions.ReadTimeout("no answer in 120 s"),
        requests.exceptions.SSLError("certificate verify failed"),
        requests.exceptions.ProxyError("no proxy"),
    ],
)
def test_troubles_below_http_are_connection_failures(wire, client, trouble):
    wire.get(DISTRICTS, body=trouble)

    with pytest.raises(ConnectionFailed) as caught:
        client.district()

    assert caught.value.detail == f"https://api.clever.com: {trouble}"


def test_timeouts_are_sent_with_each_request(wire, client):
    wire.get(DISTRICTS, body=GOOD)

    client.district()

    assert wire.calls[0].request.req_kwargs["timeout"] == (10, 120)
