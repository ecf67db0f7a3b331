"""What can be decided about a row, and that each decision does what its words say."""

import pytest

from staffimport.core.offers import Seen, bulk_kinds, in_bulk, offers, says
from staffimport.core.tests.builders import (
    account,
    crowd,
    inactive,
    outcomes,
    plan_of,
    staff,
    teacher,
)
from staffimport.core.values import (
    Decision,
    DecisionKind,
    Details,
    Level,
    Outcome,
    PlannedRow,
)

ANN = staff("p1", email="o@x.org", first="Ann")
BO = staff("p2", email="o@x.org", first="Bo")
TWINS = [account("a1", email="p1@x.org"), account("a2", email="p1@x.org")]
OFFICES = [account("a1", email="o@x.org"), account("a2", email="o@x.org")]
BY_HAND = inactive(cause="manual")

# Per situation: the people, the accounts, the key of the row (account, else person).
SITUATIONS = {
    "pair": ([teacher()], [account()], "p1"),
    "account of a pair": ([teacher()], [account()], "a1"),
    "archived": ([teacher()], [inactive()], "p1"),
    "near one off by hand": ([teacher()], [BY_HAND], "p1"),
    "nobody near": ([], [account()], "a1"),
    "two accounts": ([teacher()], TWINS, "p1"),
    "two people": ([ANN, BO], OFFICES[:1], "p1"),
    "has a person": ([ANN, BO], [account(email="o@x.org", clever_id="p2")], "p1"),
    "several": ([ANN, BO], OFFICES, "p1"),
    "second": ([teacher()], [account(), account("a2", clever_id="p1")], "a1"),
    "relink": (
        [teacher(number="7")],
        [account(clever_id="p9", employee_id="7")],
        "a1",
    ),
    "matched": ([teacher()], TWINS[:1], "a1"),
    "added by hand": ([], [account(added_by_hand=True)], "a1"),
    "off by hand": (
        [teacher()],
        [inactive(cause="manual", email="p1@x.org")],
        "a1",
    ),
}

# What is decided about which account, and what becomes of people and accounts then.
DOES = """
pair                 | same_person | a1 | a1 matched
pair                 | not_same    | a1 | a1 inactive, p1 created
pair                 | leave_alone | a1 | a1 skipped, p1 created
account of a pair    | same_person | a1 | a1 matched
account of a pair    | not_same    | a1 | a1 inactive, p1 created
account of a pair    | leave_alone | a1 | a1 skipped, p1 created
archived             | same_person | a1 | a1 reactivated
archived             | not_same    | a1 | p1 created
near one off by hand | same_person | a1 | a1 skipped
nobody near          | leave_alone | a1 | a1 skipped
two accounts         | keep_one    | a1 | a1 matched, a2 inactive
two accounts         | keep_one    | a2 | a2 matched, a1 inactive
two accounts         | not_same    | a1 | a2 matched, a1 inactive
two people           | same_person | a1 | a1 matched, p2 created
two people           | not_same    | a1 | a1 matched, p1 created
has a person         | same_person | a1 | a1 matched, p1 skipped
has a person         | not_same    | a1 | a1 matched, p1 created
several              | same_person | a1 | a1 matched, a2 matched
several              | not_same    | a1 | p1 conflict, p2 conflict
second               | same_person | a1 | a1 matched, a2 inactive
second               | leave_alone | a1 | a1 skipped, a2 matched
relink               | same_person | a1 | a1 matched
relink               | not_same    | a1 | a1 inactive, p1 created
matched              | not_same    | a1 | a1 inactive, p1 created
added by hand        | in_clever   | a1 | a1 inactive
off by hand          | not_same    | a1 | p1 created
"""


def plan(situation, *decisions):
    people, accounts, _ = SITUATIONS[situation]
    others, theirs = crowd()  # so that the brake sees no accident
    return plan_of([*people, *others], [*accounts, *theirs], decisions=list(decisions))


def row_of(situation) -> PlannedRow:
    key = SITUATIONS[situation][2]
    rows = plan(situation).rows
    return next(r for r in rows if key in (r.account_id, r.clever_id))


