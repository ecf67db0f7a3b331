"""Support takes a lost second factor away: from whom, on whose word, on record."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from accounts.models import User
from navsync.support.groups import LEAD, SUPPORT
from schools.models import AuditEntry
from tests.cast import make_account, make_admin, make_district, make_school, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/mfa/authenticator/"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.SUPPORT_MFA_REQUIRED = False


def member(email, *groups, **fields):
    """Make somebody of support who is in the groups."""
    user = User.objects.create_user(email, "secret", is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


@pytest.fixture
def lead():
    return member("sam@navsync.example", LEAD)


@pytest.fixture
def root():
    return User.objects.create_superuser("root@navsync.example", "secret")


def factor_of(user):
    return Authenticator.objects.create(user=user, type="totp", data={"secret": "S3"})


def delete(by, factor):
    page = reverse("admin:mfa_authenticator_delete", args=[factor.pk])
    return signed_in(by).post(page, {"post": "yes"}, follow=True).content.decode()


def delete_listed(by, factors, **more):
    sent = {
        "action": "delete_selected",
        "_selected_action": [factor.pk for factor in factors],
        **more,
    }
    return signed_in(by).post(LIST, sent, follow=True).content.decode()


def those_above(lead, root):
    """The second factors that a lead leaves alone, their own among them."""
    stopped = member("lou@navsync.example", LEAD, is_active=False)
    own = member("max@navsync.example")
    own.user_permissions.set(Permission.objects.filter(codename="delete_group"))
    peer = member("lee@navsync.example", LEAD, first_name="Lee", last_name="Park")
    return [factor_of(user) for user in (root, peer, stopped, own, lead)]


def test_a_lead_takes_no_second_factor_from_peers_or_superusers(lead, root):
    for factor in those_above(lead, root):
        page = reverse("admin:mfa_authenticator_change", args=[factor.pk])

        assert "/delete/" not in signed_in(lead).get(page).content.decode()
        said = delete(lead, factor)

        assert f"{factor.user.email}" in said
        assert "only a superuser takes it away" in said
        assert Authenticator.objects.filter(pk=factor.pk).exists()
    assert not AuditEntry.objects.exists()


def test_of_a_list_those_of_peers_and_superusers_are_left_out(lead, root):
    kept = those_above(lead, root)
    lost = factor_of(member("pat@navsync.example", SUPPORT))

    asked = delete_listed(lead, [*kept, lost])
    sent = delete_listed(lead, [*kept, lost], post="yes")

    for page in (asked, sent):
        assert page.count("only a superuser takes it away") == len(kept)
        assert "Lee Park (lee@navsync.example)" in page
    assert "Are you sure" in asked
    assert [f.pk for f in Authenticator.objects.order_by("pk")] == [f.pk for f in kept]


def test_of_a_list_of_those_alone_nothing_is_asked(lead, root):
    said = delete_listed(lead, [factor_of(root)], post="yes")

    assert "Are you sure" not in said
    assert "only a superuser takes it away" in said
    assert Authenticator.objects.exists()


def test_a_lead_takes_it_from_districts_and_ordinary_support(lead):
    dana = make_admin(make_district("oak"))
    for person in (dana, member("pat@navsync.example", SUPPORT)):
        delete(lead, factor_of(person))

    assert not Authenticator.objects.exists()


def test_a_superuser_takes_it_from_anybody(lead, root):
    other = User.objects.create_superuser("kim@navsync.example", "secret")
    for person in (lead, other):
        delete(root, factor_of(person))

    assert not Authenticator.objects.exists()


def test_ordinary_support_takes_it_from_nobody(lead):
    pat = member("pat@navsync.example", SUPPORT)
    dana = make_admin(make_district("oak"))

    sent = signed_in(pat).post(
        reverse("admin:mfa_authenticator_delete", args=[factor_of(dana).pk]),
        {"post": "yes"},
    )

    assert sent.status_code == 403
    assert Authenticator.objects.exists()


def test_the_trail_says_whose_it_was_and_the_account_that_shows_it(lead):
    oak = make_district("oak")
    dana = make_admin(oak)
    oldest = dana.staff_accounts.get()
    make_account(make_school(oak), user=dana)
    pat = member("pat@navsync.example", SUPPORT)

    delete(lead, factor_of(dana))
    delete_listed(lead, [factor_of(pat)], post="yes")

    entry = oak.audit_entries.get()
    assert entry.target == "TOTP Authenticator, Dana Whitfield (dana@oak.example)"
    assert entry.about == oldest.pk
    ours = AuditEntry.objects.get(district=None)
    assert ours.target == "TOTP Authenticator, pat@navsync.example"
    assert ours.about is None


@pytest.mark.parametrize("asked", ["dana", "Whitfield", "dana@oak"])
def test_a_second_factor_is_found_by_its_persons_name(lead, asked):
    dana = make_admin(make_district("oak"))
    factor_of(dana)
    factor_of(member("pat@navsync.example", SUPPORT))

    page = signed_in(lead).get(LIST, {"q": asked}).content.decode()

    assert "Dana Whitfield" in page
    assert "pat@navsync.example" not in page
