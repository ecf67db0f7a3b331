import pytest

from accounts.models import StaffAccount
from schools.audit import Actor
from schools.models import AuditEntry
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import HeldReason, Outcome, RowState
from staffimport.models import ImportResult
from staffimport.queries.audit import AuditFilter, audit_page
from staffimport.services.held import DECIDED_NOW, EDITED_SINCE, approve, dismiss
from staffimport.store import load, rebase
from staffimport.tests.building import (
    applied_run,
    apply_plan,
    make_account,
    make_district,
    make_run,
    make_school,
    new_row,
    row_of,
    store_plan,
    succeeded_test,
)

pytestmark = pytest.mark.django_db

DANA = Actor("Dana Whitfield")


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


@pytest.fixture
def ada(school):
    return make_account(school, clever_id="a1")


def held(row, reason=HeldReason.BRAKE):
    row.state, row.held_reason = RowState.HELD, reason
    return row


def only_row(run):
    return run.results.get()


def leaver(account):
    return held(row_of(account, Outcome.INACTIVE))


def edit(account, **fields):
    StaffAccount.objects.filter(pk=account.pk).update(
        revision=account.revision + 1, **fields
    )
    account.refresh_from_db()


def test_approving_a_row_of_a_test_lifts_its_hold_in_the_final(oakdale, ada):
    test = succeeded_test(oakdale, leaver(ada))
    row = only_row(test)

    resolved = approve(oakdale, [row.pk], DANA)

    row.refresh_from_db()
    ada.refresh_from_db()
    final = make_run(oakdale, base_run=test)
    given = load.plan_input(final, Snapshot("x"), None)
    assert (resolved.done, resolved.refused) == ((row.pk,), {})
    assert (row.state, row.resolved_by) == (RowState.PLANNED, "Dana Whitfield")
    assert ada.status == "active"
    assert given.approved == given.reviewed == frozenset({row.change_key})


def test_the_audit_trail_names_who_was_approved_or_dismissed(oakdale, ada):
    test = succeeded_test(oakdale, leaver(ada))

    dismiss(oakdale, [only_row(test).pk], DANA)

    wanted = AuditFilter(q=ada.last_name)
    page = audit_page(oakdale, wanted, before=None, after=None, last=False)
    [line] = page.lines
    [change] = line.changes
    assert line.entry.verb == "dismissed"
    assert change.part == "people"
    assert change.new.startswith(f"{ada.last_name}, {ada.first_name} (")


def test_approving_a_row_of_an_applied_run_applies_it_at_once(oakdale, ada):
    run = applied_run(oakdale, leaver(ada))
    row = only_row(run)

    approve(oakdale, [row.pk], DANA)

    row.refresh_from_db()
    ada.refresh_from_db()
    assert (row.state, row.resolved_by) == (RowState.APPLIED, "Dana Whitfield")
    assert ada.status == "inactive"
    assert ada.inactive_by == f"Final import {run.pk}, approved by Dana Whitfield"


def test_an_approved_relink_ties_the_account_to_the_new_id(oakdale, ada):
    run = applied_run(
        oakdale, held(row_of(ada, Outcome.RELINK, clever_id="a2"), HeldReason.RELINK)
    )

    approve(oakdale, [only_row(run).pk], DANA)

    ada.refresh_from_db()
    assert ada.clever_id == "a2"


def test_an_approved_new_person_gets_the_account(oakdale, school):
    run = applied_run(oakdale, held(new_row(school, "g1"), HeldReason.PAIR))

    approve(oakdale, [only_row(run).pk], DANA)

    assert StaffAccount.objects.get().clever_id == "g1"


def test_nobody_gets_a_second_account_by_an_approval(oakdale, school):
    run = applied_run(oakdale, held(new_row(school, "g1"), HeldReason.PAIR))
    row = only_row(run)
    make_account(school, clever_id="g1")

    first = approve(oakdale, [row.pk], DANA)
    second = approve(oakdale, [row.pk], DANA)

    assert first.refused == {row.pk: EDITED_SINCE}
    assert second.refused == {row.pk: rebase.HAS_ONE}
    assert StaffAccount.objects.count() == 1


