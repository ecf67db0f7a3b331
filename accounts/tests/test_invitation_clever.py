"""Links that were mailed before a district came to use Clever SSO."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.invitation_mail import issue_token, send_one
from accounts.models import Invitation, StaffAccount, User
from accounts.tests.by_hand import JORDAN, MANAGER, make

PASSWORD = "correct horse 9"
FORM = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def teacher(maple, school):
    return make(maple, school, "Teacher")


def link_to(account, **changes):
    """The page of a link mailed to the account; then its district turns to Clever."""
    invitation = Invitation.objects.create(
        district=account.district,
        account=account,
        person=str(account.pk),
        email=JORDAN["email"],
    )
    token = issue_token(invitation)
    Invitation.objects.update(**changes)
    account.district.uses_sso = True
    account.district.save()
    return reverse("invitation", args=[token])


def refused(answer):
    assert answer.status_code == 403
    return answer.content.decode()


def test_it_sets_up_nothing_and_says_to_sign_in_from_the_portal(client, teacher):
    page = link_to(teacher)

    shown = refused(client.get(page))
    refused(client.post(page, FORM))

    assert "you sign in from the Clever portal" in shown
    assert not User.objects.exists()
    note = teacher.district.audit_entries.get().note
    assert note == "The district has come to sign in with Clever."


def test_an_expired_one_is_not_sent_again(client, teacher):
    page = link_to(teacher, expires_at=timezone.now() - timedelta(days=1))

    shown = refused(client.get(page))
    refused(client.post(page))

    assert "E-mail me a new link" not in shown
    assert not mail.outbox
    assert Invitation.objects.get().state == "sent"


def test_none_is_mailed_that_would_open_no_managers_account(maple, teacher):
    """The manager's own account has a password: the link is not for it."""
    manager = make(maple, None, MANAGER)
    StaffAccount.objects.filter(pk=manager.pk).update(
        user=User.objects.create_user(JORDAN["email"], PASSWORD)
    )
    maple.uses_sso = True
    maple.save()
    waits = Invitation.objects.create(
        district=maple, account=teacher, person="jordan", state="waiting"
    )

    assert send_one(waits).state == "unmailed"
    assert not mail.outbox


def test_no_link_is_sent_again_in_a_district_that_left(client, maple):
    manager = make(maple, None, MANAGER)
    page = link_to(manager, expires_at=timezone.now(), state="sent")
    type(maple).objects.update(disconnected_at=timezone.now())

    shown = refused(client.post(page))

    assert "Your district has ended its use of Naviance" in shown
    assert "E-mail me a new link" not in shown
    assert not mail.outbox
    assert Invitation.objects.get().state == "sent"


@pytest.mark.parametrize(("role", "sets_up"), [("Teacher", False), (MANAGER, True)])
def test_in_a_district_that_left_a_link_is_for_who_looks_after_its_data(
    client, maple, role, sets_up
):
    page = link_to(make(maple, role=role))
    type(maple).objects.update(disconnected_at=timezone.now(), uses_sso=False)

    answer = client.post(page, FORM)

    assert User.objects.exists() is sets_up
    if not sets_up:
        assert "Your district has ended its use of Naviance" in refused(answer)
        assert maple.audit_entries.get().note == "The district has left."


def test_one_to_an_inactive_account_says_so(client, teacher):
    page = link_to(teacher)
    StaffAccount.objects.update(status="inactive")

    assert "no longer active" in refused(client.get(page))


def test_whoever_manages_the_import_still_sets_up_an_id(client, maple):
    manager = make(maple, role=MANAGER)

    client.post(link_to(manager), FORM)

    assert User.objects.get().check_password(PASSWORD)


def test_a_managers_link_to_an_older_address_is_sent_to_the_present_one(client, maple):
    page = link_to(make(maple, role=MANAGER))
    StaffAccount.objects.update(email="new@maple.example")

    assert "E-mail me a new link" in refused(client.get(page))
