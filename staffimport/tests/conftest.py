import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from clever.client import Client
from clever.standin import Standin
from clever.standin.small import DOMAIN
from clever.standin.wire import Maker
from schools.audit import Actor
from schools.models import District, School
from staffimport.models import ImportRun
from staffimport.services.start import start_final, start_test
from staffimport.tests import repeating
from staffimport.tests.running import carry_out

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


@pytest.fixture
def tested(maple):
    """The district after a test import of its 32 placements."""
    assert carry_out(start_test, maple).state == ImportRun.State.SUCCEEDED
    return maple


@pytest.fixture
def imported(tested):
    """The district after its first final import: 32 accounts."""
    assert carry_out(start_final, tested).state == ImportRun.State.SUCCEEDED
    tested.refresh_from_db()
    return tested


@pytest.fixture
def gone(maple):
    """Somebody of the district who is not in Clever."""
    return StaffAccount.objects.create(
        district=maple, first_name="Gus", last_name="Gone", email="gone@maple.example"
    )


@pytest.fixture
def test(maple, gone, sent):
    """A test after which the account would become inactive."""
    run = repeating.carry_out(start_test(maple, DANA, send=False))
    assert repeating.row_of(run, gone).outcome == "inactive"
    return run
