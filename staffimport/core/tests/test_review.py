"""Reviewed, approved, dismissed, and who is e-mailed."""

import pytest
from msgspec.structs import replace

from staffimport.core.planning import plan
from staffimport.core.tests.builders import (
    ELM,
    account,
    crowd,
    district_admin,
    inactive,
    input_of,
    plan_of,
    row_at,
    row_of,
    staff,
    teacher,
    writing,
)
from staffimport.core.values import (
    Decision,
    DecisionKind,
    HeldReason,
    Outcome,
    RowState,
    Settings,
)

MAILS = Settings(sends_invitations=True)


def final_after(test_input, **changed):
    """Return the final's plan after the admin saw the test's."""
    seen = frozenset(row.change_key for row in writing(plan(test_input)))
    return plan(replace(test_input, kind="final", reviewed=seen, **changed))


def test_a_final_of_what_was_seen_applies_all_of_it():
    people, accounts = crowd()
    accounts[3].email = "old@x.org"
    given = input_of([teacher(), *people], [account(last_name="Ng"), *accounts])

    made = final_after(given)

    assert len(writing(made)) == len(writing(plan(given))) == 3
    assert made.counts["held"] == 0


@pytest.mark.parametrize(
    "now",
    [
        teacher(email="new@x.org"),
        teacher(last="Roe"),
        teacher(title="Coach"),
        teacher(number="8"),
        teacher("p2"),
    ],
)
def test_a_creation_that_changed_since_the_test_is_held(now):
    given = input_of([teacher()])

    made = final_after(given, snapshot=input_of([now]).snapshot)

    (row,) = made.rows
    assert (row.state, row.held_reason) == (RowState.HELD, HeldReason.CHANGED)
    assert row.reason.startswith("Changed since your test: New. ")
    assert writing(made) == []


def test_a_creation_with_another_role_since_the_test_is_held():
    clerk = replace(Settings().school_default, user_role="Clerk")
    changed = Settings(school_default=clerk)

    made = final_after(input_of([teacher()]), settings=changed)

    assert made.rows[0].held_reason == HeldReason.CHANGED


def test_an_update_that_changed_since_the_test_is_held_and_others_are_applied():
    known = [account("a1", clever_id="p1"), account("a2", clever_id="p2")]
    given = input_of([teacher(), teacher("p2")], known)

    made = final_after(
        given, snapshot=input_of([teacher(), teacher("p2", email="n@x.org")]).snapshot
    )

    assert row_at(made, "a1").state is RowState.PLANNED
    assert row_at(made, "a2").held_reason == HeldReason.CHANGED


def test_an_account_edited_since_the_test_is_held():
    given = input_of([teacher()], [account(clever_id="p1")])

    made = final_after(given, accounts=[account(clever_id="p1", email="hand@x.org")])

    assert row_at(made, "a1").held_reason == HeldReason.CHANGED


def test_a_leaver_the_test_did_not_have_is_held():
    people, accounts = crowd()
    given = input_of([teacher(), *people], [account(clever_id="p1"), *accounts])

    made = final_after(given, snapshot=input_of(people).snapshot)

    row = row_at(made, "a1")
    assert (row.outcome, row.held_reason) == (Outcome.INACTIVE, HeldReason.CHANGED)


def test_rows_that_write_nothing_need_no_review():
    given = input_of([teacher()], [account(clever_id="p1", email="p1@x.org")])

    assert plan(replace(given, kind="final", reviewed=frozenset())).counts["held"] == 0


@pytest.mark.parametrize("kind", ["test", "sync"])
def test_a_test_and_a_sync_hold_nothing_as_unseen(kind):
    assert plan_of([teacher()], kind=kind).counts["held"] == 0


def test_what_the_test_held_and_the_admin_approved_is_applied_by_the_final():
    people, accounts = crowd()
    given = input_of([teacher(), *people], [account(), *accounts])
    pair = plan(given)
    approved = frozenset([row_of(pair, "p1").change_key])

    made = final_after(given, approved=approved)

    assert row_of(made, "p1").state is RowState.PLANNED
    assert row_at(made, "a1").held_reason == HeldReason.PAIR


def test_an_approval_of_a_change_that_is_another_now_lifts_nothing():
    people, accounts = crowd()
    given = input_of([teacher(), *people], [account(), *accounts])
    approved = frozenset([row_of(plan(given), "p1").change_key])

    changed = input_of([teacher(email="n@x.org"), *people]).snapshot
    made = final_after(given, approved=approved, snapshot=changed)

    assert row_of(made, "p1").held_reason == HeldReason.PAIR


@pytest.mark.parametrize("approved_too", [False, True])
def test_a_dismissed_change_is_neither_applied_nor_held(approved_too):
    key = plan_of([teacher()]).rows[0].change_key
    approved = frozenset([key] if approved_too else [])

    made = plan_of([teacher()], dismissed=frozenset([key]), approved=approved)

    assert made.rows[0].state is RowState.DISMISSED
    assert writing(made) == []
    assert made.counts["dismissed"] == 1
    [row] = made.rows
    assert row.reason.startswith("Dismissed, so nothing happens. Without that:")


def test_a_dismissal_stands_until_the_change_is_another():
    key = plan_of([teacher()]).rows[0].change_key

    made = plan_of([teacher(last="Roe")], dismissed=frozenset([key]))

    assert made.rows[0].state is RowState.PLANNED


def test_one_change_has_one_key_in_two_runs_and_two_changes_two():
    people = [teacher("p1"), teacher("p2"), staff("p3", at=("c-oak", "c-elm"))]

    keys = [row.change_key for row in plan_of(people).rows]

    assert keys == [row.change_key for row in plan_of(people, kind="sync").rows]
    assert len(set(keys)) == 4


