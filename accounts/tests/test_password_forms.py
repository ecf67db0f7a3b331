"""A new password, typed twice: each error is at the field that it is about."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.invitation_mail import issue_token
from accounts.models import Invitation
from accounts.password_reset import send_password_reset
from tests.cast import PASSWORD, make_account, make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db

GOOD = "a horse of another color"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def oak():
    return make_district("oak", uses_sso=False)


def by_invitation(client, oak):
    account = make_account(oak)
    invitation = Invitation.objects.create(
        district=oak, account=account, person=str(account.pk), email=account.email
    )
    return client, reverse("invitation", args=[issue_token(invitation)])


def by_mailed_link(client, oak):
    send_password_reset(make_admin(oak).email)
    [path] = re.findall(rf"{settings.SITE_URL}(/\S+)", str(mail.outbox[-1].body))
    return client, client.get(path).url


def by_change(_client, oak):
    return signed_in(make_admin(oak)), reverse("account_change_password")


@pytest.fixture(params=[by_invitation, by_mailed_link, by_change])
def send(request, client, oak):
    """Sends two passwords on one of the pages that ask for them; returns the page."""
    sender, path = request.param(client, oak)

    def send_two(first, second):
        given = {"password1": first, "password2": second, "oldpassword": PASSWORD}
        return sender.post(path, given).text

    return send_two


def errors_at(page, name):
    """The errors that a field points to, which says whether it is invalid."""
    [field] = re.findall(rf'<input [^>]*name="{name}"[^>]*>', page)
    pointed = re.search(r'aria-describedby="([^"]*)"', field)
    errors = (
        [ident for ident in pointed[1].split() if "error" in ident] if pointed else []
    )
    assert ('aria-invalid="true"' in field) is bool(errors)
    found = []
    for ident in errors:
        [block] = re.findall(rf'<div id="{ident}">(.*?)</div>', page, re.DOTALL)
        found += re.findall(r"<span>(.*?)</span>", block)
    return found


def test_a_weak_password_is_refused_at_the_field_where_it_was_chosen(send):
    page = send("12345", "12345")

    assert errors_at(page, "password1") == [
        "This password is too short. It must contain at least 8 characters.",
        "This password is too common.",
        "This password is entirely numeric.",
    ]
    assert errors_at(page, "password2") == []


def test_another_password_the_second_time_is_refused_there(send):
    page = send(GOOD, f"{GOOD}s")

    assert errors_at(page, "password1") == []
    assert errors_at(page, "password2") == [
        "You must type the same password each time."
    ]


def test_no_field_shows_other_words_than_its_label(send):
    assert "placeholder" not in send("12345", "12345")
