"""What holds of every plan, whatever the district: checked on generated ones."""

from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from staffimport.core.folding import (
    email_key,
    employee_id_key,
    first_name_key,
    last_name_key,
)
from staffimport.core.matching import ConflictKind
from staffimport.core.placement import Absence
from staffimport.core.planning import plan
from staffimport.core.tests.builders import ELM, OAK, TIES, applied, writing
from staffimport.core.tests.districts import ASH, inputs
from staffimport.core.values import MatchedBy, Outcome, Removal, RowState

fast = settings(max_examples=40)
OPEN = {"test": {OAK, ELM, ASH, None}, "final": {OAK, ELM, ASH, None}}
OPEN["sync"] = {OAK, ELM, None}


@fast
@given(inputs(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(given_input, random):
    def shuffled(items):
        return random.sample(items, len(items))

    mixed = replace(
        given_input,
        snapshot=replace(
            given_input.snapshot,
            people=shuffled(given_input.snapshot.people),
            schools=shuffled(given_input.snapshot.schools),
        ),
        places=shuffled(given_input.places),
        accounts=shuffled(given_input.accounts),
        decisions=shuffled(given_input.decisions),
    )

    assert plan(mixed) == plan(given_input)


@fast
@given(inputs())
def test_a_plan_applied_and_made_again_changes_nothing(given_input):
    first = plan(given_input)

    second = plan(_after(given_input, first))

    assert writing(second) == []


@fast
@given(inputs())
def test_every_placement_has_exactly_one_row(given_input):
    made = plan(given_input)

    rows = Counter(
        (row.clever_id, row.level, row.school)
        for row in made.rows
        if _is_of_person(row) and row.reason_code not in list(Absence)
    )
    assert rows == Counter(_expected(given_input))


@fast
@given(inputs())
def test_every_active_account_in_scope_is_accounted_for_once(given_input):
    made = plan(given_input)

    own = Counter(row.account_id for row in made.rows if row.account_id)
    listing = defaultdict(set)
    for row in made.rows:
        for account in row.candidates:
            listing[account].add(row.reason_code)
    for account in given_input.accounts:
        if account.active and account.school in OPEN[given_input.kind]:
            kinds = listing[account.id]
            # Beside its own row only whoever is refused it may list it, and people
            # who list one that has no row are all in the one conflict about it.
            assert own[account.id] == 1 or (own[account.id] == 0 and kinds)
            assert own[account.id] == (not kinds - {ConflictKind.HAS_A_PERSON})
    assert set(own.values()) <= {1}


@fast
@given(inputs())
def test_nobody_outside_the_included_and_covered_schools_is_touched(given_input):
    made = plan(given_input)

    before = {account.id: account for account in given_input.accounts}
    after = {one.id: one for one in applied(made, given_input.accounts)}
    for account in before.values():
        if account.school not in OPEN[given_input.kind]:
            assert after[account.id] == account
    for row in made.rows:
        if row.writes:
            assert row.school in OPEN[given_input.kind]


@fast
@given(inputs())
def test_nothing_matches_on_an_empty_value(given_input):
    made = plan(given_input)

    people = {person.clever_id: person for person in given_input.snapshot.people}
    accounts = {account.id: account for account in given_input.accounts}
    for row in made.rows:
        if not row.matched_by or row.matched_by in ("decision", "clever_id"):
            continue
        person, account = people[row.clever_id], accounts[row.account_id]
        if row.outcome is not Outcome.RELINK:
            assert last_name_key(person.last) == last_name_key(account.last_name) != ""
        if row.matched_by in (MatchedBy.EMAIL, MatchedBy.EMAIL_AND_ID):
            assert email_key(person.email) == email_key(account.email) != ""
        else:
            assert employee_id_key(account.employee_id)
            assert row.school is not None


@fast
@given(inputs())
def test_a_skipped_or_conflicting_person_never_costs_anyone_an_account(given_input):
    made = plan(given_input)

    people = {person.clever_id: person for person in given_input.snapshot.people}
    accounts = {account.id: account for account in given_input.accounts}
    undecided = [
        (row.school, people[row.clever_id])
        for row in made.rows
        if row.outcome in (Outcome.SKIPPED, Outcome.CONFLICT)
        and _is_of_person(row)
        and row.level == ("district" if row.school is None else "school")
    ]
    for row in writing(made):
        if row.outcome is Outcome.INACTIVE and row.matched_by != "decision":
            account = accounts[row.account_id]
            for school, person in undecided:
                if school == account.school:
                    assert not _shared(person, account)


@fast
@given(inputs())
def test_no_account_is_written_twice_and_no_tie_is_given_twice(given_input):
    made = plan(given_input)

    rows = writing(made)
    ties = Counter((r.school, r.clever_id) for r in rows if r.outcome in TIES)
    accounts = Counter(row.account_id for row in rows)
    assert set(ties.values()) <= {1}
    assert set(accounts.values()) <= {1}
    after = applied(made, given_input.accounts)
    tied = Counter((one.school, one.clever_id) for one in after if one.clever_id)
    assert set(tied.values()) <= {1}


@fast
@given(inputs())
def test_held_and_dismissed_rows_never_count_as_writes(given_input):
    whole = plan(given_input)
    keys = sorted(row.change_key for row in whole.rows if row.change_key)

    made = plan(replace(given_input, dismissed=frozenset(keys[::2])))

    states = Counter(row.state for row in made.rows)
    assert made.counts["writes"] == len(writing(made))
    assert made.counts["held"] == states[RowState.HELD]
    assert made.counts["rows"] == len(made.rows) == sum(states.values())
    assert made.counts["invitations"] == sum(r.gets_invitation for r in writing(made))
    for row in made.rows:
        assert row.state is not RowState.DISMISSED or not row.gets_invitation


@fast
@given(inputs())
def test_every_row_says_why_and_no_row_speaks_of_nothing(given_input):
    made = plan(given_input)

    for row in made.rows:
        assert row.reason.endswith((".", "?"))
        assert row.reason_code
        assert "None" not in row.reason
        assert "  " not in row.reason
        assert (row.state is RowState.HELD) == bool(row.held_reason)


def _after(given_input, made):
    """Return the input with the plan applied, as the next run would get it."""
    removals = [
        Removal(row.account_id, row.school, row.user_role)
        for row in writing(made)
        if row.outcome is Outcome.INACTIVE
    ]
    waiting = {
        row.change_key: (row.held_reason, row.reason)
        for row in made.rows
        if row.state is RowState.HELD
    }
    return replace(
        given_input,
        accounts=applied(made, given_input.accounts),
        removals=removals,
        waiting=waiting,
    )


def _is_of_person(row):
    """Whether the row is a placement's, not an account's that nobody holds."""
    about_account = ("left_alone", "protected_role", "protected_by_undecided")
    return (
        row.clever_id
        and row.outcome is not Outcome.INACTIVE
        and row.reason_code not in about_account
    )


def _shared(person, account):
    """Return what a person and an account share that is not empty."""
    numbers = {employee_id_key(person.teacher_id) if person.is_teacher else ""}
    numbers |= {employee_id_key(person.staff_id) if person.is_staff else ""}
    same_name = (first_name_key(person.first), last_name_key(person.last)) == (
        first_name_key(account.first_name),
        last_name_key(account.last_name),
    )
    found = {
        "tie": account.clever_id == person.clever_id,
        "email": email_key(person.email) == email_key(account.email) != "",
        "employee id": employee_id_key(account.employee_id) in numbers - {""},
        "name": same_name and first_name_key(person.first) != "",
    }
    return [what for what, same in found.items() if same]


def _expected(given_input):
    """Yield who must have a row where, by the plain words of the rules."""
    schools = {p.clever_id: p.school for p in given_input.places}
    taught = given_input.snapshot.teaching
    for person in given_input.snapshot.people:
        at = set(taught.get(person.clever_id, ()))
        if person.is_teacher and not at and given_input.settings.teacher_fallback:
            at |= set(person.teacher_schools)
        if person.is_staff:
            at |= set(person.staff_schools)
        for school in {schools.get(one) for one in at} - {None}:
            if school in OPEN[given_input.kind]:
                yield person.clever_id, "school", school
        if person.is_district_admin:
            yield person.clever_id, "district", None
