"""Deactivating and reactivating an account on its pages."""

import pytest

from accounts.models import StaffAccount, User
from schools.audit import Actor
from schools.models import AuditEntry
from staffimport.models import MatchDecision
from staffimport.tests.staff_pages.filling import notes, pull, url
from tests.cast import (
    make_account,
    signed_in,
)

pytestmark = pytest.mark.django_db

KIM = Actor("Kim Marsh")


def test_deactivating_asks_first_and_leaves_the_reason(client, oak, jordan):
    address = url("staff_deactivate", jordan)
    asked = client.get(address)
    done = client.post(address, {"note": "Left in June"}, follow=True)

    jordan.refresh_from_db()
    assert "No import brings it back" in asked.text
    assert (jordan.status, jordan.inactive_by) == ("inactive", "Dana Whitfield")
    assert "“Left in June”" in done.text
    assert "Deactivated by hand, Dana Whitfield" in done.text


def test_a_dialog_is_a_fragment(client, jordan):
    part = client.get(url("staff_deactivate", jordan), headers={"HX-Request": "true"})

    assert part.text.strip().startswith("<dialog data-modal")


def test_whoever_is_deactivated_gets_no_further(client, oak):
    kim = User.objects.create_user("kim@oak.example")
    role = oak.user_roles.get(name="District Site Manager")
    account = make_account(oak, user=kim, user_role=role, last_name="Marsh")
    at_work = signed_in(kim)
    assert at_work.get("/").status_code == 200

    client.post(url("staff_deactivate", account))

    assert at_work.get("/").status_code != 200


@pytest.mark.parametrize("deed", ["staff_deactivate", "staff_reactivate"])
def test_what_is_so_already_is_said_to_be(client, jordan, deed):
    status = "inactive" if deed == "staff_deactivate" else "active"
    StaffAccount.objects.filter(pk=jordan.pk).update(status=status)

    asked = client.get(url(deed, jordan), follow=True)
    done = client.post(url(deed, jordan), follow=True)

    assert f"is {status} already" in notes(asked)[0]
    assert f"is {status} already" in notes(done)[0]


def test_ones_own_account_can_t_be_deactivated(client, dana):
    own = dana.staff_accounts.get()

    done = client.post(url("staff_deactivate", own), follow=True)

    own.refresh_from_db()
    assert own.status == "active"
    assert "This is your own account" in notes(done)[0]


@pytest.mark.parametrize("deed", ["staff_deactivate", "staff_take_out"])
def test_nobody_is_offered_what_they_can_t_do_to_their_own_account(client, dana, deed):
    own = dana.staff_accounts.get()

    page = client.get(url("staff_person", own))
    asked = client.get(url(deed, own), follow=True)
    dialog = client.get(url(deed, own), headers={"HX-Request": "true"})

    assert url(deed, own) not in page.text
    assert asked.redirect_chain == [(url("staff_person", own), 302)]
    assert "This is your own account" in notes(asked)[0]
    assert dialog.headers["HX-Redirect"] == url("staff_person", own)


@pytest.mark.parametrize(
    ("deed", "status"),
    [
        ("staff_deactivate", "active"),
        ("staff_reactivate", "inactive"),
        ("staff_take_out", "active"),
    ],
)
def test_a_reason_has_a_length_like_any_other(client, jordan, deed, status):
    lee = User.objects.create_user("jlee@oak.example")
    jordans = StaffAccount.objects.filter(pk=jordan.pk)
    jordans.update(status=status, user=lee)

    long = client.post(url(deed, jordan), {"note": "x" * 1001}, follow=True)
    assert notes(long) == ["The note is longer than 1,000 characters. Shorten it."]
    assert jordans.filter(status=status, user=lee).exists()

    client.post(url(deed, jordan), {"note": "y" * 1000 + "\u200b"})
    assert not jordans.filter(status=status, user=lee).exists()
    entry = AuditEntry.objects.get(about=jordan.pk)
    assert entry.note == "y" * 1000


def test_reactivating_offers_to_leave_alone_whom_clever_does_not_have(
    client, oak, jordan
):
    StaffAccount.objects.filter(pk=jordan.pk).update(status="inactive", clever_id="c9")
    pull(oak)
    address = url("staff_reactivate", jordan)
    asked = client.get(address)

    done = client.post(address, {"leave_alone": "on"}, follow=True)

    jordan.refresh_from_db()
    decision = MatchDecision.objects.get(account_id=jordan.pk)
    assert "Leave it alone in imports" in asked.text
    assert (jordan.status, decision.kind) == ("active", "leave_alone")
    assert "Imports never archive it" in done.text


def test_reactivating_whom_clever_has_asks_nothing(client, oak, jordan):
    StaffAccount.objects.filter(pk=jordan.pk).update(status="inactive")
    pull(oak)

    asked = client.get(url("staff_reactivate", jordan))
    client.post(url("staff_reactivate", jordan))

    jordan.refresh_from_db()
    assert "Leave it alone in imports" not in asked.text
    assert (jordan.status, MatchDecision.objects.count()) == ("active", 0)
