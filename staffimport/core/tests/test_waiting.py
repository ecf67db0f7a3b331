"""What an earlier import holds waits through later ones until the admin decides."""

from msgspec.structs import replace

from staffimport.core.planning import plan
from staffimport.core.tests.builders import (
    account,
    crowd,
    input_of,
    row_at,
    row_of,
    teacher,
    writing,
)
from staffimport.core.values import HeldReason, RowState, Settings


def test_a_removal_the_brake_held_waits_on_when_the_brake_would_let_it_go():
    people, accounts = crowd()
    given = input_of(people, [account("gone", last_name="Left"), *accounts])
    key = row_at(plan(given), "gone").change_key

    made = plan(
        replace(given, kind="sync", waiting={key: ("brake", "Held by the brake: x.")})
    )

    row = row_at(made, "gone")
    assert (row.state, row.held_reason) == (RowState.HELD, HeldReason.BRAKE)
    assert row.reason == (
        "Held by an earlier import, until you decide. It said then: "
        "Held by the brake: x."
    )
    assert made.counts["writes"] == len(writing(made))


def test_what_waits_says_so_once_however_many_imports_follow():
    people, accounts = crowd()
    given = input_of(people, [account("gone", last_name="Left"), *accounts])
    key = row_at(plan(given), "gone").change_key
    first = plan(replace(given, waiting={key: ("brake", "Held by the brake: x.")}))

    row = row_at(first, "gone")
    again = plan(replace(given, waiting={key: (row.held_reason, row.reason)}))

    assert row_at(again, "gone").reason == row.reason


def test_a_final_never_turns_a_waiting_removal_into_one_that_a_sync_may_take():
    """It was held in the test as it is now, so nothing has changed since."""
    people, accounts = crowd()
    given = input_of(people, [account("gone", last_name="Left"), *accounts])
    key = row_at(plan(given), "gone").change_key
    waiting = {key: ("brake", "Held by the brake: x.")}
    test = plan(replace(given, waiting=waiting))

    made = plan(
        replace(
            given,
            kind="final",
            waiting=waiting,
            reviewed=frozenset(row.change_key for row in writing(test)),
            braked=frozenset({key}),
        )
    )

    row = row_at(made, "gone")
    assert (row.state, row.held_reason) == (RowState.HELD, HeldReason.BRAKE)


def test_whoever_waits_is_no_arrival_to_the_brake():
    people, accounts = crowd()
    counselor = replace(Settings().school_default, user_role="Counselor")
    leaver = account("gone", last_name="Left", user_role="Counselor")
    settings = replace(
        Settings(), school_default=counselor, essential_roles=frozenset({"Counselor"})
    )
    given = input_of([teacher(), *people], [leaver, *accounts], settings=settings)
    arrival = row_of(plan(given), "p1")
    assert row_at(plan(given), "gone").state is RowState.PLANNED

    made = plan(replace(given, waiting={arrival.change_key: ("pair", "A pair.")}))

    row = row_at(made, "gone")
    assert (row.state, row.held_reason) == (RowState.HELD, HeldReason.BRAKE)


def test_a_held_removal_waits_on_when_its_tie_has_gone_to_another_account():
    people, accounts = crowd()
    tied = account("old", last_name="Left", clever_id="p9")
    given = input_of(people, [tied, *accounts])
    key = row_at(plan(given), "old").change_key
    tied.clever_id = ""

    made = plan(
        replace(given, accounts=[tied, *accounts], waiting={key: ("brake", "")})
    )

    assert row_at(made, "old").state is RowState.HELD


def test_an_approved_row_no_longer_waits():
    people, accounts = crowd()
    given = input_of(people, [account("gone", last_name="Left"), *accounts])
    key = row_at(plan(given), "gone").change_key

    made = plan(
        replace(given, waiting={key: ("brake", "Held.")}, approved=frozenset({key}))
    )

    assert row_at(made, "gone").state is RowState.PLANNED
