"""Support sends single invitations again from their list, for a reason."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Invitation, User
from navsync.support.groups import SUPPORT
from schools.models import AuditEntry
from tests.cast import make_account, make_district, make_school

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/invitation/"
WHY = "They asked by telephone"
MISSING = "This field is required."


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_user("sam@navsync.example", "secret", is_staff=True)
    user.groups.set(Group.objects.filter(name=SUPPORT))
    client.force_login(user)
    return client


def failed(slug, **changes):
    """Make a district in which one invitation could not be mailed."""
    district = make_district(slug, uses_sso=False)
    email = f"lee@{slug}.example"
    account = make_account(make_school(district), email=email, **changes)
    Invitation.objects.create(
        district=district,
        account=account,
        person=str(account.pk),
        email=email,
        state="failed",
        sent_at=timezone.now() - timedelta(days=1),
    )
    return district


def ticked():
    keys = list(Invitation.objects.values_list("pk", flat=True))
    return {"action": "send_again", "_selected_action": keys}


def states():
    return set(Invitation.objects.values_list("state", flat=True))


def test_it_asks_why_before_an_invitation_is_sent_again(support):
    failed("oak")

    asked = support.post(LIST, ticked()).content.decode()
    silent = support.post(LIST, {**ticked(), "why": " \u200b"}).content.decode()

    for page in (asked, silent):
        assert "Lee, Jordan" in page
        assert "lee@oak.example" in page
        assert "The district reads it in its history" in page
    assert MISSING not in asked
    assert MISSING in silent
    assert states() == {"failed"}
    assert not AuditEntry.objects.exists()


def test_each_districts_trail_keeps_the_reason(support):
    districts = [failed("oak"), failed("elm")]

    page = support.post(LIST, {**ticked(), "why": WHY}, follow=True).content.decode()

    assert states() == {"waiting"}
    for district in districts:
        assert f"{district}: 1 sent again." in page
        entry = district.audit_entries.get()
        assert (entry.verb, entry.note) == ("sent invitation again", WHY)


def test_who_can_not_be_invited_is_told_with_the_reason(support):
    oak = failed("oak", status="inactive")

    page = support.post(LIST, {**ticked(), "why": WHY}, follow=True).content.decode()

    assert "Oak Unified: 0 sent again." in page
    assert "Oak Unified: The account is not active" in page
    assert not oak.audit_entries.exists()


def test_all_of_a_filtered_list_are_sent_again_for_one_reason(support):
    oak = failed("oak")
    failed("elm")
    Invitation.objects.exclude(district=oak).update(state="used")
    address = f"{LIST}?state__exact=failed"
    [pk] = oak.invitations.values_list("pk", flat=True)
    first = {"action": "send_again", "select_across": "1", "_selected_action": [pk]}

    page = support.post(address, {**first, "index": "0"}).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    support.post(address, {**hidden, "why": WHY})

    assert hidden["select_across"] == "1"
    assert states() == {"waiting", "used"}
    assert oak.audit_entries.get().note == WHY