def test_rows_that_write_nothing_have_no_key():
    made = plan_of([teacher(last="")], [inactive(cause="manual")])

    assert {row.change_key for row in made.rows} == {""}


def test_held_rows_come_first():
    people, accounts = crowd(10)

    made = plan_of([teacher(), *people], [account(), *accounts])

    assert [row.state for row in made.rows[:2]] == [RowState.HELD] * 2


def test_counts_have_a_key_for_every_outcome_and_the_totals():
    made = plan_of([teacher()])

    assert made.counts == {
        "created": 1,
        "matched": 0,
        "inactive": 0,
        "reactivated": 0,
        "relink": 0,
        "conflict": 0,
        "skipped": 0,
        "planned": 1,
        "held": 0,
        "writes": 1,
        "changed": 0,
        "invitations": 0,
        "rows": 1,
    }


def test_each_new_person_gets_one_invitation_for_all_their_accounts():
    who = staff(at=("c-oak", "c-elm"), is_district_admin=True)

    made = plan_of([who], settings=MAILS)

    assert made.counts["created"] == 3
    assert made.counts["invitations"] == 1


def test_whoever_has_an_account_already_gets_no_invitation():
    who = staff(at=("c-oak", "c-elm"))

    made = plan_of([who], [account(school=ELM, email="p1@x.org")], settings=MAILS)

    assert made.counts["created"] == 1
    assert made.counts["invitations"] == 0


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (teacher(email=""), "No e-mail in Clever, so no invitation."),
        (teacher(email="n/a"), "No e-mail in Clever, so no invitation."),
        (teacher(email="jlee"), "“jlee” is no e-mail address, so no invitation."),
        (
            teacher(email="office@x.org"),
            "office@x.org is shared by several people, so no invitation.",
        ),
    ],
)
def test_shared_and_malformed_addresses_get_no_invitation_and_the_row_says_so(who, why):
    sharing = staff("p2", last="Ng", email="Office@x.org")

    row = row_of(plan_of([who, sharing], settings=MAILS), "p1")

    assert not row.gets_invitation
    assert row.reason.endswith(why)


def test_with_sso_nobody_is_invited_and_no_row_speaks_of_it():
    made = plan_of([teacher(email="")])

    assert made.counts["invitations"] == 0
    assert "invitation" not in made.rows[0].reason


def test_nobody_held_is_invited():
    people, accounts = crowd()

    made = plan_of([teacher(), *people], [account(), *accounts], settings=MAILS)

    row = row_of(made, "p1")
    assert row.state is RowState.HELD
    assert (row.gets_invitation, row.details.invites) == (False, True)


def test_reactivated_and_matched_people_are_not_invited():
    made = plan_of(
        [teacher(), district_admin("p2")],
        [inactive(clever_id="p1"), account("a2", None, clever_id="p2")],
        settings=MAILS,
    )

    assert made.counts["invitations"] == 0


def test_a_new_tie_the_admin_has_not_seen_says_what_it_is():
    given = input_of([teacher()], [account("a1", email="p1@x.org")])

    made = final_after(
        given, snapshot=input_of([teacher("p9", email="p1@x.org")]).snapshot
    )

    row = row_at(made, "a1")
    assert row.held_reason == HeldReason.CHANGED
    assert "another Clever user fits this account now" in row.reason


def test_an_account_whose_clever_id_goes_to_another_one_is_marked():
    gone = account("a1", clever_id="p1", email="old@x.org", employee_id="")
    kept = account("a2", email="new@x.org", employee_id="")
    same = Decision(DecisionKind.SAME_PERSON, "a2", "p1")
    alone = Decision(DecisionKind.LEAVE_ALONE, "a1")

    made = plan_of([teacher()], [gone, kept], decisions=[same, alone])

    marks = {row.account_id: row.details.loses_tie for row in made.rows}
    assert marks == {"a1": True, "a2": False}


def test_an_account_that_leaves_with_its_person_loses_no_tie_to_anybody():
    gone = account("a1", clever_id="p9", email="old@x.org", employee_id="")

    made = plan_of([teacher()], [gone])

    assert not any(row.details.loses_tie for row in made.rows)


def test_a_role_and_a_zone_with_a_new_name_change_nothing_reviewed():
    people = [teacher("p1"), district_admin("p2")]
    before = Settings(
        district_zone="North",
        role_ids={"Other School Staff": 1, "Other District Staff": 2},
        district_zone_id=3,
    )
    after = replace(
        before,
        school_default=replace(before.school_default, user_role="Others"),
        district_zone="Up",
        role_ids={"Others": 1, "Other District Staff": 2},
    )
    test = plan_of(people, settings=before)
    seen = frozenset(row.change_key for row in test.rows)

    final = plan_of(people, settings=after, kind="final", reviewed=seen)

    assert [row.state for row in writing(final)] == [RowState.PLANNED] * 2
    assert row_of(final, "p1").user_role == "Others"


def test_another_role_of_a_new_account_is_not_what_was_reviewed():
    before = Settings(role_ids={"Other School Staff": 1, "Others": 2})
    after = replace(
        before, school_default=replace(before.school_default, user_role="Others")
    )
    test = plan_of([teacher("p1")], settings=before)
    seen = frozenset(row.change_key for row in test.rows)

    final = plan_of([teacher("p1")], settings=after, kind="final", reviewed=seen)

    assert row_of(final, "p1").held_reason is HeldReason.CHANGED
