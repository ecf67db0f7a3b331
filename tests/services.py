"""The servers and programs that some tests need and not every machine has."""

import os
import shutil
from typing import NoReturn

import pytest
import redis

REDIS_SERVER = os.environ.get("TEST_REDIS_SERVER", "redis://127.0.0.1:6379")


def missing(what: str, remedy: str) -> NoReturn:
    """Skip the test and say why; fail it where NAVSYNC_REQUIRE_SERVICES is 1.

    `what` is what is missing, `remedy` how to get it, both as parts of a sentence.
    """
    reason = f"{what}: {remedy}."
    if os.environ.get("NAVSYNC_REQUIRE_SERVICES") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def reachable_redis() -> str:
    """Return the address of an empty Redis database, or end the test by `missing`.

    Tests that run side by side (pytest-xdist's gw0, gw1, …) each get one of their own.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    url = f"{REDIS_SERVER}/{10 + int(worker.removeprefix('gw')) % 6}"
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1) as client:
            client.flushdb()
    except redis.ConnectionError:
        missing(
            f"No Redis answers at {REDIS_SERVER}",
            "start one, or name one in TEST_REDIS_SERVER (databases 10 to 15 are "
            "emptied)",
        )
    return url


def chromium_path() -> str:
    """Return the path of a Chromium, or end the test by `missing`."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    missing("No Chromium is installed", "on Debian: apt install chromium")
