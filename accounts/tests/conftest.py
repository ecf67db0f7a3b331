"""The cast of these tests: two districts with built-in roles, one with schools."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.services.roles import create_built_in_roles
from accounts.tests.at_clever import ADA, CALLBACK, HERE, XENIA, account
from clever.standin import Standin
from schools.models import District, School


@pytest.fixture
def maple(db):
    district = District.objects.create(slug="maple", name="Maple Valley")
    create_built_in_roles(district)
    for school_id in ("S1", "S2"):
        School.objects.create(district=district, school_id=school_id, name=school_id)
    return district


@pytest.fixture
def cedar(db):
    district = District.objects.create(slug="cedar", name="Cedar Ridge")
    create_built_in_roles(district)
    return district


@pytest.fixture
def standin(settings):
    """Clever on loopback with the small roster, which sends people back here."""
    with Standin("small", redirect_uri=f"{HERE}{CALLBACK}") as running:
        settings.CLEVER_API_URL = settings.CLEVER_OAUTH_URL = running.url
        settings.CLEVER_CLIENT_ID = running.client_id
        settings.CLEVER_CLIENT_SECRET = running.client_secret
        settings.SITE_URL = HERE
        yield running


@pytest.fixture
def launched(maple, standin):
    """Let the people of Maple Valley sign in with Clever."""
    cache.clear()
    maple.clever_id = standin.district_id
    maple.activated_at = maple.launched_at = timezone.now()
    maple.uses_sso = True
    maple.save()


@pytest.fixture
def xenia(maple):
    """Somebody with accounts at two schools."""
    return [account(maple, XENIA, school=school) for school in maple.schools.all()]


@pytest.fixture
def ada(maple):
    return account(
        maple, ADA, school=maple.schools.first(), first_name="Ada", last_name="Abara"
    )
