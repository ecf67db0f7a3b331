"""The console while Redis is away, and the cache once it is there."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from navsync import redis_cache
from navsync.demo.processes import free_port
from tests.cast import PASSWORD, make_admin, make_district
from tests.services import reachable_redis


def use_cache(settings, url):
    """Make the cache that production has with a Redis at an address."""
    settings.CACHES = {
        "default": {
            "BACKEND": "navsync.redis_cache.RedisOrMemoryCache",
            "LOCATION": url,
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
    cache = caches["default"]
    cache.clear()
    return cache


@pytest.fixture
def away(settings):
    cache = use_cache(settings, f"redis://127.0.0.1:{free_port(6399)}/0")
    yield cache
    cache.clear()


@pytest.fixture
def dana(db):
    return make_admin(make_district("oak"))


def sign_in(client, email, password):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_and_the_console_need_no_redis(away, dana):
    client = Client()

    answer = sign_in(client, dana.email, PASSWORD)

    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/").status_code == 200


def test_wrong_passwords_are_still_limited_while_redis_is_away(away, dana):
    pages = [sign_in(Client(), dana.email, f"wrong {n}").text for n in range(12)]

    assert "Too many" not in pages[0]
    assert "Too many" in pages[-1]


def test_the_memory_keeps_what_a_page_keeps_while_redis_is_away(away, caplog):
    away.set("a", [1], timeout=60)
    away.add("n", 0)
    away.incr("n")

    assert (away.get("a"), away.get("n"), away.get("none", 5)) == ([1], 1, 5)
    assert away.get_many(["a", "n"]) == {"a": [1], "n": 1}
    assert away.delete("a")
    records = [*caplog.get_records("setup"), *caplog.records]
    said = [r for r in records if r.name == redis_cache.__name__]
    assert len(said) == 1  # not at every turn
    assert "without Redis" in said[0].getMessage()


def test_redis_is_used_when_it_is_there_and_again_once_it_is_back(
    settings, monkeypatch
):
    cache = use_cache(settings, reachable_redis())
    cache.set("kept", "in redis")
    client = cache._cache
    monkeypatch.setattr(client, "_away_until", float("inf"))
    without = cache.get("kept")
    monkeypatch.setattr(client, "_away_until", 0.0)

    assert without is None
    assert cache.get("kept") == "in redis"
    cache.delete("kept")
