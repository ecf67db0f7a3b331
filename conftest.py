"""What every test shares: how Hypothesis searches, and the servers it may ask for."""

import pytest
from hypothesis import HealthCheck, settings

from tests.services import chromium_path, reachable_redis

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