def decided(situation, offer):
    """What becomes of all but the crowd: by account, of new people by Clever id."""
    made = plan(
        situation,
        *(
            Decision(c.kind, c.account_id, c.clever_id, c.others, "Dana")
            for c in offer.choices
        ),
    )
    known = {account.id for account in SITUATIONS[situation][1]}
    return {
        row.account_id if row.account_id in known else row.clever_id: str(row.outcome)
        for row in made.rows
        if "crowd" not in row.clever_id
    }


@pytest.mark.parametrize("line", DOES.strip().splitlines())
def test_a_decision_does_what_is_said(line):
    situation, kind, account_id, then = map(str.strip, line.split("|"))
    row = row_of(situation)
    [offer] = [
        offer
        for offer in offers(row, row.details)
        if (offer.kind, offer.account_id) == (kind, account_id)
    ]

    assert decided(situation, offer) == dict(each.split() for each in then.split(", "))


def test_every_offer_of_every_situation_has_its_words():
    seen = {
        a.id: Seen(a.id, a.active)
        for *_, known, _ in SITUATIONS.values()
        for a in known
    }
    found = []
    for situation in SITUATIONS:
        row = row_of(situation)
        found += [says(o, row, row.details, seen) for o in offers(row, row.details)]

    assert all(words.endswith(".") and "{" not in words for words in found)
    assert len(found) > len(SITUATIONS)


@pytest.mark.parametrize(
    ("situation", "kind", "words"),
    [
        ("pair", "same_person",
         "Keeps the account with its role; 1 field follows Clever."),
        ("pair", "leave_alone",
         "Ana Lee gets a new account; this one stays active."),
        ("account of a pair", "not_same",
         "Makes this one inactive, creates one for Ana Lee."),
        ("archived", "same_person",
         "Brings back the account with its role; 1 field follows Clever."),
        ("near one off by hand", "same_person",
         "The account stays inactive: somebody deactivated it by hand."),
        ("two accounts", "keep_one", "Ana Lee has this one; a2@x becomes inactive."),
        ("two people", "not_same",
         "Ann Lee gets a new account; this one is left to Bo Lee."),
        ("has a person", "same_person",
         "One person with two Clever users: one account is enough."),
    ],
)  # fmt: skip
def test_the_words_name_who_and_how_much(situation, kind, words):
    row = row_of(situation)
    seen = {
        a.id: Seen(f"{a.id}@x", a.active, a.inactive_cause == "manual", 1)
        for a in SITUATIONS[situation][1]
    }
    offer = next(o for o in offers(row, row.details) if o.kind == kind)

    assert says(offer, row, row.details, seen) == words


def test_a_match_by_decision_is_taken_back_not_decided_against():
    same = Decision(DecisionKind.SAME_PERSON, "a1", "p1")
    people, accounts, _ = SITUATIONS["pair"]
    [row] = plan_of(people, accounts, decisions=[same]).rows

    assert offers(row, row.details) == []


def test_a_row_nothing_can_be_decided_about_offers_nothing():
    row = plan_of([staff("p1", last="")]).rows[0]

    assert outcomes(plan_of([staff("p1", last="")])) == {"p1": "skipped"}
    assert offers(row, row.details) == []


@pytest.mark.parametrize(
    ("situation", "kinds"),
    [
        ("pair", {"same_person", "not_same"}),
        ("account of a pair", {"same_person", "not_same", "leave_alone"}),
        ("nobody near", {"leave_alone"}),
        ("two accounts", {"keep_one"}),
        ("two people", {"same_person", "not_same"}),
        ("second", {"same_person", "leave_alone"}),
        ("relink", {"same_person", "not_same"}),
        ("matched", set()),
        ("added by hand", {"in_clever"}),
    ],
)
def test_only_what_says_one_thing_can_be_decided_for_many_rows(situation, kinds):
    row = row_of(situation)

    assert bulk_kinds(row, row.details) == kinds


def test_not_the_same_as_any_of_several_near_accounts_is_one_thing():
    near = plan_of([teacher()], [account("a1"), account("a2")])
    row = next(r for r in near.rows if r.clever_id == "p1")

    choices = in_bulk(row, row.details, DecisionKind.NOT_SAME)

    assert [choice.account_id for choice in choices] == ["a1", "a2"]
    assert in_bulk(row, row.details, DecisionKind.SAME_PERSON) == ()


def test_details_that_name_no_account_offer_nothing():
    row = PlannedRow(Outcome.CREATED, Level.SCHOOL, clever_id="p1")

    assert offers(row, Details()) == []
