"""The Django admin shows no secret of the packages it is put together from."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib.admin import site
from django.urls import reverse

from accounts.models import User

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def support(db, client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("support@navsync.example", "secret-password")
    client.force_login(user)
    return client


@pytest.fixture
def second_factor(db):
    colleague = User.objects.create_superuser("lee@navsync.example", "secret-password")
    return Authenticator.objects.create(
        user=colleague, type=Authenticator.Type.TOTP, data={"secret": SECRET}
    )


def test_a_second_factor_is_listed_and_its_secret_shown_nowhere(support, second_factor):
    pages = [
        support.get(reverse("admin:mfa_authenticator_changelist")),
        support.get(reverse("admin:mfa_authenticator_changelist"), {"q": "lee"}),
        support.get(reverse("admin:mfa_authenticator_change", args=[second_factor.pk])),
        support.get(reverse("admin:mfa_authenticator_delete", args=[second_factor.pk])),
    ]

    assert "lee@navsync.example" in pages[1].content.decode()
    for page in pages:
        assert page.status_code == 200
        assert SECRET not in page.content.decode()


def test_a_lost_second_factor_can_be_taken_away_and_never_set(support, second_factor):
    change = reverse("admin:mfa_authenticator_change", args=[second_factor.pk])
    delete = reverse("admin:mfa_authenticator_delete", args=[second_factor.pk])

    assert support.post(change, {"data": "{}"}).status_code == 403
    assert support.get(reverse("admin:mfa_authenticator_add")).status_code == 403
    assert support.post(delete, {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("model", [SocialApp, SocialToken])
def test_lists_that_hold_nothing_but_secrets_are_not_there(model):
    assert not site.is_registered(model)
