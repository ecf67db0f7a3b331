"""Support's page of identities: whose it is, who reads of it, who is never left out."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from navsync.support.groups import LEAD
from tests.cast import make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db

SEPARATE = "has accounts in districts. Make a separate identity for support."


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.SUPPORT_MFA_REQUIRED = False


@pytest.fixture
def lead():
    user = User.objects.create_user("sam@navsync.example", "secret", is_staff=True)
    user.groups.set(Group.objects.filter(name=LEAD))
    return user


@pytest.fixture
def dana():
    return make_admin(make_district("oak"))


def form(user, **changes):
    """What the page sends of an identity as it is, but for the changes."""
    ticked = {
        name: "on"
        for name in ("is_active", "is_staff", "is_superuser")
        if getattr(user, name)
    }
    held = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "groups": [group.pk for group in user.groups.all()],
        **ticked,
        **changes,
    }
    return {name: value for name, value in held.items() if value is not None}


def save(by, user, **changes):
    """Send the page of an identity, None for what is not ticked; return the answer."""
    page = f"/admin/accounts/user/{user.pk}/change/"
    answer = signed_in(by).post(page, form(user, **changes))
    user.refresh_from_db()
    return answer


def test_somebody_of_a_district_is_not_made_support(lead, dana):
    answer = save(lead, dana, is_staff="on")

    assert f"Dana Whitfield {SEPARATE}" in answer.content.decode()
    assert not dana.is_staff


def test_who_is_both_already_is_left_so_and_may_stop(lead, dana):
    User.objects.filter(pk=dana.pk).update(is_staff=True)
    dana.refresh_from_db()

    renamed = save(lead, dana, first_name="Dee")
    stopped = save(lead, dana, is_staff=None)

    assert (renamed.status_code, stopped.status_code) == (302, 302)
    assert (dana.first_name, dana.is_staff) == ("Dee", False)
