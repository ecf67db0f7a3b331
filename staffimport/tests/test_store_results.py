import pytest
from django.utils import timezone

from staffimport.core.values import (
    Details,
    HeldReason,
    Level,
    Outcome,
    PlannedRow,
    RowState,
)
from staffimport.store import results
from staffimport.tests.building import (
    a_plan,
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


def test_a_row_is_stored_with_all_it_says(oakdale, school):
    row = PlannedRow(
        Outcome.CREATED,
        Level.SCHOOL,
        school.pk,
        RowState.HELD,
        HeldReason.PAIR,
        "new",
        "New.\tA tab, a \\ and a\nline.",
        "c1",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        ("7c9e6679-7425-40de-944b-e07fc1f90ae7",),
        "Zoë",
        "M",
        "Ångström",
        "Dean",
        "z@x.org",
        "00417",
        "Teacher",
        "Adviser",
        teacher_list=True,
        counselor_list=True,
        zone="North",
        matched_by="email",
        keyword="dean",
        changes={"email": [None, "z@x.org"]},
        details=Details(otherwise="x", drift=(("email", "y"),)),
        writes=True,
        gets_invitation=True,
        account_revision=4,
        previous_clever_id="c0",
    )

    run = store_plan(make_run(oakdale), row)

    (stored,) = run.results.values()
    del stored["id"]
    stored["account_id"] = str(stored["account_id"])
    assert stored == {
        "run_id": run.pk,
        "position": 0,
        "outcome": "created",
        "state": "held",
        "held_reason": "pair",
        "reason_code": "new",
        "reason": "New.\tA tab, a \\ and a\nline.",
        "level": "school",
        "school_id": school.pk,
        "clever_id": "c1",
        "account_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "candidates": ["7c9e6679-7425-40de-944b-e07fc1f90ae7"],
        "first_name": "Zoë",
        "middle_name": "M",
        "last_name": "Ångström",
        "job_title": "Dean",
        "email": "z@x.org",
        "employee_id": "00417",
        "job_function": "Teacher",
        "user_role": "Adviser",
        "teacher_list": True,
        "counselor_list": True,
        "zone": "North",
        "matched_by": "email",
        "keyword": "dean",
        "changes": {"email": [None, "z@x.org"]},
        "details": {"otherwise": "x", "drift": [["email", "y"]]},
        "writes": True,
        "gets_invitation": True,
        "account_revision": 4,
        "previous_clever_id": "c0",
        "change_key": row.change_key,
        "search_text": "angstrom zoe\nm z@x.org 00417 dean",
        "resolved_at": None,
        "resolved_by": "",
    }


def test_rows_keep_the_order_of_the_plan(oakdale, school):
    run = store_plan(make_run(oakdale), *(new_row(school, f"g{n}") for n in (3, 1, 2)))

    assert list(run.results.values_list("clever_id", flat=True)) == ["g3", "g1", "g2"]


def test_a_second_attempt_replaces_the_rows_of_the_first(oakdale, school, monkeypatch):
    monkeypatch.setattr(results, "_DELETE_ROWS", 2)
    run, other = make_run(oakdale), make_run(oakdale, "test", state="succeeded")
    store_plan(other, new_row(school, "g9"))
    store_plan(run, *(new_row(school, f"g{n}") for n in range(5)))

    store_plan(run, new_row(school, "g7"))

    assert list(run.results.values_list("clever_id", flat=True)) == ["g7"]
    assert other.results.count() == 1


def test_a_row_of_nobodys_account_has_no_account(oakdale):
    row = PlannedRow(Outcome.SKIPPED, Level.SCHOOL, clever_id="c1")

    run = store_plan(make_run(oakdale), row)

    stored = run.results.get()
    assert (stored.account_id, stored.school) == (None, None)


def rows_of_every_kind(school):
    account = make_account(school)

    def named(name, outcome=Outcome.MATCHED, **fields):
        row = row_of(account, outcome, writes=False)
        for field, value in {**fields, "reason_code": name}.items():
            setattr(row, field, value)
        return row

    return [
        named("changes", writes=True),
        named("held", state=RowState.HELD, writes=True),
        named("conflict", Outcome.CONFLICT),
        named("drift", details=Details(drift=(("email", "x"),))),
        named("idle"),
        named("skipped", Outcome.SKIPPED),
        named("dismissed", state=RowState.DISMISSED, writes=True),
    ]


@pytest.mark.parametrize("kind", ["test", "final"])
def test_a_test_and_a_final_store_every_row(oakdale, school, kind):
    rows = rows_of_every_kind(school)

    run = store_plan(make_run(oakdale, kind), *rows)

    stored = list(run.results.values_list("reason_code", flat=True))
    assert stored == [row.reason_code for row in rows]


def test_a_sync_stores_what_there_is_to_tell(oakdale, school):
    run = store_plan(make_run(oakdale, "sync"), *rows_of_every_kind(school))

    stored = list(run.results.values_list("reason_code", flat=True))
    assert stored == ["changes", "held", "conflict", "drift"]


@pytest.mark.parametrize(
    ("kind", "state"), [("test", RowState.PLANNED), ("final", RowState.APPLIED)]
)
def test_a_run_that_applies_has_nothing_left_to_do_where_nothing_changes(
    oakdale, school, kind, state
):
    row = row_of(make_account(school), writes=False)

    run = store_plan(make_run(oakdale, kind), row)

    assert run.results.get().state == state


def test_why_an_account_was_inactive_is_kept_for_an_undo(oakdale, school):
    at = timezone.now()
    ada = make_account(
        school,
        status="inactive",
        inactive_cause="loaded",
        inactive_by="Support",
        inactive_at=at,
    )
    row = row_of(ada, Outcome.REACTIVATED, details=Details(otherwise="x"))

    run = store_plan(make_run(oakdale), row)

    assert run.results.get().details == {
        "otherwise": "x",
        "inactive_before": {
            "cause": "loaded",
            "at": at.isoformat(),
            "by": "Support",
        },
    }


def test_progress_counts_the_rows_stored(oakdale, school):
    told: list[int] = []

    results.write(make_run(oakdale), a_plan(new_row(school, "g1")), told.append)

    assert told == [1]
