import requests

from clever.standin import Standin
from clever.standin.limits import RateLimit


def test_the_count_starts_again_with_each_minute():
    limit = RateLimit(2)

    seen = [limit.spend("token", now) for now in (59.0, 59.5, 59.9, 60.0)]

    assert [a.remaining for a in seen] == [1, 0, 0, 1]
    assert [a.is_exceeded for a in seen] == [False, False, True, False]
    assert [a.reset for a in seen] == [60, 60, 60, 120]


def test_each_token_has_its_own_count():
    limit = RateLimit(1)

    first, second = limit.spend("one", 0), limit.spend("two", 0)

    assert not first.is_exceeded
    assert not second.is_exceeded


def test_the_request_after_the_last_allowed_one_gets_429_until_the_reset():
    moment = [120.0]
    with Standin("small", rate_limit=2, clock=lambda: moment[0]) as standin:
        headers = {"Authorization": f"Bearer {standin.token}"}
        address = f"{standin.url}/v3.1/districts"

        answers = [requests.get(address, headers=headers, timeout=9) for _ in range(3)]
        moment[0] = 180.0
        later = requests.get(address, headers=headers, timeout=9)

    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[2].headers["X-Ratelimit-Reset"] == "180"
    assert later.status_code == 200


def test_every_answer_says_how_much_is_left(get):
    for path in ("/users", "/nowhere", "/users?limit=x"):
        headers = get(path).headers

        assert headers["X-Ratelimit-Bucket"] == "bearer"
        assert headers["X-Ratelimit-Limit"] == "1200"
        assert int(headers["X-Ratelimit-Remaining"]) < 1200
        assert int(headers["X-Ratelimit-Reset"]) % 60 == 0
