"""Inviting somebody from their page."""

import pytest

from accounts.models import Invitation, User
from schools.models import District
from staffimport.tests.staff_pages.filling import notes, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_sso(oak):
    District.objects.filter(pk=oak.pk).update(uses_sso=False)


def press(client, account):
    return client.post(url("staff_invite", account), follow=True)


def test_whoever_has_no_naviance_id_is_invited_with_one_click(client, jordan):
    shown = client.get(url("staff_person", jordan)).text
    told = notes(press(client, jordan))
    again = notes(press(client, jordan))

    assert url("staff_invite", jordan) in shown
    assert told == [f"An invitation to set up a Naviance ID goes to {jordan.email}."]
    assert again == ["This invitation is on its way already."]
    assert Invitation.objects.get().account == jordan


def test_an_account_beside_the_sign_in_says_how_it_joins(client, lincoln, jordan):
    user = User.objects.create_user("jordan@home.example", "a password")
    same = {"first_name": "Jordan", "last_name": "Lee", "clever_id": jordan.clever_id}
    type(jordan).objects.create(
        district=jordan.district, email=jordan.email, user=user, **same
    )

    page = client.get(url("staff_person", jordan)).text

    assert "it joins at the next one if it has the e-mail jordan@home.example" in page


def test_where_clever_signs_in_nobody_is_invited(client, oak, jordan):
    District.objects.filter(pk=oak.pk).update(uses_sso=True)

    assert (
        url("staff_invite", jordan) not in client.get(url("staff_person", jordan)).text
    )
    assert "Your district uses Clever SSO" in notes(press(client, jordan))[0]


def test_an_account_is_taken_out_of_a_sign_in_but_not_ones_own(client, dana, jordan):
    jordan.user = User.objects.create_user("jordan@home.example", "a password")
    jordan.save()
    own = dana.staff_accounts.get()
    offered = client.get(url("staff_person", jordan)).text
    not_offered = client.get(url("staff_person", own)).text

    told = notes(client.post(url("staff_take_out", jordan), follow=True))

    jordan.refresh_from_db()
    assert url("staff_take_out", jordan) in offered
    assert url("staff_take_out", own) not in not_offered
    assert jordan.user is None
    assert told == [
        "jordan@home.example no longer signs in to the account at Lincoln High School."
    ]
