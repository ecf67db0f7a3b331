import pytest
from django.utils import timezone

from clever.client import Client
from clever.standin import Standin
from clever.standin.small import DOMAIN
from clever.standin.wire import Maker
from schools.audit import Actor
from schools.models import District, School

DANA = Actor("Dana Whitfield")


@pytest.fixture
def standin():
    """Clever on loopback with the small roster, Maple Valley."""
    with Standin(roster="small") as running:
        yield running


@pytest.fixture
def ids():
    """The Clever ids of the small roster: `ids.user_id(1)` and so on."""
    return Maker(1, DOMAIN)


@pytest.fixture
def clever(standin):
    """A client of the stand-in that never waits."""
    with Client(standin.token, base_url=standin.url, sleep=lambda _: None) as client:
        yield client


@pytest.fixture
def maple(db, standin, settings):
    """A connected district with the stand-in's three schools and no accounts."""
    settings.CLEVER_API_URL = standin.url
    district = District.objects.create(
        slug="maple",
        name="Maple Valley",
        activated_at=timezone.now(),
        clever_id=standin.district_id,
        clever_token=standin.token,
        uses_sso=False,
    )
    for number, name in enumerate(("High School", "Middle School", "Elementary"), 1):
        School.objects.create(
            district=district,
            school_id=f"S{number}",
            name=f"Maple Valley {name}",
            nces_id=f"06999800010{number}",
        )
    return district


@pytest.fixture
def cedar(db):
    """Another district, connected to nothing that answers."""
    return District.objects.create(
        slug="cedar", name="Cedar Ridge", clever_id="c" * 24, clever_token="t" * 40
    )
