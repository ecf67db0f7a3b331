"""Nobody decides about an account that may do more over others than they may."""

import pytest

from accounts.models import Right, StaffAccount, User, UserRole
from schools.audit import Actor
from staffimport.core.values import HeldReason, Outcome, RowState
from staffimport.errors import NotReady, Refused
from staffimport.gate import Gate
from staffimport.models import MatchDecision
from staffimport.services.decide import take_back
from staffimport.services.held import approve, dismiss
from staffimport.services.start import start_final
from staffimport.tests.building import (
    DANA,
    applied_run,
    decide_on,
    make_account,
    make_district,
    make_school,
    row_of,
    succeeded_test,
)

pytestmark = pytest.mark.django_db


def role(district, name, *rights):
    return UserRole.objects.create(
        district=district, name=name, level="district", rights=list(rights)
    )


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def manager(oakdale):
    """An account whose role may manage staff."""
    chief = role(oakdale, "Chief", Right.MANAGE_DATA_IMPORT, Right.MANAGE_STAFF)
    return make_account(oakdale, user_role=chief, clever_id="boss")


@pytest.fixture
def kim(oakdale):
    """Somebody who runs imports, and may do nothing else over others."""
    user = User.objects.create_user("kim@oakdale.org")
    own = role(oakdale, "Importer", Right.MANAGE_DATA_IMPORT)
    make_account(oakdale, user=user, user_role=own, email="kim@oakdale.org")
    return Actor("Kim Li", user)


@pytest.mark.parametrize("kind", ["same_person", "not_same"])
def test_nobody_decides_who_a_mightier_account_is(oakdale, manager, kim, kind):
    with pytest.raises(Refused) as refused:
        decide_on(oakdale, kind, manager, "kims-own", by=kim)

    assert refused.value.user_message == (
        "Lovelace, Ada has the role Chief, which may do what you may not: manage staff "
        "accounts. Ask somebody who may."
    )
    assert not MatchDecision.objects.exists()


def test_nobody_archives_a_mightier_account_by_keeping_another(oakdale, manager, kim):
    other = make_account(oakdale, email="a@oakdale.org")

    with pytest.raises(Refused, match="may do what you may not"):
        decide_on(oakdale, "keep_one", other, "c1", others=[manager], by=kim)


def test_a_mightier_account_may_be_left_alone(oakdale, manager, kim):
    [kept] = decide_on(oakdale, "leave_alone", manager, by=kim)
    take_back(oakdale, [kept], kim)

    assert MatchDecision.objects.get().revoked_by_name == "Kim Li"


def test_nobody_takes_back_what_was_decided_about_a_mightier_account(
    oakdale, manager, kim
):
    kept = decide_on(oakdale, "not_same", manager, "boss", by=DANA)

    with pytest.raises(Refused, match="may do what you may not"):
        take_back(oakdale, kept, kim)

    assert MatchDecision.objects.get().revoked_at is None
    assert StaffAccount.objects.get(pk=manager.pk).clever_id == ""


def test_nor_by_deciding_something_that_contradicts_it(oakdale, manager, kim):
    decide_on(oakdale, "same_person", manager, "c1", by=DANA)
    other = make_account(oakdale, email="a@oakdale.org")

    with pytest.raises(Refused, match="may do what you may not"):
        decide_on(oakdale, "same_person", other, "c1", by=kim)

    assert MatchDecision.objects.get().revoked_at is None


def test_nobody_takes_back_that_a_mightier_account_is_archived(oakdale, manager, kim):
    other = make_account(oakdale, email="a@oakdale.org")
    kept = decide_on(oakdale, "keep_one", other, "c1", others=[manager], by=DANA)

    with pytest.raises(Refused, match="may do what you may not"):
        take_back(oakdale, kept, kim)

    assert MatchDecision.objects.get().revoked_at is None


@pytest.mark.parametrize("make_run", [succeeded_test, applied_run])
@pytest.mark.parametrize("outcome", ["relink", "inactive", "reactivated"])
def test_nobody_approves_what_a_run_holds_of_a_mightier_account(
    oakdale, manager, kim, make_run, outcome
):
    ada = make_account(make_school(oakdale))
    rows = [row_of(a, Outcome(outcome)) for a in (manager, ada)]
    for row in rows:
        row.state, row.held_reason = RowState.HELD, HeldReason.BRAKE
    run = make_run(oakdale, *rows)
    theirs, adas = (run.results.get(account_id=a.pk) for a in (manager, ada))

    resolved = approve(oakdale, [theirs.pk, adas.pk], kim)

    theirs.refresh_from_db()
    assert (resolved.done, theirs.state) == ((adas.pk,), "held")
    assert "which may do what you may not" in resolved.refused[theirs.pk]
    assert dismiss(oakdale, [theirs.pk], kim).done == (theirs.pk,)


def test_accounts_that_may_do_no_more_are_anybodys_to_decide(oakdale, kim):
    ada = make_account(make_school(oakdale))

    assert len(decide_on(oakdale, "same_person", ada, "c1", by=kim)) == 1


def test_nor_all_that_is_held_by_a_tick_beside_start_import(
    oakdale, manager, kim, monkeypatch
):
    row = row_of(manager, Outcome.INACTIVE)
    row.state, row.held_reason = RowState.HELD, HeldReason.BRAKE
    test = succeeded_test(oakdale, row)
    passed = Gate((), test)
    monkeypatch.setattr("staffimport.services.start.final_gate", lambda _: passed)

    with pytest.raises(NotReady) as refused:
        start_final(oakdale, kim, include_held=True, send=False)

    assert refused.value.user_message.startswith("Not all that is held is yours to")
    assert "Lovelace, Ada has the role Chief" in refused.value.user_message
    assert start_final(oakdale, kim, send=False).base_run == test
