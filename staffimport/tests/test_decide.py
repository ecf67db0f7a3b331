import uuid

import pytest

from accounts.models import StaffAccount
from schools.audit import Actor
from schools.models import AuditEntry
from schools.written import NOTE_TOO_LONG
from staffimport.core.decisions import Choice
from staffimport.core.values import Decision, DecisionKind
from staffimport.errors import Refused, TooLate
from staffimport.models import MatchDecision
from staffimport.services import decide as service
from staffimport.services.decide import decide, take_back
from staffimport.store import load
from staffimport.tests.building import (
    DANA,
    decide_on,
    make_account,
    make_district,
    make_school,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


@pytest.fixture
def ada(school):
    return make_account(school, clever_id="a1")


@pytest.fixture
def twin(school):
    return make_account(school, email="a.lovelace@oakdale.org")


def known(district):
    """The decisions that the next plan knows."""
    return load.decisions(district)


def kinds(district):
    return sorted(decision.kind for decision in known(district))


def test_a_decision_holds_for_every_later_run(oakdale, ada, twin):
    choice = Choice(
        DecisionKind.KEEP_ONE, str(ada.pk), "a1", "Ada King", (str(twin.pk),)
    )
    [kept] = decide(oakdale, [choice], " Same mother. ", DANA)

    assert known(oakdale) == [
        Decision(
            kind=DecisionKind.KEEP_ONE,
            account_id=str(ada.pk),
            clever_id="a1",
            others=(str(twin.pk),),
            by="Dana Whitfield",
        )
    ]
    assert (kept.person_name, kept.account_name) == ("Ada King", "Lovelace, Ada")
    entry = AuditEntry.objects.get()
    assert str(entry) == (
        "Dana Whitfield decided Keep this one, archive the other: Lovelace, Ada, "
        "Ada King in Clever"
    )
    assert (entry.note, entry.about) == ("Same mother.", ada.pk)


def test_a_decision_taken_back_is_no_longer_known(oakdale, ada):
    [decision] = decide_on(oakdale, "leave_alone", ada)

    take_back(oakdale, [decision], Actor("Lee Ortiz"))

    assert known(oakdale) == []
    assert MatchDecision.objects.get().revoked_by_name == "Lee Ortiz"
    assert AuditEntry.objects.latest("pk").verb == "took back decision"


def test_a_decision_is_taken_back_once(oakdale, ada):
    [decision] = decide_on(oakdale, "leave_alone", ada)
    take_back(oakdale, [decision], DANA)

    with pytest.raises(TooLate):
        take_back(oakdale, [decision], DANA)


def test_nobody_takes_back_a_decision_of_another_district(oakdale, ada):
    [decision] = decide_on(oakdale, "leave_alone", ada)

    with pytest.raises(TooLate):
        take_back(make_district("cedar"), [decision], DANA)

    assert len(known(oakdale)) == 1


@pytest.mark.parametrize(
    ("first", "second", "clever_id"),
    [
        ("same_person", "not_same", "b2"),
        ("not_same", "same_person", "b2"),
        ("leave_alone", "in_clever", ""),
    ],
)
def test_the_newest_decision_on_a_pair_replaces_the_one_before(
    oakdale, ada, first, second, clever_id
):
    decide_on(oakdale, first, ada, clever_id)

    decide_on(oakdale, second, ada, clever_id)

    assert kinds(oakdale) == [second]


def test_deciding_the_same_again_keeps_the_first_decision(oakdale, ada):
    decide_on(oakdale, "leave_alone", ada, note="A coach.")

    again = decide_on(oakdale, "leave_alone", ada, by=Actor("Lee Ortiz"))

    assert (again, MatchDecision.objects.count()) == ([], 1)


def test_deciding_the_same_with_another_note_keeps_the_new_note(oakdale, ada):
    decide_on(oakdale, "leave_alone", ada, note="A coach.")

    decide_on(oakdale, "leave_alone", ada, note="Comes in spring.")

    standing = MatchDecision.objects.get(revoked_at=None)
    assert standing.note == "Comes in spring."


def test_a_person_given_another_account_leaves_the_one_before(oakdale, ada, twin):
    elsewhere = make_account(oakdale)
    for account in (ada, elsewhere, twin):
        decide_on(oakdale, "same_person", account, "b2")

    accounts = {decision.account_id for decision in known(oakdale)}
    assert accounts == {str(twin.pk), str(elsewhere.pk)}


def test_an_account_may_be_two_clever_users_by_decision(oakdale, ada):
    both = [
        Choice(DecisionKind.SAME_PERSON, str(ada.pk), person) for person in ("b2", "c3")
    ]
    decide(oakdale, both, "", DANA)

    assert kinds(oakdale) == ["same_person", "same_person"]


def test_not_the_same_takes_back_that_the_account_was_archived_for_that_person(
    oakdale, ada, twin
):
    decide_on(oakdale, "keep_one", ada, "b2", others=[twin])

    decide_on(oakdale, "not_same", twin, "b2")

    assert kinds(oakdale) == ["not_same"]


def test_an_account_that_is_to_be_archived_is_left_alone_no_longer(oakdale, ada, twin):
    decide_on(oakdale, "leave_alone", twin)

    decide_on(oakdale, "keep_one", ada, "b2", others=[twin])

    assert kinds(oakdale) == ["keep_one"]


def test_not_the_same_unties_the_account(oakdale, ada):
    decide_on(oakdale, "not_same", ada, "a1")

    ada.refresh_from_db()
    assert (ada.clever_id, ada.revision) == ("", 2)
    assert AuditEntry.objects.get().changes == {"clever_id": ["a1", ""]}


def test_not_the_same_as_somebody_else_keeps_the_tie(oakdale, ada):
    decide_on(oakdale, "not_same", ada, "b2")

    ada.refresh_from_db()
    assert (ada.clever_id, ada.revision) == ("a1", 1)


@pytest.mark.parametrize(
    ("kind", "clever_id", "sentence"),
    [
        ("same_person", "", service.NEEDS_PERSON),
        ("leave_alone", "a1", service.NEEDS_NO_PERSON),
        ("keep_one", "a1", service.NEEDS_OTHERS),
    ],
)
def test_a_decision_without_sense_is_refused(oakdale, ada, kind, clever_id, sentence):
    with pytest.raises(Refused, match=sentence):
        decide_on(oakdale, kind, ada, clever_id)

    assert known(oakdale) == []


def test_a_note_is_kept_on_one_line_and_within_bounds(oakdale, ada):
    [kept] = decide_on(oakdale, "leave_alone", ada, note=" A\x00\ncoach. ")
    assert kept.note == "A coach."

    with pytest.raises(Refused, match=NOTE_TOO_LONG):
        decide_on(oakdale, "in_clever", ada, note="x" * 1001)


@pytest.mark.parametrize("place", ["itself", "elsewhere"])
def test_only_other_accounts_of_the_same_place_can_be_archived(oakdale, ada, place):
    other = ada if place == "itself" else make_account(oakdale)

    with pytest.raises(Refused, match=service.OTHERS_ELSEWHERE):
        decide_on(oakdale, "keep_one", ada, "a1", others=[other])


@pytest.mark.parametrize("account_id", ["nonsense", str(uuid.UUID(int=7)), "0" * 32])
def test_an_unknown_account_is_refused(oakdale, account_id):
    with pytest.raises(Refused, match=f"no account {account_id}"):
        decide(oakdale, [Choice(DecisionKind.LEAVE_ALONE, account_id)], "", DANA)


def test_accounts_of_another_district_are_unknown(oakdale, ada):
    with pytest.raises(Refused):
        decide_on(make_district("cedar"), "leave_alone", ada)


def test_many_decisions_are_kept_all_or_none(oakdale, ada, twin):
    choices = [
        Choice(DecisionKind.LEAVE_ALONE, str(account.pk)) for account in (ada, twin)
    ]
    with pytest.raises(Refused):
        decide(
            oakdale,
            [*choices, Choice(DecisionKind.LEAVE_ALONE, str(uuid.UUID(int=7)))],
            "",
            DANA,
        )
    assert known(oakdale) == []

    decide(oakdale, [*choices, *choices], "", DANA)

    assert kinds(oakdale) == ["leave_alone", "leave_alone"]
    assert AuditEntry.objects.filter(verb="decided").count() == 2


def test_many_decisions_cost_a_few_queries_each(
    oakdale, school, django_assert_max_num_queries
):
    accounts = [make_account(school) for _ in range(40)]
    choices = [Choice(DecisionKind.LEAVE_ALONE, str(a.pk)) for a in accounts]

    # The audit trail gets an entry for each; all else is asked for at once.
    with django_assert_max_num_queries(20 + len(choices)):
        decide(oakdale, choices, "", DANA)


def test_somebody_elses_decision_at_the_same_moment_is_said(oakdale, ada, monkeypatch):
    decide_on(oakdale, "same_person", ada, "b2")
    # As if it had not been there yet when this one looked.
    monkeypatch.setattr(service._Standing, "_read", lambda *_: iter(()))

    with pytest.raises(TooLate, match="Somebody else has just decided"):
        decide_on(oakdale, "not_same", ada, "b2")

    assert kinds(oakdale) == ["same_person"]
    assert StaffAccount.objects.get(pk=ada.pk).clever_id == "a1"
