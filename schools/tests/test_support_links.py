"""Links that other apps add to support's pages."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from schools import support_links
from schools.models import District
from schools.support_links import SupportLink, add_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def links(monkeypatch):
    """Two links on districts' pages, one of which suits no district."""
    kept: dict[type, list[SupportLink]] = {District: []}
    monkeypatch.setattr(support_links, "_LINKS", kept)
    add_links(
        District,
        SupportLink("Look", "schools.add_district", lambda d: f"/look/{d.slug}/"),
        SupportLink("Never", "schools.add_district", lambda d: "/", lambda d: False),
    )


@pytest.fixture
def reader(client, settings):
    """Somebody of support who may look at districts."""
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_user("ann@navsync.example", "secret", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_district"))
    client.force_login(user)
    return user


def page(client, district):
    return client.get(f"/admin/schools/district/{district.pk}/change/").content.decode()


def test_a_link_is_for_those_who_hold_its_permission(client, reader, links, maple):
    without = page(client, maple)
    reader.user_permissions.add(Permission.objects.get(codename="add_district"))
    with_it = page(client, maple)

    assert "/look/maple/" not in without
    assert '<a href="/look/maple/">Look</a>' in with_it


def test_a_link_that_does_not_suit_is_not_shown(client, reader, links, maple):
    reader.user_permissions.add(Permission.objects.get(codename="add_district"))

    assert "Never" not in page(client, maple)