def test_an_account_edited_since_is_not_overwritten_at_once(oakdale, ada):
    row = held(row_of(ada, job_title="Principal", email="a@new.org"))
    run = applied_run(oakdale, row)
    edit(ada, job_title="Dean", first_name="Augusta")
    stored = only_row(run)

    resolved = approve(oakdale, [stored.pk], DANA)

    stored.refresh_from_db()
    ada.refresh_from_db()
    assert resolved.refused == {stored.pk: EDITED_SINCE}
    assert (stored.state, stored.held_reason) == (RowState.HELD, HeldReason.EDITED)
    assert (stored.resolved_at, stored.resolved_by) == (None, "")
    assert ada.job_title == "Dean"


def test_approved_again_the_edited_account_gets_what_clever_changes(oakdale, ada):
    row = held(row_of(ada, job_title="Principal", email="a@new.org"))
    run = applied_run(oakdale, row)
    edit(ada, job_title="Dean", first_name="Augusta", pinned_fields=["email"])
    stored = only_row(run)
    approve(oakdale, [stored.pk], DANA)

    resolved = approve(oakdale, [stored.pk], DANA)

    stored.refresh_from_db()
    ada.refresh_from_db()
    assert resolved.done == (stored.pk,)
    assert (ada.first_name, ada.job_title, ada.email) == (
        "Augusta",
        "Principal",
        "ada@oakdale.org",
    )
    assert stored.changes == {"job_title": ["Dean", "Principal"]}
    assert ada.search_text == "lovelace augusta\nada@oakdale.org 417 principal"


@pytest.mark.parametrize(
    ("outcome", "fields", "sentence"),
    [
        (Outcome.INACTIVE, {"status": "inactive"}, rebase.ALREADY),
        (
            Outcome.REACTIVATED,
            {"status": "inactive", "inactive_cause": "manual"},
            rebase.BY_HAND,
        ),
        (Outcome.MATCHED, {"job_title": "Principal"}, rebase.NOTHING_LEFT),
    ],
)
def test_an_edited_row_that_no_longer_fits_says_why(
    oakdale, ada, outcome, fields, sentence
):
    row = held(row_of(ada, outcome, job_title="Principal"), HeldReason.EDITED)
    run = applied_run(oakdale, row)
    edit(ada, **fields)
    stored = only_row(run)

    resolved = approve(oakdale, [stored.pk], DANA)

    assert resolved.refused == {stored.pk: sentence}


def test_an_edited_row_of_a_deleted_account_says_so(oakdale, ada):
    run = applied_run(oakdale, held(row_of(ada, email="x@y.z"), HeldReason.EDITED))
    ada.delete()
    stored = only_row(run)

    resolved = approve(oakdale, [stored.pk], DANA)

    assert resolved.refused == {stored.pk: rebase.GONE}


def test_a_superseded_row_is_decided_in_the_newer_run(oakdale, ada):
    older = applied_run(oakdale, leaver(ada))
    newer = applied_run(oakdale, leaver(ada), kind="sync")

    resolved = approve(oakdale, [only_row(older).pk, only_row(newer).pk], DANA)

    assert resolved.done == (only_row(newer).pk,)
    assert "newer run" in resolved.refused[only_row(older).pk]


def test_a_row_of_an_older_test_is_refused(oakdale, ada):
    older = succeeded_test(oakdale, leaver(ada))
    succeeded_test(oakdale, leaver(ada))

    resolved = approve(oakdale, [only_row(older).pk], DANA)

    assert "not the newest test" in resolved.refused[only_row(older).pk]


def test_a_row_is_approved_once(oakdale, ada):
    row = only_row(applied_run(oakdale, leaver(ada)))
    approve(oakdale, [row.pk], DANA)

    resolved = approve(oakdale, [row.pk], Actor("Lee"))

    assert resolved.refused == {
        row.pk: "This row is not held: it is applied already by Dana Whitfield."
    }


def test_rows_of_another_district_are_unknown(oakdale, ada):
    row = only_row(applied_run(oakdale, leaver(ada)))

    resolved = approve(make_district("cedar"), [row.pk], DANA)

    assert list(resolved.refused) == [row.pk]
    assert only_row(row.run).state == RowState.HELD


