"""What somebody approved or dismissed stands while the test is planned again."""

import pytest

from accounts.models import StaffAccount
from schools.audit import Actor
from staffimport.services.held import Resolved, approve, dismiss
from staffimport.services.start import start_test
from staffimport.tests.building import DANA, decide_on
from staffimport.tests.repeating import again, carry_out, queued, row_of

LEE = Actor("Lee Ortiz")


# What somebody approved or dismissed stands


def hold(run, *rows):
    """Hold rows as the brake would."""
    pks = [row.pk for row in rows]
    run.results.filter(pk__in=pks).update(state="held", held_reason="brake")


@pytest.mark.parametrize(
    ("verb", "state"), [(approve, "planned"), (dismiss, "dismissed")]
)
def test_what_was_resolved_stands_over_two_more_plans(maple, gone, test, verb, state):
    other = StaffAccount.objects.create(
        district=maple, first_name="Gil", last_name="Gone", email="gil@maple.example"
    )
    test = carry_out(start_test(maple, DANA, send=False))
    hold(test, row_of(test, gone))
    verb(maple, [row_of(test, gone).pk], LEE)

    decide_on(maple, "leave_alone", other)
    again(maple)
    decide_on(maple, "in_clever", other)
    run = again(maple)

    row = row_of(run, gone)
    assert (row.state, row.resolved_by) == (state, "Lee Ortiz")
    assert row.resolved_at is not None


@pytest.mark.parametrize(
    ("verb", "state"), [(approve, "planned"), (dismiss, "dismissed")]
)
def test_what_is_resolved_while_the_test_is_planned_again_is_not_lost(
    maple, gone, test, verb, state
):
    decide_on(maple, "in_clever", gone)
    hold(test, row_of(test, gone))
    seen: list[Resolved] = []

    def resolve_meanwhile(report):
        if report.step == "plan" and not seen:
            seen.append(verb(maple, [row_of(test, gone).pk], LEE))

    run = carry_out(queued(maple), resolve_meanwhile)

    assert seen[0].refused == {}
    assert row_of(run, gone).state == state


@pytest.fixture
def other(maple):
    """Another account whose person is not in Clever."""
    return StaffAccount.objects.create(
        district=maple, first_name="Gil", last_name="Gone", email="gil@maple.example"
    )


def test_approving_a_row_of_an_older_plan_approves_the_newest_plans(maple, gone, other):
    test = carry_out(start_test(maple, DANA, send=False))
    decide_on(maple, "leave_alone", other)
    run = again(maple)
    hold(run, row_of(run, gone))
    row = row_of(test, gone)

    resolved = approve(maple, [row.pk], LEE)

    assert (resolved.done, resolved.refused) == ((row.pk,), {})
    assert row_of(run, gone).resolved_by == "Lee Ortiz"
    assert row_of(test, gone).resolved_by == ""


def test_a_row_the_newest_plan_no_longer_has_can_not_be_approved(maple, gone, test):
    hold(test, row_of(test, gone))
    row = row_of(test, gone)
    decide_on(maple, "leave_alone", gone)
    run = again(maple)

    resolved = approve(maple, [row.pk], LEE)

    assert resolved.refused == {
        row.pk: f"{run} has no such row any more. Look at it there."
    }
