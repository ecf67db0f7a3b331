"""Leavers, and what becomes of them, for the tests of the brake."""

from staffimport.core.tests.builders import OAK, account
from staffimport.core.values import HeldReason, Outcome, RowState


def leavers(count, school: int | None = OAK, **given):
    """Return accounts of people who are not in Clever."""
    return [
        account(f"z{n}", school, first_name=f"Z{n}", last_name=f"Zed{n}", **given)
        for n in range(count)
    ]


def held(made):
    """Return the rows the brake holds."""
    return [r for r in made.rows if r.held_reason == HeldReason.BRAKE]


def gone(made):
    """Return the removals that go through."""
    return [
        r
        for r in made.rows
        if r.outcome is Outcome.INACTIVE and r.state is RowState.PLANNED
    ]
