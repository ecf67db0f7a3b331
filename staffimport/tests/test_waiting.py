"""What waits for the admin when a run is planned, now or in a replay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from staffimport.core.decisions import Decided
from staffimport.core.values import HeldReason, Outcome, RowState
from staffimport.store.apply import supersede_before
from staffimport.store.earlier import waiting
from staffimport.tests.building import (
    applied_run,
    make_account,
    make_district,
    make_school,
    row_of,
)

pytestmark = pytest.mark.django_db


def test_a_replay_knows_what_waited_then_though_a_newer_run_has_replaced_it():
    oakdale = make_district()
    row = row_of(make_account(make_school(oakdale)), Outcome.INACTIVE)
    row.state, row.held_reason = RowState.HELD, HeldReason.BRAKE
    final = applied_run(oakdale, row)
    then, now = timezone.now(), timezone.now() + timedelta(hours=1)
    test = oakdale.import_runs.create(kind="test", state="succeeded", finished_at=then)
    keys = set(waiting(test, Decided([])))

    sync = oakdale.import_runs.create(kind="sync", state="running")
    supersede_before(sync, now)

    assert final.results.get().state == "superseded"
    assert keys == set(waiting(test, Decided([]))) == {final.results.get().change_key}
    assert waiting(sync, Decided([])) == {}
