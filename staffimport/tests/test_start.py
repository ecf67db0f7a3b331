from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import StaffAccount, User
from schools.models import CleverSchool, School, SchoolMatch, SchoolMatchReset
from staffimport import runs
from staffimport.errors import NotReady, TooLate
from staffimport.models import ImportRun, MatchDecision
from staffimport.services.cancel import cancel_run
from staffimport.services.start import (
    final_gate,
    start_check,
    start_final,
    start_sync,
    start_test,
)
from staffimport.store.load import fingerprint
from staffimport.store.settings import make_settings
from staffimport.tests.conftest import DANA

# A quarter to seven in the evening of October 13 in Maple Valley, in California.
NOW = datetime(2026, 10, 14, 1, 45, tzinfo=UTC)
Kind = ImportRun.Kind
State = ImportRun.State


def after_test(district, pulled_at=NOW):
    """A succeeded test of the settings as they are now."""
    return ImportRun.objects.create(
        district=district,
        kind=Kind.TEST,
        state=State.SUCCEEDED,
        requested_by_name="Dana Whitfield",
        pulled_at=pulled_at,
        settings_fingerprint=fingerprint(district),
    )


def imported(district):
    district.first_final_at = NOW
    district.save()
    return district


# Starting


@pytest.mark.parametrize(
    ("start", "kind"), [(start_check, Kind.CHECK), (start_test, Kind.TEST)]
)
def test_a_run_that_changes_nothing_needs_only_the_connection(maple, start, kind):
    run = start(maple, DANA)

    assert (run.kind, run.state, run.district) == (kind, State.QUEUED, maple)


def test_the_worker_gets_the_run_when_its_transaction_is_committed(
    maple, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run = start_test(maple, DANA)
        sent_before_commit = sent()

    assert sent_before_commit == []
    assert sent() == [("carry_out", run.pk)]


def test_a_double_click_sends_one_message(
    maple, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        runs_started = {start_test(maple, DANA), start_test(maple, DANA)}

    assert len(runs_started) == 1
    assert len(sent()) == 1


def test_a_run_for_the_caller_to_carry_out_is_not_sent(
    maple, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        start_test(maple, DANA, send=False)

    assert sent() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"clever_token": ""}, "no access token"),
        ({"clever_id": None}, "no access token"),
        ({"disconnected_at": NOW}, "disconnected"),
    ],
)
@pytest.mark.parametrize("start", [start_check, start_test, start_final, start_sync])
def test_nothing_starts_without_a_connection(maple, start, changes, words):
    imported(maple)
    after_test(maple)
    for name, value in changes.items():
        setattr(maple, name, value)

    with pytest.raises(NotReady, match=words):
        start(maple, DANA)

    assert not ImportRun.objects.filter(state=State.QUEUED).exists()


def test_a_pause_stops_what_changes_accounts_and_no_test(maple):
    imported(maple)
    after_test(maple, timezone.now())
    maple.paused_at = NOW

    for start in (start_final, start_sync):
        with pytest.raises(NotReady, match="is paused"):
            start(maple, DANA)
    assert start_test(maple, DANA).state == State.QUEUED


@pytest.mark.parametrize("start", [start_test, start_final, start_sync])
def test_a_district_that_is_not_activated_starts_no_import_not_even_a_test(
    maple, start
):
    imported(maple)
    after_test(maple, timezone.now())
    maple.activated_at = None

    with pytest.raises(NotReady, match="Maple Valley is not activated yet"):
        start(maple, DANA)

    assert not ImportRun.objects.filter(state=State.QUEUED).exists()


def test_a_sync_waits_for_the_first_final(maple):
    with pytest.raises(NotReady, match="Complete a final import first"):
        start_sync(maple, DANA)

    assert start_sync(imported(maple), DANA).kind == Kind.SYNC


# The gate of a final


def test_the_gate_is_open_after_a_fresh_test(maple):
    test = after_test(maple)

    gate = final_gate(maple, NOW)

    assert (gate.is_open, gate.reasons, gate.test) == (True, (), test)


def test_a_final_follows_its_test_and_keeps_the_tick(maple):
    test = after_test(maple, timezone.now())

    run = start_final(maple, DANA, include_held=True)

    assert (run.kind, run.base_run, run.include_held) == (Kind.FINAL, test, True)


def test_a_second_click_on_final_returns_the_run_although_the_gate_has_shut(maple):
    after_test(maple, timezone.now())
    run = start_final(maple, DANA)
    ImportRun.objects.filter(kind=Kind.TEST).delete()

    assert start_final(maple, DANA) == run


def test_without_a_test_the_gate_asks_for_one(maple):
    gate = final_gate(maple, NOW)

    assert gate.reasons == ("There is no completed test import yet. Run one first.",)
    assert gate.needs_test


@pytest.mark.parametrize(
    ("age", "is_open"),
    [
        (timedelta(hours=48) - timedelta(seconds=1), True),
        (timedelta(hours=48), False),
    ],
)
def test_a_test_lasts_48_hours_from_its_pull(maple, age, is_open):
    after_test(maple, NOW - age)

    assert final_gate(maple, NOW).is_open is is_open


