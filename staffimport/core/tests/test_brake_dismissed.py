"""Dismissing what the brake holds says nothing of what it was held with."""

import pytest

from staffimport.core.tests.braked import gone, held, leavers
from staffimport.core.tests.builders import ELM, crowd, plan_of, row_at
from staffimport.core.values import Settings

SITE_MANAGER = "District Site Manager"


def test_a_removal_dismissed_long_ago_is_none_of_a_days():
    people, accounts = crowd(44)
    known = [*accounts, *leavers(5)]
    key = row_at(plan_of(people, known), "z0").change_key

    made = plan_of(people, known, dismissed=frozenset([key]))

    assert held(made) == []
    assert len(gone(made)) == 4


def dismissing(people, known, *accounts, lately=True):
    """The plan after these accounts' removals were dismissed."""
    first = plan_of(people, known)
    keys = frozenset(row_at(first, account).change_key for account in accounts)
    both = {"dismissed": keys, "dismissed_lately": keys if lately else frozenset()}
    return plan_of(people, known, **both)


def test_dismissing_most_of_too_many_lets_none_of_the_others_go():
    people, accounts = crowd(44)
    most = [f"z{n}" for n in range(4)]

    made = dismissing(people, [*accounts, *leavers(5)], *most)

    assert gone(made) == []
    assert [row.account_id for row in held(made)] == ["z4"]


@pytest.mark.parametrize("lately", [True, False])
def test_dismissing_one_holder_of_a_role_lets_none_of_the_others_go(lately):
    people, accounts = crowd(44)
    nurses = leavers(3, user_role="Nurse")

    made = dismissing(people, [*accounts, *nurses], "z0", lately=lately)

    assert gone(made) == []
    assert [row.account_id for row in held(made)] == ["z1", "z2"]


@pytest.mark.parametrize("lately", [True, False])
def test_dismissing_one_account_of_a_school_lets_none_of_the_others_go(lately):
    people, accounts = crowd(44)

    made = dismissing(people, [*accounts, *leavers(3, ELM)], "z0", lately=lately)

    assert gone(made) == []
    assert [row.account_id for row in held(made)] == ["z1", "z2"]


def test_dismissing_one_site_manager_lets_the_other_not_go():
    people, accounts = crowd(44)
    managers = leavers(2, None, user_role=SITE_MANAGER)
    settings = Settings(protected_roles=frozenset())

    first = plan_of(people, [*accounts, *managers], settings=settings)
    keys = frozenset([row_at(first, "z0").change_key])
    made = plan_of(people, [*accounts, *managers], settings=settings, dismissed=keys)

    assert gone(made) == []
    assert [row.account_id for row in held(made)] == ["z1"]
