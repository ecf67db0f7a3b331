"""What a run does when something is wrong: its source, its time, or a bug."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from schools.models import District
from staffimport import runner, runs, sweeping
from staffimport.models import ImportRun, RosterSnapshot
from staffimport.services.cancel import cancel_run
from staffimport.services.start import (
    start_check,
    start_final,
    start_sync,
    start_test,
)
from staffimport.store import readiness
from staffimport.store.settings import make_settings
from staffimport.tests.conftest import DANA
from staffimport.tests.running import accounts, carry_out

Kind = ImportRun.Kind
State = ImportRun.State


# A source that can't be trusted


@pytest.mark.parametrize(
    ("fault", "path", "words"),
    [
        ("revoked", "", "did not accept this district's access token"),
        ("404", "/sections", "available to us"),
        ("ends_early", "/users?role=staff", "ended early"),
        ("empty", "/users?role=teacher", "Clever returned no teachers"),
        ("unordered", "/schools", "did not continue where it should"),
        ("foreign_link", "/users?role=teacher", "another address"),
    ],
)
def test_a_sick_source_fails_a_final_and_changes_nothing(
    imported, standin, fault, path, words
):
    standin.fault(fault, path=path)

    assert_fails_and_changes_nothing(imported, start_final, words)


def test_a_run_whose_token_clever_refuses_leaves_that_noted(imported, standin):
    standin.fault("revoked", path="")

    carry_out(start_sync, imported)
    refused_at = District.objects.get().token_refused_at
    standin.clear_faults()
    carry_out(start_sync, imported)

    assert refused_at is not None
    assert District.objects.get().token_refused_at is None


@pytest.mark.parametrize("start", [start_check, start_test, start_final, start_sync])
def test_a_list_that_is_empty_and_was_not_fails_a_run_of_any_kind(
    imported, standin, ids, start
):
    standin.sync(
        [{"do": "remove", "kind": "users", "id": ids.user_id(n)} for n in range(1, 21)]
    )

    assert_fails_and_changes_nothing(imported, start, "no teachers")


def test_nobody_in_clever_fails_the_first_run_of_a_district_with_accounts(
    maple, standin, ids
):
    for _number in range(6):
        StaffAccount.objects.create(district=maple)
    standin.sync(
        [{"do": "remove", "kind": "users", "id": ids.user_id(n)} for n in range(1, 31)]
    )

    assert_fails_and_changes_nothing(
        maple, start_test, "Clever returned no district admins"
    )


def assert_fails_and_changes_nothing(district, start, words):
    before = accounts(district), list(district.clever_schools.values())
    snapshots = RosterSnapshot.objects.count()

    run = carry_out(start, district)

    assert (run.state, run.results.count()) == (State.FAILED, 0)
    assert words in run.error
    assert not run.error_is_unexpected
    assert (accounts(district), list(district.clever_schools.values())) == before
    assert RosterSnapshot.objects.count() == snapshots


def test_a_district_without_a_token_fails_with_the_remedy(maple):
    run = start_test(maple, DANA, send=False)
    District.objects.update(clever_token="")

    run = runner.carry_out(run.pk, beat_every=None)

    assert (run.state, run.error_is_unexpected) == (State.FAILED, False)
    assert "no access token" in run.error


def test_a_token_under_a_lost_key_fails_with_the_remedy(maple, settings):
    run = start_test(maple, DANA, send=False)
    settings.FIELD_ENCRYPTION_KEYS = ["p4JTVGUvKPi8ntsIwvRqrzBBPtXCHKk_jQHP8mVUsHw="]

    run = runner.carry_out(run.pk, beat_every=None)

    assert (run.state, run.error_is_unexpected) == (State.FAILED, False)
    assert "FIELD_ENCRYPTION_KEYS" in run.error


def test_a_token_that_clever_replaced_is_read_again_by_itself(maple, standin, settings):
    settings.CLEVER_OAUTH_URL = standin.url
    settings.CLEVER_CLIENT_ID = standin.client_id
    settings.CLEVER_CLIENT_SECRET = standin.client_secret
    District.objects.update(clever_token="the-one-before")
    maple.refresh_from_db()

    run = carry_out(start_test, maple)

    assert (run.state, run.error) == (State.SUCCEEDED, "")
    assert District.objects.get().clever_token == standin.token


# What happens meanwhile


@pytest.mark.parametrize("step", ["", "pull", "plan"])
def test_a_district_paused_meanwhile_keeps_its_accounts(tested, step):
    run = start_final(tested, DANA, send=False)

    def pause_at_step(report):
        if report.step == step:
            District.objects.update(paused_at=timezone.now())

    if not step:
        District.objects.update(paused_at=timezone.now())
    run = runner.carry_out(run.pk, pause_at_step, beat_every=None)

    assert (run.state, run.results.count()) == (State.FAILED, 0)
    assert run.error.startswith("Maple Valley is paused")
    assert (run.snapshot is None) is (not step)
    assert accounts(tested) == []


@pytest.mark.parametrize("step", ["pull", "place", "match", "plan", "apply"])
def test_a_run_can_be_cancelled_until_it_applies(tested, step):
    def cancel_at_step(report):
        run = ImportRun.objects.get(kind=Kind.FINAL)
        if report.step == step and run.state == State.RUNNING:
            cancel_run(run, DANA)

    run = carry_out(start_final, tested, cancel_at_step)

    assert (run.state, run.error, run.results.count()) == (State.CANCELLED, "", 0)
    assert accounts(tested) == []


@pytest.mark.parametrize("step", ["pull", "plan", "apply"])
def test_a_slow_worker_that_was_given_up_can_not_apply(tested, step):
    def sweep_at_step(report):
        if report.step == step:
            sweeping.sweep(timezone.now() + timedelta(minutes=2))

    run = carry_out(start_final, tested, sweep_at_step)
    accounts_of_slow_worker = accounts(tested)
    again = runner.carry_out(run.pk, beat_every=None)

    assert (run.state, accounts_of_slow_worker) == (State.QUEUED, [])
    assert (again.state, again.attempts) == (State.SUCCEEDED, 2)
    assert (len(accounts(tested)), again.results.count()) == (32, 32)


def test_settings_saved_while_a_final_waits_send_it_back(tested):
    final = start_final(tested, DANA, send=False)
    chosen = make_settings(tested)
    chosen.teacher_fallback = False
    chosen.saved_at, chosen.saved_by = timezone.now(), "Dana Whitfield"
    chosen.save()

    run = runner.carry_out(final.pk, beat_every=None)

    assert run.state == State.FAILED
    assert run.error.startswith("Settings were saved after this test, on ")
    assert accounts(tested) == []


def test_a_run_waits_while_another_of_its_district_is_running(maple):
    check = start_check(maple, DANA, send=False)
    runs.claim(check.pk, timezone.now())

    run = carry_out(start_test, maple)

    assert (run.state, run.attempts) == (State.QUEUED, 0)


def test_a_run_that_has_ended_is_not_carried_out_again(tested, standin):
    run = ImportRun.objects.get()
    asked = standin.requests["/v3.1/districts"]

    again = runner.carry_out(run.pk, beat_every=None)

    assert again.attempts == 1
    assert standin.requests["/v3.1/districts"] == asked


# Bugs


def test_a_bug_is_logged_and_fails_the_run_as_unexpected(tested, caplog):
    def break_at_plan(report):
        if report.step == "plan":
            raise ZeroDivisionError

    run = carry_out(start_final, tested, break_at_plan)

    assert (run.state, run.error_is_unexpected) == (State.FAILED, True)
    assert run.error == runner.UNEXPECTED
    assert (accounts(tested), run.results.count()) == ([], 0)
    assert any(
        f"Run {run.pk} failed unexpectedly" in record.getMessage() and record.exc_info
        for record in caplog.records
    )


def test_a_bug_in_the_proof_leaves_the_run_applied_and_says_so(tested):
    def break_at_proof(report):
        if report.step == "prove":
            raise ZeroDivisionError

    run = carry_out(start_final, tested, break_at_proof)

    assert (run.state, run.error, run.proof) == (State.SUCCEEDED, "", {})
    assert run.notices[-1]["kind"] == "unproven"
    assert len(accounts(tested)) == 32


def test_neither_names_nor_the_token_reach_the_log(tested, standin, caplog):
    carry_out(start_final, tested)

    logged = caplog.text
    assert f"of {tested.slug}" in logged
    assert standin.token not in logged
    for word in ("Abara", "maplevalley.example"):
        assert word not in logged


def test_a_run_has_ended_before_readiness_is_judged(imported, monkeypatch):
    seen = []

    def judge(run, given, made):
        seen.append(ImportRun.objects.get(pk=run.pk).state)
        raise RuntimeError

    monkeypatch.setattr(readiness, "save", judge)

    run = carry_out(start_test, imported)

    assert seen == ["succeeded"]
    assert (run.state, run.error) == ("succeeded", "")
