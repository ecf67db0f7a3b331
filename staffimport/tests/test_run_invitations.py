"""What a run leaves behind for the people whose account it has created."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation, StaffAccount
from schools.audit import Actor
from staffimport.core.values import Details, HeldReason, RowState
from staffimport.services.held import approve
from staffimport.tests.building import (
    applied_run,
    make_account,
    make_district,
    make_school,
    new_row,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district(uses_sso=False)


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


@pytest.fixture
def sent(monkeypatch):
    """The districts whose invitations a worker was asked to send."""
    asked: list[int] = []
    monkeypatch.setattr("accounts.invitation_mail.ask_worker", asked.append)
    return asked


def newcomer(place, clever_id="g1", **fields):
    fields = {"email": f"{clever_id}@oakdale.example", **fields}
    return new_row(place, clever_id, **fields)


def unmailed(place, clever_id="g1", **fields):
    why = Details(unmailed="“office@” is no e-mail address, so no invitation.")
    return newcomer(place, clever_id, email="office@", details=why, **fields)


def listed():
    found = Invitation.objects.order_by("person", "pk")
    return [tuple(row) for row in found.values_list("person", "state", "email")]


def test_whom_the_run_invites_is_sent_for_once_it_is_committed(
    oakdale, school, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        applied_run(
            oakdale, newcomer(school, gets_invitation=True), newcomer(school, "g2")
        )
        assert sent == []

    assert listed() == [("g1", "waiting", "g1@oakdale.example")]
    assert sent == [oakdale.pk]
    invitation = Invitation.objects.get()
    assert invitation.account == StaffAccount.objects.get(clever_id="g1")


def test_a_run_that_invites_nobody_asks_no_worker(
    oakdale, school, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        applied_run(oakdale, newcomer(school))

    assert (sent, listed()) == ([], [])


def test_somebody_who_was_invited_before_is_not_again(oakdale, school, sent):
    applied_run(oakdale, newcomer(school, gets_invitation=True))
    Invitation.objects.update(state="used")

    applied_run(oakdale, newcomer(make_school(oakdale, 2), gets_invitation=True))

    assert listed() == [("g1", "used", "g1@oakdale.example")]


def test_who_has_no_address_for_mail_is_listed_with_the_reason(oakdale, school):
    applied_run(oakdale, unmailed(school), unmailed(make_school(oakdale, 2)))

    assert listed() == [("g1", "unmailed", "office@")]
    assert "is no e-mail address" in Invitation.objects.get().problem


def test_who_had_an_account_before_is_not_listed(oakdale, school):
    make_account(
        make_school(oakdale, 2),
        clever_id="g1",
        created_at=timezone.now() - timedelta(days=1),
    )

    applied_run(oakdale, unmailed(school))

    assert listed() == []


@pytest.mark.parametrize("answer", [True, None])
def test_with_clever_sso_nobody_is_invited_or_listed(answer):
    district = make_district(uses_sso=answer)

    applied_run(district, unmailed(make_school(district)))

    assert listed() == []


def test_a_row_that_is_held_invites_nobody_before_it_is_approved(
    oakdale, school, sent, django_capture_on_commit_callbacks
):
    held = {"state": RowState.HELD, "held_reason": HeldReason.PAIR}
    run = applied_run(oakdale, newcomer(school, details=Details(invites=True), **held))
    assert listed() == []

    with django_capture_on_commit_callbacks(execute=True):
        rows = run.results.values_list("pk", flat=True)
        assert not approve(oakdale, rows, Actor("Dana Whitfield")).refused

    assert listed() == [("g1", "waiting", "g1@oakdale.example")]
    assert sent == [oakdale.pk]


def test_an_approved_row_without_a_good_address_is_listed(oakdale, school):
    held = {"state": RowState.HELD, "held_reason": HeldReason.PAIR}
    run = applied_run(oakdale, unmailed(school, **held))

    rows = run.results.values_list("pk", flat=True)
    assert not approve(oakdale, rows, Actor("Dana Whitfield")).refused

    assert listed() == [("g1", "unmailed", "office@")]


def test_the_invitation_goes_with_an_account_that_an_undo_removes(oakdale, school):
    applied_run(oakdale, newcomer(school, gets_invitation=True))

    StaffAccount.objects.all().delete()

    assert listed() == []
