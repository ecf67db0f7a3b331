"""The brake holds removals and updates that look like an accident."""

import pytest

from staffimport.core.snapshot import RosterSchool
from staffimport.core.tests.braked import gone, held, leavers
from staffimport.core.tests.builders import (
    ELM,
    OAK,
    SCHOOLS,
    account,
    crowd,
    district_admin,
    inactive,
    keyword,
    place,
    places,
    plan_of,
    row_at,
    staff,
    teacher,
    writing,
)
from staffimport.core.values import (
    Decision,
    DecisionKind,
    HeldReason,
    Limits,
    Outcome,
    Removal,
    Settings,
)

SITE_MANAGER = "District Site Manager"


def removals(count, school=OAK, role=""):
    return [Removal(f"r{n}", school, role) for n in range(count)]


@pytest.mark.parametrize(
    ("staying", "leaving", "is_held"),
    [
        (45, 5, False),  # exactly 10 %
        (44, 5, True),
        (40, 4, False),  # fewer than 5 people
        (36, 4, False),
        (6, 4, False),  # 40 %, but fewer than 5 and less than half
        (4, 4, True),  # half
        (5, 4, False),
        (1, 1, True),
        (95, 10, False),
        (85, 10, True),
    ],
)
def test_removals_above_the_limits_are_held(staying, leaving, is_held):
    people, accounts = crowd(staying)

    made = plan_of(people, [*accounts, *leavers(leaving)])

    assert len(held(made)) == (leaving if is_held else 0)
    assert len(gone(made)) == (0 if is_held else leaving)


def test_one_person_with_accounts_at_five_schools_is_not_five_people():
    """More than 10 % of the accounts, but fewer than 5 people."""
    people, accounts = crowd(40)
    numbers = range(20, 25)
    schools = [RosterSchool(f"c{n}", f"School {n}") for n in numbers]
    given = {
        "places": [*places(), *(place(n, f"School {n}", f"c{n}") for n in numbers)],
        "schools": (*SCHOOLS, *schools),
    }
    stays = [staff(f"s{n}", f"c{n}", last=f"Sol{n}") for n in numbers]
    theirs = [account(f"t{n}", n, last_name=f"Sol{n}") for n in numbers]
    own = [account(f"z{n}", n, last_name="Zed", clever_id="p9") for n in numbers]

    made = plan_of([*people, *stays], [*accounts, *theirs, *own], **given)

    assert held(made) == []
    assert len(gone(made)) == 5


def test_an_account_of_a_school_out_of_scope_does_not_count_with_the_run():
    people, accounts = crowd(40)

    elsewhere = removals(9, school=99)

    made = plan_of(people, [*accounts, *leavers(2)], removals=elsewhere)

    assert held(made) == []


@pytest.mark.parametrize(("earlier", "is_held"), [(0, False), (2, False), (3, True)])
def test_removals_of_the_last_24_hours_count_with_the_run(earlier, is_held):
    people, accounts = crowd(40)

    made = plan_of(people, [*accounts, *leavers(2)], removals=removals(earlier))

    assert bool(held(made)) is is_held


def test_a_removal_that_came_back_is_not_counted():
    people, accounts = crowd(40)
    back = [Removal(one.id, OAK) for one in accounts[:9]]

    assert held(plan_of(people, [*accounts, *leavers(2)], removals=back)) == []


def test_limits_are_settings():
    people, accounts = crowd(44)
    loose = Settings(limits=Limits(removal_percent=50, removal_people=5))

    assert held(plan_of(people, [*accounts, *leavers(5)], settings=loose)) == []


def test_creations_and_updates_go_on_beside_held_removals():
    people, accounts = crowd(10)
    accounts[0].email = "old@x.org"

    made = plan_of([*people, teacher()], [*accounts, *leavers(10)])

    assert len(held(made)) == 10
    assert {r.outcome for r in writing(made)} == {Outcome.CREATED, Outcome.MATCHED}