def test_rows_of_an_undone_run_are_not_applied(oakdale, ada):
    run = applied_run(oakdale, leaver(ada))
    oakdale.import_runs.update(undone_at=run.finished_at)
    row = only_row(run)

    resolved = approve(oakdale, [row.pk], DANA)

    assert "undone" in resolved.refused[row.pk]
    assert only_row(run).state == RowState.HELD


def test_a_dismissed_change_stays_dismissed_in_later_runs(oakdale, ada):
    run = applied_run(oakdale, leaver(ada))
    row = only_row(run)

    resolved = dismiss(oakdale, [row.pk], DANA)

    given = load.plan_input(make_run(oakdale, "sync"), Snapshot("x"), None)
    row.refresh_from_db()
    assert resolved.done == (row.pk,)
    assert (row.state, row.resolved_by) == (RowState.DISMISSED, "Dana Whitfield")
    assert given.dismissed == {row.change_key}


def test_the_newest_word_on_a_change_wins(oakdale, ada):
    dismissed = only_row(applied_run(oakdale, leaver(ada)))
    dismiss(oakdale, [dismissed.pk], DANA)
    echo = leaver(ada)
    echo.state = RowState.DISMISSED
    test = succeeded_test(oakdale, echo)

    approve(oakdale, [only_row(test).pk], DANA)

    given = load.plan_input(make_run(oakdale, base_run=test), Snapshot("x"), None)
    assert given.dismissed == frozenset()
    assert given.approved == frozenset({dismissed.change_key})


def test_a_dismissal_is_taken_back_by_an_approval(oakdale, ada):
    row = only_row(applied_run(oakdale, leaver(ada)))
    dismiss(oakdale, [row.pk], DANA)

    approve(oakdale, [row.pk], DANA)

    ada.refresh_from_db()
    assert ada.status == "inactive"


@pytest.mark.parametrize("number", [-1, 0, 10**30])
def test_a_number_that_no_row_can_have_is_no_row(oakdale, number):
    resolved = approve(oakdale, [number], DANA)

    assert list(resolved.refused) == [number]
    assert f"Oakdale has no row {number}." in resolved.refused[number]


def test_a_row_is_dismissed_once(oakdale, ada):
    row = only_row(applied_run(oakdale, leaver(ada)))
    dismiss(oakdale, [row.pk], DANA)

    resolved = dismiss(oakdale, [row.pk], DANA)

    assert resolved.refused == {row.pk: "This row is dismissed already."}


def test_a_running_run_meets_an_approval_as_an_edit(oakdale, ada):
    row = only_row(applied_run(oakdale, leaver(ada)))
    sync = make_run(oakdale, "sync")
    store_plan(sync, row_of(ada, job_title="Principal"))
    approve(oakdale, [row.pk], DANA)

    apply_plan(sync, row_of(ada, job_title="Principal"))

    assert ImportResult.objects.get(run=sync).held_reason == HeldReason.EDITED


@pytest.mark.parametrize(
    ("deed", "others"), [(approve, "dismissed"), (dismiss, "planned")]
)
def test_who_decides_a_moment_later_is_told_so(oakdale, ada, monkeypatch, deed, others):
    test = succeeded_test(oakdale, leaver(ada))
    row = only_row(test)

    def decide_meanwhile(run):
        run.results.update(state=others, resolved_by="Lea")

    monkeypatch.setattr("staffimport.services.held.hold_still", decide_meanwhile)

    resolved = deed(oakdale, [row.pk], DANA)

    assert (resolved.done, resolved.refused) == ((), {row.pk: DECIDED_NOW})
    row.refresh_from_db()
    assert (row.state, row.resolved_by) == (others, "Lea")


def test_each_deed_is_on_record(oakdale, ada, school):
    run = applied_run(oakdale, leaver(ada), held(new_row(school, "g1")))
    first, second = run.results.values_list("pk", flat=True)

    approve(oakdale, [first], DANA)
    dismiss(oakdale, [second], DANA)

    assert [str(entry) for entry in AuditEntry.objects.order_by("pk")] == [
        f"Dana Whitfield applied Final import {run.pk}",
        f"Dana Whitfield approved 1 row of Final import {run.pk}",
        f"Dana Whitfield dismissed 1 row of Final import {run.pk}",
    ]
