"""Support sends a district's expired invitations again, for a reason."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, User
from schools.models import District
from schools.support_actions import find_action
from schools.support_pages import action_address
from tests.cast import make_account, make_admin, make_district, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak(db):
    return make_district("oak", uses_sso=False)


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("sam@navsync.example", "secret-password")
    client.force_login(user)
    return client


def invited(district, number, days, **changes):
    """Make an invitation whose link was good until so many days from now."""
    email = f"person{number}@{district.slug}.example"
    account = make_account(
        make_school(district, f"School {number}"), email=email, **changes
    )
    return Invitation.objects.create(
        district=district,
        account=account,
        person=str(account.pk),
        email=email,
        state="sent",
        sent_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=days),
    )


def press(support, district):
    action = find_action("resend-invitations")
    assert action is not None
    answer = support.post(
        action_address(action, [district]),
        {"why": "They asked by telephone"},
        follow=True,
    )
    return answer.content.decode()


def states(district):
    found = district.invitations.order_by("pk")
    return list(found.values_list("state", flat=True))


def test_expired_invitations_are_sent_again_and_others_left(support, oak):
    invited(oak, 1, -1)
    invited(oak, 2, -2)
    invited(oak, 3, 5)
    other = make_district("elm", uses_sso=False)
    invited(other, 1, -1)

    said = press(support, oak)

    entry = oak.audit_entries.get()
    assert "Oak Unified: 2 people are e-mailed a new link now." in said
    assert states(oak) == ["waiting", "waiting", "sent"]
    assert states(other) == ["sent"]
    assert entry.verb == "sent invitation again"
    assert (entry.target, entry.note) == ("2 people", "They asked by telephone")


def test_who_can_not_be_invited_is_told_with_the_reason(support, oak):
    invited(oak, 1, -1)
    invited(oak, 2, -1, status="inactive")

    said = press(support, oak)

    assert "1 person is e-mailed a new link now. 1 not sent:" in said
    assert "The account is not active" in said


def test_without_an_expired_invitation_nothing_is_sent(support, oak):
    invited(oak, 1, 5)

    said = press(support, oak)

    assert "no invitation is sent again. No invitation of it has expired" in said
    assert not oak.audit_entries.exists()


def invite(support, district, email):
    action = find_action("invite-admin")
    assert action is not None
    sent = {"email": email, "why": "He always came with Clever"}
    address = action_address(action, [district])
    return support.post(address, sent, follow=True).text


@pytest.mark.parametrize("left", [None, timezone.now()])
def test_an_admin_who_always_came_with_clever_is_sent_a_link(
    support, oak, mailoutbox, left
):
    District.objects.filter(pk=oak.pk).update(uses_sso=True, disconnected_at=left)
    dana = make_admin(oak)
    User.objects.filter(pk=dana.pk).update(email=None, password="!")

    told = invite(support, oak, "dana@oak.example")

    assert "A link to set up a Naviance ID went to dana@oak.example." in told
    [message] = mailoutbox
    [link] = re.findall(r"/accounts/invitation/\S+/", str(message.body))
    assert Client().get(link).status_code == 200
    entry = oak.audit_entries.get(verb="invited")
    assert entry.note == "He always came with Clever"


def test_whoever_may_not_manage_the_import_is_not_invited(support, oak, mailoutbox):
    make_account(oak, email="lee@oak.example")

    told = invite(support, oak, "lee@oak.example")

    assert "may not manage the data import" in told.replace("\n", " ")
    assert mailoutbox == []


def test_nobody_is_asked_to_send_again_what_has_not_expired(support, oak):
    invited(oak, 1, 5)
    page = f"/admin/schools/district/{oak.pk}/change/"
    before = support.get(page).content.decode()
    invited(oak, 2, -1)

    assert ">Resend invitations</a>" not in before
    assert ">Resend invitations</a>" in support.get(page).content.decode()
