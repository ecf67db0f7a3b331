"""What every test shares: how Hypothesis searches, and the servers it may ask for."""

from queue import Empty

import pytest
from hypothesis import HealthCheck, settings

from navsync.celery import app as celery_app
from tests.services import chromium_path, reachable_redis
from tests.workers import use_broker

settings.register_profile(
    "navsync",
    deadline=None,  # a busy machine is no reason to fail
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("navsync")


@pytest.fixture
def redis_url() -> str:
    """The address of an empty Redis database of this test's own."""
    return reachable_redis()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium to drive."""
    return chromium_path()


@pytest.fixture
def sent(monkeypatch):
    """Keeps messages in memory; a call takes them out as (task's name, arguments)."""
    use_broker(monkeypatch, "memory://", {})

    def take():
        found = []
        with celery_app.connection_for_write() as connection:
            for name in ("imports", "default"):
                queue = connection.SimpleQueue(name)
                while True:
                    try:
                        message = queue.get(block=False)
                    except Empty:
                        break
                    message.ack()
                    name_of_task = message.headers["task"].rpartition(".")[2]
                    found.append((name_of_task, *message.payload[0]))
                queue.close()
        return found

    take()
    return take
