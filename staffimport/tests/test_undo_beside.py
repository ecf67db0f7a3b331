"""What an undo does beside the accounts: invitations, and what Clever says."""

import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from schools.audit import Actor
from staffimport import runner
from staffimport.models import FieldDrift
from staffimport.services.undo import preview_undo, start_undo
from staffimport.tests.building import (
    applied_run,
    make_account,
    make_district,
    make_school,
    new_row,
    row_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


def test_what_clever_says_beside_a_pinned_field_is_forgotten_with_the_tie(
    oakdale, school
):
    tied = make_account(school, clever_id="before", last_name="Roe")
    untied = make_account(school)
    row = row_of(untied, job_title="Dean")
    row.clever_id = "new"
    run = applied_run(oakdale, row)
    for account in (tied, untied):
        FieldDrift.objects.create(
            account=account, field="email", clever_value="x@y.z", seen_at=timezone.now()
        )

    asked = start_undo(run, Actor("Dana Whitfield"), send=False)
    runner.carry_out(asked.pk, beat_every=None)

    untied.refresh_from_db()
    assert untied.clever_id == ""
    assert [drift.account for drift in FieldDrift.objects.all()] == [tied]


def test_the_preview_counts_mailed_invitations_whose_links_go(oakdale, school):
    run = applied_run(oakdale, new_row(school, "g1"), new_row(school, "g2"))
    mailed, waiting = StaffAccount.objects.order_by("clever_id")
    for account, sent_at in ((mailed, timezone.now()), (waiting, None)):
        oakdale.invitations.create(
            account=account, person=account.clever_id, sent_at=sent_at
        )

    assert preview_undo(run).invitations == 1
