"""The cast of these tests: districts, Clever for one, schools of another."""

import pytest

from accounts.models import User
from clever.standin import Standin
from schools.models import District
from schools.tests.building import matched, our, their
from tests.cast import make_district


@pytest.fixture
def clever(settings):
    """Clever on loopback with the small roster, as the settings' address of Clever."""
    with Standin(roster="small") as standin:
        settings.CLEVER_API_URL = standin.url
        yield standin


@pytest.fixture
def maple(db):
    return District.objects.create(slug="maple", name="Maple Valley", clever_id="m1")


@pytest.fixture
def cedar(db):
    return District.objects.create(slug="cedar", name="Cedar Ridge", clever_id="c1")


@pytest.fixture
def oak(db):
    return make_district("oak")


@pytest.fixture
def virtual(oak):
    return their(oak, "Virtual Academy", staff_count=9)


@pytest.fixture
def online(oak):
    return our(oak, "Online School")


@pytest.fixture
def lincoln(oak):
    """A match of Lincoln with Lincoln."""
    return matched(their(oak, "Lincoln"), our(oak, "Lincoln"))


@pytest.fixture
def support(client, settings):
    """The browser of somebody of support who may all."""
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("sam@navsync.example", "secret-password")
    client.force_login(user)
    return client
