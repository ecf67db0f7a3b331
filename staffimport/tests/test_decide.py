import pytest

from schools.audit import Actor
from schools.models import AuditEntry
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import Decision, DecisionKind
from staffimport.errors import Refused, TooLate
from staffimport.services import decide
from staffimport.services.decide import record_decision, revoke_decision
from staffimport.store import load
from staffimport.tests.building import (
    make_account,
    make_district,
    make_run,
    make_school,
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


@pytest.fixture
def twin(school):
    return make_account(school, email="a.lovelace@oakdale.org")


def known(district):
    """The decisions that the next plan knows."""
    return load.plan_input(make_run(district), Snapshot("x"), None).decisions


def test_a_decision_holds_for_every_later_run(oakdale, ada, twin):
    record_decision(
        oakdale, "keep_one", ada.pk, "a1", " Same mother. ", DANA, [str(twin.pk)]
    )

    assert known(oakdale) == [
        Decision(
            kind=DecisionKind.KEEP_ONE,
            account_id=str(ada.pk),
            clever_id="a1",
            others=(str(twin.pk),),
            by="Dana Whitfield",
        )
    ]
    entry = AuditEntry.objects.get()
    assert str(entry) == (
        "Dana Whitfield decided Keep this one, archive the other: Lovelace, Ada"
    )
    assert entry.note == "Same mother."


def test_a_decision_taken_back_is_no_longer_known(oakdale, ada):
    decision = record_decision(oakdale, "leave_alone", ada.pk, "", "", DANA)

    revoke_decision(decision, Actor("Lee Ortiz"))

    assert known(oakdale) == []
    assert decision.revoked_by_name == "Lee Ortiz"
    assert AuditEntry.objects.latest("pk").verb == "took back decision"


def test_a_decision_is_taken_back_once(oakdale, ada):
    decision = record_decision(oakdale, "leave_alone", ada.pk, "", "", DANA)
    revoke_decision(decision, DANA)

    with pytest.raises(TooLate):
        revoke_decision(decision, DANA)


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
    record_decision(oakdale, first, ada.pk, clever_id, "", DANA)

    record_decision(oakdale, second, ada.pk, clever_id, "", DANA)

    assert [decision.kind for decision in known(oakdale)] == [second]


def test_a_person_given_another_account_leaves_the_one_before(oakdale, ada, twin):
    elsewhere = make_account(oakdale)
    for account in (ada, elsewhere, twin):
        record_decision(oakdale, "same_person", account.pk, "b2", "", DANA)

    accounts = {decision.account_id for decision in known(oakdale)}
    assert accounts == {str(twin.pk), str(elsewhere.pk)}


def test_not_the_same_unties_the_account(oakdale, ada):
    record_decision(oakdale, "not_same", ada.pk, "a1", "", DANA)

    ada.refresh_from_db()
    assert (ada.clever_id, ada.revision) == ("", 2)
    assert AuditEntry.objects.get().changes == {"clever_id": ["a1", ""]}


def test_not_the_same_as_somebody_else_keeps_the_tie(oakdale, ada):
    record_decision(oakdale, "not_same", ada.pk, "b2", "", DANA)

    ada.refresh_from_db()
    assert (ada.clever_id, ada.revision) == ("a1", 1)


@pytest.mark.parametrize(
    ("kind", "clever_id", "sentence"),
    [
        ("same_person", "", decide.NEEDS_PERSON),
        ("leave_alone", "a1", decide.NEEDS_NO_PERSON),
        ("keep_one", "a1", decide.NEEDS_OTHERS),
    ],
)
def test_a_decision_without_sense_is_refused(oakdale, ada, kind, clever_id, sentence):
    with pytest.raises(Refused, match=sentence):
        record_decision(oakdale, kind, ada.pk, clever_id, "", DANA)

    assert known(oakdale) == []


@pytest.mark.parametrize("place", ["itself", "elsewhere"])
def test_only_other_accounts_of_the_same_place_can_be_archived(oakdale, ada, place):
    other = ada if place == "itself" else make_account(oakdale)

    with pytest.raises(Refused, match=decide.OTHERS_ELSEWHERE):
        record_decision(oakdale, "keep_one", ada.pk, "a1", "", DANA, [other.pk])


@pytest.mark.parametrize("account_id", ["nonsense", "0" * 32])
def test_an_unknown_account_is_refused(oakdale, account_id):
    with pytest.raises(Refused, match=f"no account {account_id}"):
        record_decision(oakdale, "leave_alone", account_id, "", "", DANA)


def test_accounts_of_another_district_are_unknown(oakdale, ada):
    with pytest.raises(Refused):
        record_decision(make_district("cedar"), "leave_alone", ada.pk, "", "", DANA)
