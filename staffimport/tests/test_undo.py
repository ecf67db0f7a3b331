from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation, StaffAccount, User
from schools.audit import Actor
from schools.models import SchoolMatch
from staffimport import runner
from staffimport.core.values import HeldReason, Outcome, RowState
from staffimport.errors import NotReady, OutOfDate, TooLate
from staffimport.models import ImportRun
from staffimport.queries.story import tell
from staffimport.services.held import approve
from staffimport.services.start import start_final, start_test
from staffimport.services.undo import Left, preview_undo, start_undo, undoable_run
from staffimport.store import undo
from staffimport.store.settings import make_settings
from staffimport.tests.building import (
    applied_run,
    apply_plan,
    make_account,
    make_district,
    make_run,
    make_school,
    new_row,
    row_of,
)

pytestmark = pytest.mark.django_db

DANA = Actor("Dana Whitfield")
TOUCHED = {"revision", "updated_at"}


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


def accounts():
    """All accounts as they are, but for how often and when they were written."""
    fields = [field.attname for field in StaffAccount._meta.fields]
    kept = [name for name in fields if name not in TOUCHED]
    return {row[0]: row for row in StaffAccount.objects.values_list("id", *kept)}


def take_back(run):
    """Undo the run, and return the run of kind undo."""
    asked = start_undo(run, DANA, send=False)
    return runner.carry_out(asked.pk, beat_every=None)


def edit(account, **fields):
    account.refresh_from_db()
    StaffAccount.objects.filter(pk=account.pk).update(
        revision=account.revision + 1, **fields
    )


def codes(run):
    return list(run.results.values_list("reason_code", flat=True))


def test_an_undo_restores_every_account_exactly(oakdale, school):
    inactive = {
        "status": "inactive",
        "inactive_cause": "loaded",
        "inactive_at": timezone.now() - timedelta(days=9),
        "inactive_by": "Support",
    }
    ada = make_account(school, clever_id="x", middle_name="K")
    bob = make_account(school, first_name="Bob", clever_id="y")
    eve = make_account(school, first_name="Eve", clever_id="z")
    ida = make_account(school, first_name="Ida", **inactive)
    kim = make_account(school, first_name="Kim", clever_id="old", **inactive)
    before = accounts()
    run = applied_run(
        oakdale,
        row_of(ada, clever_id="y", job_title="Dean", email="new@oakdale.org"),
        row_of(bob, clever_id="x", employee_id=""),
        row_of(eve, Outcome.INACTIVE),
        new_row(school, "z"),
        new_row(oakdale, "z"),
        row_of(
            ida,
            Outcome.REACTIVATED,
            clever_id="i",
            changes={"status": ["inactive", "active"]},
        ),
        row_of(
            kim,
            Outcome.RELINK,
            clever_id="k",
            changes={"status": ["inactive", "active"]},
        ),
    )
    applied = accounts()

    undone = take_back(run)

    run.refresh_from_db()
    assert undone.state == "succeeded", undone.error
    assert applied != before
    assert accounts() == before
    assert (undone.base_run, run.undone_at) == (run, undone.applied_at)
    assert undone.counts["applied"] == undone.counts["rows"] == 7


def test_what_was_edited_since_is_left_and_said(oakdale, school):
    ada = make_account(school)
    run = applied_run(
        oakdale, row_of(ada, clever_id="a", job_title="Dean", email="n@oakdale.org")
    )
    edit(ada, job_title="Principal")

    preview = preview_undo(run)
    undone = take_back(run)

    ada.refresh_from_db()
    assert (ada.job_title, ada.email, ada.clever_id) == (
        "Principal",
        "ada@oakdale.org",
        "",
    )
    assert preview.left == (
        Left(str(ada.pk), "Ada Lovelace", "Edited since and left: title."),
    )
    assert undone.results.get().reason == (
        "E-mail goes back from “n@oakdale.org” to “ada@oakdale.org”. "
        "No longer tied to a Clever ID. Edited since and left: title."
    )


def test_new_accounts_that_nobody_used_are_removed(oakdale, school):
    run = applied_run(oakdale, new_row(school, "g1"))

    undone = take_back(run)

    assert not StaffAccount.objects.exists()
    assert codes(undone) == ["removed"]


