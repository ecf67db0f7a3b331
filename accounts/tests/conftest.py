"""The cast of these tests: two districts with built-in roles, one with schools."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.access import rights_in
from accounts.models import Right, User, UserRole
from accounts.services.roles import create_built_in_roles
from accounts.tests.at_clever import ADA, CALLBACK, HERE, XENIA, account
from accounts.tests.by_hand import MANAGER, make
from clever.standin import Standin
from schools.audit import Actor
from schools.models import District, School


@pytest.fixture
def maple(db):
    district = District.objects.create(slug="maple", name="Maple Valley")
    create_built_in_roles(district)
    for school_id in ("S1", "S2"):
        School.objects.create(district=district, school_id=school_id, name=school_id)
    return district


@pytest.fixture
def mails(maple):
    """Maple Valley, which does not use Clever SSO."""
    maple.uses_sso = False
    maple.save()
    return maple


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


@pytest.fixture
def school(maple):
    return maple.schools.get(school_id="S1")


@pytest.fixture
def dana(maple):
    """The district's site manager, as who asks."""
    user = User.objects.create_user("dana@maple.example", first_name="Dana")
    make(maple, role=MANAGER, user=user, last_name="Whitfield", email=user.email)
    return Actor("Dana Whitfield", user)


@pytest.fixture
def clerk(maple):
    """Somebody who may manage staff, but neither imports nor roles."""
    rights = [Right.MANAGE_STAFF]
    UserRole.objects.create(district=maple, name="Clerk", rights=rights)
    user = User.objects.create_user("kim@maple.example", first_name="Kim")
    make(maple, role="Clerk", user=user, last_name="Marsh", email=user.email)
    assert rights_in(user, maple) == {Right.MANAGE_STAFF}
    return Actor("Kim Marsh", user)


@pytest.fixture
def jordan(school):
    return make(school.district, school, "Teacher", clever_id="c1")
