"""The cast of these tests: two districts, and Clever for one of them."""

import pytest

from clever.standin import Standin
from schools.models import District


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