def test_whoever_was_invited_to_a_removed_account_is_named(oakdale, school):
    run = applied_run(oakdale, new_row(school, "g1"))
    grace, now = StaffAccount.objects.get(), timezone.now()
    Invitation.objects.create(
        district=oakdale, account=grace, person="g1", state="sent", sent_at=now
    )
    counted = preview_undo(run).invitations

    undone = take_back(run)

    assert counted == 1
    row = undone.results.get()
    assert f"invitation that went to {grace.email} leads nowhere now" in row.reason
    told = tell(oakdale, row)
    assert told.sides[0].lines[0].becomes == "Removed"
    assert "Matched by" not in dict(told.facts)


@pytest.mark.parametrize("use", ["signed in", "edited"])
def test_new_accounts_that_somebody_used_are_archived(oakdale, school, use):
    run = applied_run(oakdale, new_row(school, "g1"))
    grace = StaffAccount.objects.get()
    if use == "edited":
        edit(grace, job_title="Admiral")
    else:
        user = User.objects.create_user("grace@oakdale.org")
        StaffAccount.objects.update(user=user)

    undone = take_back(run)

    grace.refresh_from_db()
    assert (grace.status, grace.inactive_cause, grace.clever_id) == (
        "inactive",
        "run",
        "",
    )
    assert grace.inactive_by == str(undone)
    assert codes(undone) == ["archived"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "active", "inactive_cause": ""}, "Active again already."),
        (
            {"inactive_cause": "manual", "inactive_by": "Lee Ortiz"},
            "Deactivated by Lee Ortiz since, so it stays inactive.",
        ),
    ],
)
def test_an_archived_account_somebody_dealt_with_is_left(
    oakdale, school, fields, reason
):
    ada = make_account(school)
    run = applied_run(oakdale, row_of(ada, Outcome.INACTIVE))
    edit(ada, **fields)
    before = accounts()

    undone = take_back(run)

    assert accounts() == before
    assert undone.results.get().reason == reason


def test_a_deleted_account_is_left(oakdale, school):
    ada = make_account(school)
    run = applied_run(oakdale, row_of(ada, job_title="Dean"))
    ada.delete()

    undone = take_back(run)

    assert (undone.state, codes(undone)) == ("succeeded", ["left"])


def test_rows_approved_later_are_taken_back_too(oakdale, school):
    ada = make_account(school)
    row = row_of(ada, Outcome.INACTIVE)
    row.state, row.held_reason = RowState.HELD, HeldReason.BRAKE
    run = applied_run(oakdale, row)
    approve(oakdale, [run.results.get().pk], DANA)

    take_back(run)

    ada.refresh_from_db()
    assert ada.status == "active"


def test_rows_still_held_are_gone_with_the_run(oakdale, school):
    ada, bob = make_account(school), make_account(school, first_name="Bob")
    row = row_of(ada, Outcome.INACTIVE)
    row.state, row.held_reason = RowState.HELD, HeldReason.BRAKE
    run = applied_run(oakdale, row, row_of(bob, job_title="Dean"))

    take_back(run)

    assert run.results.get(account_id=ada.pk).state == RowState.SUPERSEDED


def test_undoing_the_first_final_unlocks_the_matches_and_pauses_syncs(oakdale, school):
    run = applied_run(oakdale, new_row(school, "g1"))
    preview = preview_undo(run)

    undone = take_back(run)

    oakdale.refresh_from_db()
    assert preview.unlocks_matches == 1
    assert not SchoolMatch.objects.get(school=school).is_locked
    assert (oakdale.first_final_at, oakdale.sync_paused_at) == (
        None,
        undone.applied_at,
    )
    assert make_settings(oakdale).covered_roles == []


def test_undoing_a_later_final_keeps_what_the_first_has_locked(oakdale, school):
    applied_run(oakdale, new_row(school, "g1"))
    second = applied_run(oakdale, new_row(school, "g2"))

    take_back(second)

    oakdale.refresh_from_db()
    assert SchoolMatch.objects.get(school=school).is_locked
    assert oakdale.first_final_at is not None


def test_a_new_final_ends_the_pause(oakdale, school):
    take_back(applied_run(oakdale, new_row(school, "g1")))

    applied_run(oakdale, new_row(school, "g1"))

    oakdale.refresh_from_db()
    assert oakdale.sync_paused_at is None


def test_only_the_last_run_that_changed_accounts_can_be_undone(oakdale, school):
    first = applied_run(oakdale, new_row(school, "g1"))
    second = applied_run(oakdale, new_row(school, "g2"), kind="sync")

    with pytest.raises(NotReady, match=f"undo {second} first"):
        start_undo(first, DANA, send=False)

    assert undoable_run(oakdale) == second