@pytest.mark.parametrize(
    ("earlier", "stay", "is_held"), [(0, 0, True), (5, 0, True), (0, 1, False)]
)
def test_all_accounts_of_a_school_are_not_removed_at_once(earlier, stay, is_held):
    people, accounts = crowd(100)
    more, theirs = crowd(stay, ELM)

    made = plan_of(
        [*people, *more],
        [*accounts, *theirs, *leavers(2, ELM)],
        removals=removals(earlier, ELM),
    )

    assert len(held(made)) == (2 if is_held else 0)
    if is_held:
        assert held(made)[0].reason == (
            f"Held by the brake: all {2 + earlier} accounts of Elm High would become "
            "inactive. Is the school still shared in Clever?"
        )


@pytest.mark.parametrize(
    ("count", "essential", "earlier", "is_held"),
    [
        (1, False, 0, False),
        (1, True, 0, True),
        (2, False, 0, True),
        (1, False, 1, True),
    ],
)
def test_the_holders_of_a_role_at_a_school_are_not_all_removed(
    count, essential, earlier, is_held
):
    people, accounts = crowd(100)
    roles = frozenset(["Registrar"] if essential else [])

    made = plan_of(
        people,
        [*accounts, *leavers(count, user_role="Registrar")],
        settings=Settings(essential_roles=roles),
        removals=removals(earlier, role="Registrar"),
    )

    assert len(held(made)) == (count if is_held else 0)


def test_arrivals_in_the_role_make_up_for_removals():
    people, accounts = crowd(100)
    settings = Settings(keywords=(keyword("registrar", "Registrar"),))
    two = leavers(2, user_role="Registrar")
    new = staff("new", title="Registrar", last="New")

    with_one = plan_of([*people, new], [*accounts, *two], settings=settings)
    with_none = plan_of(people, [*accounts, *two], settings=settings)

    assert held(with_one) == []
    assert len(held(with_none)) == 2


def test_somebody_who_comes_back_in_the_role_is_an_arrival():
    people, accounts = crowd(100)
    back = inactive("b1", clever_id="back", user_role="Registrar")
    known = [*accounts, *leavers(2, user_role="Registrar"), back]

    made = plan_of([*people, staff("back")], known)

    assert held(made) == []


def test_an_arrival_that_is_itself_held_makes_up_for_nobody():
    people, accounts = crowd(100)
    settings = Settings(keywords=(keyword("registrar", "Registrar"),))
    known = [*accounts, *leavers(2, user_role="Registrar")]
    new = staff("new", title="Registrar", last="New")
    test = plan_of(people, known, settings=settings)
    seen = frozenset(r.change_key for r in test.rows if r.change_key)

    final = plan_of(
        [*people, new], known, settings=settings, kind="final", reviewed=seen
    )

    new_row = next(r for r in final.rows if r.clever_id == "new")
    assert new_row.held_reason == HeldReason.CHANGED
    assert len(held(final)) == 2


def test_the_last_site_manager_of_the_district_is_not_removed():
    people, accounts = crowd(100)
    one = leavers(1, None, user_role=SITE_MANAGER)
    two = leavers(2, None, user_role=SITE_MANAGER)
    stays = account("s1", None, user_role=SITE_MANAGER, clever_id="s1")

    assert len(held(plan_of(people, [*accounts, *one]))) == 1
    assert len(held(plan_of(people, [*accounts, *two]))) == 2
    others = [*people, district_admin("s1")]
    assert held(plan_of(others, [*accounts, *one, stays])) == []


def test_whom_a_zone_restricts_is_no_site_manager_that_could_stay_alone():
    people, accounts = crowd(100)
    [one] = leavers(1, None, user_role=SITE_MANAGER)
    restricted = account("s1", None, user_role=SITE_MANAGER, clever_id="s1", zone="N")

    made = plan_of([*people, district_admin("s1")], [*accounts, one, restricted])

    assert row_at(made, one.id).reason == (
        "Held by the brake: the district would have no active District Site Manager "
        "with full access left."
    )


