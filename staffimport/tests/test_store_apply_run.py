"""What applying a plan does besides the accounts: matches, older runs, counts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools.models import SchoolMatch
from staffimport.core.values import Outcome, RowState
from staffimport.models import ImportResult
from staffimport.store import apply
from staffimport.store import undo as undoing
from staffimport.store.settings import make_settings
from staffimport.tests.building import (
    applied_run,
    make_account,
    make_district,
    make_run,
    make_school,
    new_row,
    row_of,
    store_plan,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


def states(run):
    return list(run.results.values_list("state", flat=True))


def test_a_final_locks_the_matches_and_lets_syncs_begin(oakdale, school):
    oakdale.sync_paused_at = timezone.now()
    oakdale.save()
    now = timezone.now()
    run = make_run(oakdale)
    store_plan(run)

    apply.apply_run(run, run.claim_token, now)

    oakdale.refresh_from_db()
    run.refresh_from_db()
    assert (run.state, run.applied_at, run.finished_at) == ("succeeded", now, now)
    assert SchoolMatch.objects.get(school=school).imported_at == now
    assert (oakdale.first_final_at, oakdale.sync_paused_at) == (now, None)
    assert make_settings(oakdale).covered_roles == ["District Site Manager"]


def test_it_takes_its_turn_before_it_locks_an_account(oakdale, school):
    """Or whoever edits one, who does so too, and the final wait for each other."""
    run = applied_run(oakdale, new_row(school, "g1"))
    undo = make_run(oakdale, "undo", base_run=run)

    def apply_final():
        final = make_run(oakdale)
        store_plan(final)
        apply.apply_run(final, final.claim_token, timezone.now())

    for carry_out in (lambda: undoing.carry_out(undo), apply_final):
        with CaptureQueriesContext(connection) as asked:
            carry_out()
        locked = [
            table
            for query in asked
            for table in ("schools_district", "accounts_staffaccount")
            if query["sql"].replace('"', "").strip().startswith(f"UPDATE {table}")
        ]
        assert locked[0] == "schools_district"


def test_a_final_locks_only_the_schools_it_included(oakdale, school):
    other = make_school(oakdale, 2)
    chosen = make_settings(oakdale)
    chosen.all_schools = False
    chosen.save()
    chosen.schools.add(school)

    applied_run(oakdale)

    locked = SchoolMatch.objects.filter(imported_at__isnull=False)
    assert [match.school for match in locked] == [school]
    assert not SchoolMatch.objects.get(school=other).is_locked


def test_a_sync_locks_nothing(oakdale, school):
    applied_run(oakdale, kind="sync")

    oakdale.refresh_from_db()
    assert oakdale.first_final_at is None
    assert not SchoolMatch.objects.get(school=school).is_locked


def test_a_newer_run_supersedes_what_older_ones_hold(oakdale, school):
    ada = make_account(school)
    held = row_of(ada, Outcome.INACTIVE, state=RowState.HELD)
    older = applied_run(oakdale, held)

    newer = applied_run(oakdale, held, kind="sync")

    assert states(older) == [RowState.SUPERSEDED]
    assert states(newer) == [RowState.HELD]


def test_a_tests_held_rows_are_not_superseded(oakdale, school):
    ada = make_account(school)
    test = make_run(oakdale, "test")
    store_plan(test, row_of(ada, Outcome.INACTIVE, state=RowState.HELD))
    oakdale.import_runs.update(state="succeeded")

    applied_run(oakdale)

    assert states(test) == [RowState.HELD]


def test_counts_after_a_final_tell_what_became_of_every_row(oakdale, school):
    ada, bob = make_account(school), make_account(school, first_name="Bob")
    skipped = row_of(bob, Outcome.SKIPPED, writes=False)

    run = applied_run(
        oakdale, row_of(ada, job_title="X"), skipped, new_row(school, "g1")
    )

    run.refresh_from_db()
    assert run.counts == {
        "created": 1,
        "matched": 1,
        "skipped": 1,
        "rows": 3,
        "writes": 2,
        "planned": 1,
        "held": 0,
        "applied": 2,
    }
    assert ImportResult.objects.filter(run=run, state="applied").count() == 2