def test_a_sync_that_changed_nothing_is_in_nobodys_way(oakdale, school):
    first = applied_run(oakdale, new_row(school, "g1"))
    idle = applied_run(oakdale, kind="sync")

    assert undoable_run(oakdale) == first
    with pytest.raises(NotReady, match="nothing to undo"):
        start_undo(idle, DANA, send=False)


def test_after_an_undo_the_run_before_can_be_undone(oakdale, school):
    first = applied_run(oakdale, new_row(school, "g1"))
    take_back(applied_run(oakdale, new_row(school, "g2")))

    take_back(first)

    assert not StaffAccount.objects.exists()


def test_a_run_is_undone_once(oakdale, school):
    run = applied_run(oakdale, new_row(school, "g1"))
    take_back(run)
    run.refresh_from_db()

    with pytest.raises(TooLate, match="undone already"):
        start_undo(run, DANA, send=False)


def test_a_double_click_undoes_once(oakdale, school):
    run = applied_run(oakdale, new_row(school, "g1"))

    first = start_undo(run, DANA, send=False)
    second = start_undo(run, DANA, send=False)

    assert first == second


def test_an_account_edited_while_the_undo_runs_is_left(oakdale, school):
    ada = make_account(school)
    run = applied_run(oakdale, row_of(ada, job_title="Dean"))

    def edit_between(_done):
        edit(ada, job_title="Principal")

    undone = make_run(oakdale, "undo", base_run=run)
    undo.carry_out(undone, edit_between)

    ada.refresh_from_db()
    row = undone.results.get()
    assert ada.job_title == "Principal"
    assert (row.outcome, row.state, row.reason_code) == (
        "skipped",
        "planned",
        "left",
    )


def test_rows_approved_while_the_undo_runs_stop_it(oakdale, school):
    ada, bob = make_account(school), make_account(school, first_name="Bob")
    row = row_of(ada, Outcome.INACTIVE)
    row.state, row.held_reason = RowState.HELD, HeldReason.BRAKE
    run = applied_run(oakdale, row, row_of(bob, job_title="Dean"))
    held = run.results.get(state="held")

    def approve_between(_done):
        approve(oakdale, [held.pk], DANA)

    with pytest.raises(OutOfDate):
        undo.carry_out(make_run(oakdale, "undo", base_run=run), approve_between)

    run.refresh_from_db()
    bob.refresh_from_db()
    assert (run.undone_at, bob.job_title) == (None, "Dean")


def test_an_undo_that_can_not_be_done_any_more_fails_with_the_sentence(oakdale, school):
    run = applied_run(oakdale, new_row(school, "g1"))
    asked = start_undo(run, DANA, send=False)
    later = applied_run(oakdale, new_row(school, "g2"))

    ended = runner.carry_out(asked.pk, beat_every=None)

    assert ended.state == "failed"
    assert f"undo {later} first" in ended.error


def test_the_preview_counts_what_the_undo_does(oakdale, school):
    ada, bob = make_account(school), make_account(school, first_name="Bob")
    run = make_run(oakdale)
    apply_plan(
        run,
        row_of(ada, clever_id="a", job_title="Dean"),
        row_of(bob, Outcome.INACTIVE),
        new_row(school, "g1"),
        new_row(school, "g2"),
    )
    edit(StaffAccount.objects.get(clever_id="g2"), job_title="Admiral")

    preview = preview_undo(ImportRun.objects.get(pk=run.pk))

    assert (
        preview.restored,
        preview.untied,
        preview.archived,
        preview.removed,
        preview.reactivated,
        preview.left,
    ) == (1, 3, 1, 1, 1, ())


def test_a_final_of_the_whole_roster_is_taken_back_exactly(maple):
    for school in maple.schools.all():
        make_account(school, last_name="Nobody", clever_id="gone")
    before = accounts()
    for start in (start_test, start_final):
        ended = runner.carry_out(start(maple, DANA, send=False).pk, beat_every=None)
        assert ended.state == "succeeded", ended.error
    made = StaffAccount.objects.count()

    undone = take_back(ended)

    assert made > len(before)
    assert accounts() == before
    assert undone.counts["applied"] == ended.counts["writes"]
    assert not SchoolMatch.objects.filter(imported_at__isnull=False).exists()
