import pytest

from accounts.models import StaffAccount
from staffimport.models import ImportRun
from staffimport.services.start import (
    start_check,
    start_final,
    start_sync,
    start_test,
)
from staffimport.tests.running import accounts, carry_out

Kind = ImportRun.Kind
State = ImportRun.State
PLANNING = ["pull", "place", "match", "plan"]


# What each kind does


def test_a_check_pulls_and_matches_schools_and_goes_no_further(maple):
    run = carry_out(start_check, maple)

    assert (run.state, run.counts, run.results.count()) == (State.SUCCEEDED, {}, 0)
    assert maple.clever_schools.count() == maple.school_matches.count() == 3
    assert run.snapshot.counts["people"] == 30


def test_a_test_stores_every_row_and_changes_no_account(maple):
    run = carry_out(start_test, maple)

    assert (run.state, run.error) == (State.SUCCEEDED, "")
    assert run.counts["created"] == run.counts["rows"] == run.results.count() == 32
    assert accounts(maple) == []
    steps = {"pull", "load", "plan", "store"} | {"judge", "sum up"}
    assert set(run.timings) == steps
    assert (run.settings_fingerprint, run.proof, run.applied_at) != ("", {}, None)
    assert run.started_at <= run.pulled_at <= run.finished_at


def test_a_final_applies_what_the_test_showed_and_proves_it(tested):
    run = carry_out(start_final, tested)

    assert (run.state, run.error) == (State.SUCCEEDED, "")
    assert len(accounts(tested)) == 32
    assert run.proof == {
        "accounts": 32,
        "differ": 0,
        "waiting": 0,
        "left_alone": 0,
        "sentence": "0 of 32 differ; 0 wait for you, 0 left alone by your decision",
    }
    steps = {"pull", "load", "plan", "store", "apply", "prove"} | {"judge", "sum up"}
    assert set(run.timings) == steps


def test_a_second_final_with_nothing_changed_writes_no_account(imported):
    before = accounts(imported)
    carry_out(start_test, imported)

    run = carry_out(start_final, imported)

    assert run.counts["writes"] == 0
    assert accounts(imported) == before


def test_a_sync_brings_in_a_newcomer_and_stores_only_what_changes(
    imported, standin, ids
):
    standin.change(
        "add",
        kind="users",
        record={
            "name": {"first": "New", "last": "Comer"},
            "email": "new.comer@maplevalley.example",
            "roles": {"staff": {"staff_id": "9", "schools": [ids.school_id(2)]}},
        },
    )

    run = carry_out(start_sync, imported)

    assert (run.state, run.counts["rows"], run.results.count()) == (
        State.SUCCEEDED,
        33,
        1,
    )
    assert StaffAccount.objects.filter(
        last_name="Comer", school__school_id="S2"
    ).exists()


def test_what_a_sync_goes_on_holding_waits_in_its_proof(maple):
    # All accounts of a school before the final, few of them after it.
    for number in range(6):
        StaffAccount.objects.create(
            district=maple,
            school=maple.schools.get(school_id="S3"),
            first_name="Gone",
            last_name=f"Leaver{number}",
            email=f"gone{number}@maplevalley.example",
        )
    carry_out(start_test, maple)
    final = carry_out(start_final, maple)

    maple.refresh_from_db()
    sync = carry_out(start_sync, maple)

    for run in (final, sync):
        assert run.counts["held"] == 6
        assert (run.proof["differ"], run.proof["waiting"]) == (0, 6)


# Progress


@pytest.mark.parametrize(
    ("start", "steps"),
    [
        (start_check, ["pull"]),
        (start_test, PLANNING),
        (start_final, [*PLANNING, "apply", "prove"]),
        (start_sync, [*PLANNING, "apply", "prove"]),
    ],
)
def test_progress_goes_through_the_steps_of_the_kind(imported, start, steps):
    seen = []

    run = carry_out(start, imported, lambda report: seen.append(report.step))

    assert list(dict.fromkeys(seen)) == steps
    applies = "apply" in steps  # then the last step comes after the end of the run
    assert run.progress.step == ("apply" if applies else steps[-1])


def test_the_progress_row_shows_what_was_pulled(tested):
    run = ImportRun.objects.get()

    assert run.progress.parts[-1] == ["Sections", 41, 41]
    assert (run.progress.done, run.progress.total) == (32, 32)


def test_the_district_shows_what_clever_said_of_its_sync(maple, standin):
    carry_out(start_check, maple)

    maple.refresh_from_db()
    said = standin.district.record["last_sync"]
    assert maple.clever_last_sync.isoformat(timespec="milliseconds")[:23] == said[:23]
    assert maple.clever_checked_at == ImportRun.objects.get().pulled_at


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("paused", "clever_paused", "Clever has paused the sync"),
        ("erroring", "clever_error", "Clever reports an error"),
    ],
)
def test_a_frozen_district_is_imported_with_a_notice(
    maple, standin, fault, kind, words
):
    standin.fault(fault)

    run = carry_out(start_test, maple)

    assert (run.state, run.counts["created"]) == (State.SUCCEEDED, 32)
    notice = next(notice for notice in run.notices if notice["kind"] == kind)
    assert notice["text"].startswith(words)