@pytest.mark.parametrize(("undone", "is_open"), [(1, False), (-1, True)])
def test_an_undo_after_the_test_asks_for_a_new_one(maple, undone, is_open):
    test = after_test(maple)
    test.started_at = NOW
    test.save()
    ImportRun.objects.create(
        district=maple,
        kind=Kind.FINAL,
        state=State.SUCCEEDED,
        undone_at=NOW + timedelta(hours=undone),
    )

    gate = final_gate(maple, NOW + timedelta(hours=2))

    assert gate.is_open is is_open
    assert gate.needs_test is not is_open
    if not is_open:
        [reason] = gate.reasons
        assert reason.startswith("Final import ")
        assert "was undone after this test, on Oct 13. Run it again." in reason


def test_an_old_test_is_named_by_its_time_in_the_district(maple):
    after_test(maple, NOW - timedelta(hours=50, minutes=43))

    assert final_gate(maple, NOW).reasons == (
        "This test is older than 48 hours (Oct 11, 4:02 PM). Run it again.",
    )


def test_only_the_newest_succeeded_test_counts(maple):
    after_test(maple, NOW)
    newest = after_test(maple, NOW)
    failed = after_test(maple, NOW)
    ImportRun.objects.filter(pk=failed.pk).update(state=State.FAILED)

    assert final_gate(maple, NOW).test == newest


def test_the_question_of_sso_must_be_answered(maple):
    after_test(maple)
    maple.uses_sso = None

    gate = final_gate(maple, NOW)

    assert any("whether your district uses Clever SSO" in why for why in gate.reasons)


def change_settings(district, at):
    chosen = make_settings(district)
    chosen.teacher_fallback = False
    chosen.saved_at, chosen.saved_by = at, "Dana Whitfield"
    chosen.save()


def change_matches(district, at):
    school = CleverSchool.objects.create(
        district=district, clever_id="s1", name="Maple Valley High School"
    )
    SchoolMatch.objects.create(
        district=district,
        school=district.schools.get(school_id="S1"),
        clever_school=school,
        method="manual",
        matched_by=dana(),
        matched_at=at,
    )


def reset_a_match(district, at):
    change_matches(district, at - timedelta(days=9))
    ImportRun.objects.update(settings_fingerprint=fingerprint(district))
    match = district.school_matches.get()
    SchoolMatchReset.objects.create(
        district=district,
        school=match.school,
        clever_school=match.clever_school,
        reset_by=dana(),
        reset_at=at,
    )
    match.delete()


def decide(district, at):
    MatchDecision.objects.create(
        district=district,
        kind=MatchDecision.Kind.LEAVE_ALONE,
        account_id=StaffAccount.objects.create(district=district).pk,
        decided_by_name="Dana Whitfield",
        decided_at=at,
    )


def take_back(district, at):
    decide(district, at - timedelta(days=9))
    ImportRun.objects.update(settings_fingerprint=fingerprint(district))
    MatchDecision.objects.update(revoked_at=at, revoked_by_name="Dana Whitfield")


def dana():
    return User.objects.get_or_create(
        email="dana@maplevalley.example",
        defaults={"first_name": "Dana", "last_name": "Whitfield"},
    )[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_settings, "Settings were saved"),
        (change_matches, "School matches were saved"),
        (reset_a_match, "School matches were saved"),
        (decide, "A decision was made"),
        (take_back, "A decision was taken back"),
    ],
)
def test_a_change_after_the_test_is_named_with_its_day_and_person(maple, change, words):
    after_test(maple, NOW - timedelta(hours=2))

    change(maple, NOW - timedelta(hours=1))

    assert final_gate(maple, NOW).reasons == (
        f"{words} after this test, on Oct 13 by Dana Whitfield. Run it again.",
    )


def test_a_change_that_kept_no_time_is_named_too(maple):
    change_matches(maple, NOW - timedelta(days=9))
    after_test(maple)

    School.objects.get(school_id="S1").delete()

    (why,) = final_gate(maple, NOW).reasons
    assert why.startswith("Settings, school matches or decisions are no longer")


def test_a_shut_gate_starts_nothing(maple):
    with pytest.raises(NotReady, match="no completed test import"):
        start_final(maple, DANA)

    assert not ImportRun.objects.exists()


# Cancelling


def test_a_cancel_frees_the_way_for_the_next_run(
    maple, sent, django_capture_on_commit_callbacks
):
    test = start_test(maple, DANA, send=False)
    runs.claim(test.pk, NOW)
    waiting = start_check(maple, DANA, send=False)

    with django_capture_on_commit_callbacks(execute=True):
        cancel_run(test, DANA)

    assert test.state == State.CANCELLED
    assert sent() == [("carry_out", waiting.pk)]
    entry = maple.audit_entries.get(verb="cancelled")
    assert (entry.actor_name, entry.target) == (
        "Dana Whitfield",
        f"Test import {test.pk}",
    )


def test_a_cancel_that_comes_too_late_leaves_no_record(maple):
    test = after_test(maple)

    with pytest.raises(TooLate):
        cancel_run(test, DANA)

    assert not maple.audit_entries.filter(verb="cancelled").exists()
