"""Every row says what would change its outcome, and that this is so."""

import pytest

from staffimport.core.remedies import would_change
from staffimport.core.tests.builders import (
    account,
    crowd,
    district_admin,
    inactive,
    plan_of,
    staff,
    teacher,
)
from staffimport.core.values import (
    Decision,
    DecisionKind,
    Details,
    HeldReason,
    Level,
    Outcome,
    PlannedRow,
    Settings,
)


def told(people, accounts, key, *, can_decide=True, **given):
    others, theirs = crowd()
    made = plan_of([*people, *others], [*accounts, *theirs], **given)
    row = next(r for r in made.rows if key in (r.account_id, r.clever_id))
    return would_change(row, row.details, "Oak High", can_decide=can_decide)


@pytest.mark.parametrize(
    ("people", "accounts", "key", "sentence"),
    [
        ([teacher(number="7")], [], "p1",
         "An account at Oak High with the last name “Lee” and the e-mail “p1@x.org” or "
         "the employee ID “7” would match instead."),
        ([teacher(title="Dean")], [], "p1",
         "A keyword that fits “Dean” would decide the role: add one on Import Staff "
         "Data."),
        ([district_admin()], [], "p1",
         "with the last name “Lee” and the e-mail “p1@x.org” would match instead."),
        ([teacher(email="")], [], "p1",
         "Without an e-mail or employee ID in Clever nobody can match."),
        ([teacher()], [account()], "p1",
         "Say below that they are one person. Or enter the e-mail “p1@x.org” in "
         "Naviance: the next test then matches them."),
        ([teacher(last="Ng")], [account(email="p1@x.org")], "p1",
         "Or change the last name in Naviance to “Ng”: the next test"),
        ([teacher()], [account()], "a1",
         "Without a decision this account stays active."),
        ([], [account(employee_id="7", user_role="Nurse")], "a1",
         "Somebody at Oak High in Clever with the last name “Lee” and the e-mail "
         "“a1@old.org” or the employee ID “7” would match it. If the person is never "
         "in Clever, say so below, or protect the role Nurse."),
        ([], [account(email="")], "a1", "Complete the account in Naviance"),
        ([], [account(clever_id="p9")], "a1",
         "Share the person at Oak High in Clever again."),
        ([staff("p1", "c-elm", number="7")], [account(employee_id="7")], "a1",
         "Add Ana Lee to Oak High in Clever."),
        ([staff("p1", email="a1@old.org")], [account(school=None)], "a1",
         "Give Ana Lee the user type District Admin in Clever."),
        ([teacher()], [account(), account("a2", clever_id="p1")], "a1",
         "Say below that this is the account of Ana Lee."),
        ([teacher()], [account(email="p1@x.org")], "p1",
         "With another last name, or another e-mail and employee ID, on one side"),
        ([teacher(first="Anna")], [account(clever_id="p1", pinned=("first_name",))],
         "p1",
         "The account is tied to this Clever user, so they match whatever changes. If "
         "that is wrong, say so below. The pinned fields follow Clever once they are "
         "unpinned."),
        ([teacher()], [inactive(email="p1@x.org")], "p1",
         "Without this person at Oak High in Clever the account stays inactive."),
        ([teacher()],
         [account("a1", email="p1@x.org"), account("a2", email="p1@x.org")], "p1",
         "Or mend Naviance, so that one of the accounts alone"),
        ([staff("p1", email="o@x.org"), staff("p2", email="o@x.org", first="Bo")],
         [account(email="o@x.org")], "p1",
         "Or mend Clever, so that this person and Bo Lee share neither e-mail"),
        ([teacher(number="7")], [account(clever_id="p9", employee_id="7")], "p1",
         "Approving the row does the same for this run alone."),
        ([teacher(last="")], [], "p1", "Enter a last name in Clever."),
        ([teacher(at="c-none")], [], "p1", "Share the school with Naviance"),
        ([staff(at=())], [], "p1", "Add this person to a school or a section"),
        ([], [account(added_by_hand=True)], "a1",
         "Say below that the account should be in Clever."),
        ([teacher(last="")], [account(email="p1@x.org")], "a1",
         "Decide or mend Ana first; then the account is judged again."),
    ],
)  # fmt: skip
def test_a_row_says_what_would_change_it(people, accounts, key, sentence):
    assert sentence in told(people, accounts, key)


def test_a_protected_role_is_named():
    protecting = Settings(protected_roles=frozenset(["Nurse"]))

    words = told([], [account(user_role="Nurse")], "a1", settings=protecting)

    assert words == "Take the role Nurse off the protected ones on Import Staff Data."


def test_a_row_whose_account_is_inactive_by_now_leads_to_no_decision():
    words = told([], [account(clever_id="p9")], "a1", can_decide=False)

    assert words == (
        "Share the person at Oak High in Clever again. If the person is never in "
        "Clever, make the account active on its page, and say so on its row in the "
        "next test."
    )


def test_a_row_whose_account_is_gone_leads_to_a_new_test():
    words = told([teacher()], [account(email="p1@x.org")], "p1", can_decide=False)

    assert words == (
        "Nothing is left to decide here: the account has changed since. Run a test to "
        "see where it stands now."
    )


def test_a_match_by_decision_is_undone_by_taking_it_back():
    same = Decision(DecisionKind.SAME_PERSON, "a1", "p1")

    words = told([teacher()], [account()], "p1", decisions=[same])

    assert words == "Take the decision back, and the rules decide again."


@pytest.mark.parametrize("reason", HeldReason)
@pytest.mark.parametrize("outcome", Outcome)
def test_no_row_is_too_odd_for_a_sentence(outcome, reason):
    row = PlannedRow(outcome, Level.SCHOOL, held_reason=reason)

    assert isinstance(would_change(row, Details(), "Oak High"), str)