def test_a_site_manager_is_not_archived_by_keeping_an_account_without_the_role():
    people, accounts = crowd(100)
    twins = [
        account("a1", None, user_role=SITE_MANAGER),
        account("a2", None, user_role="Clerk"),
    ]
    decided = Decision(DecisionKind.KEEP_ONE, "a2", "p1", ("a1",), "Dana")

    made = plan_of(
        [district_admin(), *people], [*twins, *accounts], decisions=[decided]
    )

    assert row_at(made, "a1").held_reason == HeldReason.BRAKE


def test_the_account_of_whoever_asked_is_not_removed():
    people, accounts = crowd(100)

    made = plan_of(people, [*accounts, account()], asking_accounts=frozenset(["a1"]))

    assert row_at(made, "a1").reason == (
        "Held by the brake: this is the account of the admin who asked for the run."
    )


def test_archives_by_decision_are_no_accident():
    people = [staff(f"p{n}", last=f"L{n}") for n in range(6)]
    twins = [
        account(f"{side}{n}", last_name=f"L{n}", email=f"p{n}@x.org")
        for n in range(6)
        for side in "ab"
    ]
    decisions = [
        Decision(DecisionKind.KEEP_ONE, f"a{n}", f"p{n}", (f"b{n}",)) for n in range(6)
    ]

    made = plan_of(people, twins, decisions=decisions)

    assert held(made) == []
    assert len(gone(made)) == 6


@pytest.mark.parametrize(
    ("kind", "losing", "is_held"),
    [
        ("sync", 31, True),
        ("sync", 30, False),
        ("test", 40, False),
        ("final", 40, False),
    ],
)
def test_a_sync_in_which_most_accounts_lose_a_value_holds_those_updates(
    kind, losing, is_held
):
    people, accounts = crowd(40)
    for one in accounts[:losing]:
        one.email = f"old-{one.email}"

    made = plan_of(people, accounts, kind=kind)

    assert len(held(made)) == (losing if is_held else 0)


def test_values_filled_in_where_there_were_none_are_no_loss():
    people, accounts = crowd(40)
    for one in accounts:
        one.email = ""

    assert held(plan_of(people, accounts, kind="sync")) == []


def test_an_approved_removal_goes_through_and_the_others_stay_held():
    people, accounts = crowd(10)
    known = [*accounts, *leavers(10)]
    first = plan_of(people, known)
    key = row_at(first, "z3").change_key

    made = plan_of(people, known, approved=frozenset([key]))

    assert [r.account_id for r in gone(made)] == ["z3"]
    assert len(held(made)) == 9


@pytest.mark.parametrize("include_held", [True, False])
def test_a_final_removes_what_the_brake_held_only_with_its_own_tick(include_held):
    people, accounts = crowd(10)
    known = [*accounts, *leavers(10)]
    braked = frozenset(row.change_key for row in held(plan_of(people, known)))

    final = plan_of(
        people,
        known,
        kind="final",
        reviewed=frozenset(),
        braked=braked,
        include_held=include_held,
    )

    assert len(gone(final)) == (10 if include_held else 0)
    assert len(held(final)) == (0 if include_held else 10)


def test_what_the_tests_brake_held_is_not_removed_because_the_final_has_a_wider_limit():
    people, accounts = crowd(10)
    known = [*accounts, *leavers(10)]
    braked = frozenset(row.change_key for row in held(plan_of(people, known)))

    more, theirs = crowd(200, prefix="more")
    final = plan_of(
        [*people, *more],
        [*known, *theirs],
        kind="final",
        reviewed=frozenset(),
        braked=braked,
    )

    assert gone(final) == []


def test_the_brake_says_how_many_and_the_limit():
    people, accounts = crowd(44)

    made = plan_of(people, [*accounts, *leavers(5)])

    assert held(made)[0].reason == (
        "Held by the brake: 5 of 49 active accounts would become inactive in a day, "
        "more than 10 %."
    )
    assert held(made)[0].details.otherwise.startswith("Nobody in Clever has")
