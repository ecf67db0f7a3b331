import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffimport.core.comparing import Comparison, Difference, Found, Line, compare

D = Difference


def line(position, clever_id="p1", **changes):
    """A matched person at school 1 to whom nothing happens."""
    fields = {
        "level": "school",
        "school": 1,
        "account_id": f"account-{clever_id}" if clever_id else None,
        "outcome": "matched",
        "state": "planned",
        "change": "",
        "reason": "Nothing changes.",
    }
    return Line(position=position, clever_id=clever_id, **{**fields, **changes})


def test_rows_that_say_the_same_differ_in_nothing():
    first = [line(0, "p1"), line(1, "p2"), line(2, "p3")]
    second = [line(0, "p3"), line(1, "p1"), line(2, "p2")]

    assert compare(first, second) == Comparison([], same=3, left_out=0)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"outcome": "inactive", "change": "x", "state": "held"}, D.OUTCOME),
        ({"change": "x", "state": "held", "reason": "Title changes."}, D.CHANGE),
        ({"state": "held", "reason": "Held by the brake."}, D.STATE),
        ({"state": "dismissed"}, D.STATE),
        ({"reason": "IDs compared without leading zeros."}, D.REASON),
    ],
)
def test_a_difference_is_told_by_what_weighs_most(changes, kind):
    found = compare([line(4)], [line(7, **changes)]).found

    assert found == [Found(kind, 4, 7)]


@pytest.mark.parametrize(
    ("before", "after"), [("planned", "applied"), ("held", "superseded")]
)
def test_what_went_ahead_or_was_held_is_so_in_every_run(before, after):
    found = compare([line(0, state=before)], [line(0, state=after)])

    assert found == Comparison([], same=1, left_out=0)


def test_a_row_of_one_run_alone_is_only_there():
    found = compare([line(0, "p1"), line(1, "p2")], [line(0, "p2"), line(1, "p3")])

    assert found.found == [Found(D.ONLY_FIRST, 0, None), Found(D.ONLY_SECOND, None, 1)]
    assert found.same == 1


def test_the_same_person_elsewhere_is_another_row():
    found = compare([line(0, school=1)], [line(0, school=2, account_id="other")]).found

    assert [each.kind for each in found] == [D.ONLY_FIRST, D.ONLY_SECOND]


def test_an_account_that_nobody_held_is_known_again_once_somebody_does():
    leaver = line(3, "", account_id="a", outcome="inactive")
    stays = line(5, "p1", account_id="a")

    assert compare([leaver], [stays]).found == [Found(D.OUTCOME, 3, 5)]


def test_a_new_person_is_one_row_with_the_account_they_turn_out_to_have():
    created = line(0, "p1", account_id="new", outcome="created")
    leaver = line(1, "", account_id="old", outcome="inactive")
    matched = line(0, "p1", account_id="old")

    assert compare([created, leaver], [matched]).found == [
        Found(D.ONLY_FIRST, 1, None),
        Found(D.OUTCOME, 0, 0),
    ]


def test_rows_of_one_person_at_no_school_go_by_what_they_say():
    def skipped(position, school):
        return line(
            position,
            school=None,
            account_id=None,
            outcome="skipped",
            reason=f"{school} is not matched.",
        )

    first = [skipped(0, "Oak"), skipped(1, "Elm")]
    second = [skipped(0, "Elm"), skipped(1, "Ash")]

    assert compare(first, second) == Comparison(
        [Found(D.REASON, 0, 1)], same=1, left_out=0
    )


def test_of_a_run_that_keeps_few_rows_only_those_it_would_have_kept_are_missed():
    test = [line(0, "p1", change="x"), line(1, "p2"), line(2, "p3")]
    sync = [line(0, "p3", change="y")]

    found = compare(test, sync, missed_by_second={0, 2})
    mirrored = compare(sync, test, missed_by_first={0, 2})

    assert found.found == [Found(D.ONLY_FIRST, 0, None), Found(D.CHANGE, 2, 0)]
    assert mirrored.found == [Found(D.ONLY_SECOND, None, 0), Found(D.CHANGE, 0, 2)]
    assert (found.left_out, mirrored.left_out) == (1, 1)


def test_differences_come_by_kind_and_then_as_the_rows_do():
    first = [line(n, f"p{n}") for n in range(4)]
    second = [
        line(0, "p3", reason="Else."),
        line(1, "p1", outcome="inactive"),
        line(2, "p2", reason="Else."),
        line(3, "p9"),
    ]

    assert compare(first, second).found == [
        Found(D.ONLY_FIRST, 0, None),
        Found(D.ONLY_SECOND, None, 3),
        Found(D.OUTCOME, 1, 1),
        Found(D.REASON, 3, 0),
        Found(D.REASON, 2, 2),
    ]


LINES = st.lists(
    st.builds(
        line,
        position=st.just(0),
        clever_id=st.sampled_from(["", "p1", "p2", "p3"]),
        account_id=st.sampled_from([None, "a", "b"]),
        school=st.sampled_from([None, 1, 2]),
        outcome=st.sampled_from(["matched", "created"]),
        state=st.sampled_from(["planned", "applied", "held"]),
        reason=st.sampled_from(["One.", "Two."]),
    ),
    max_size=12,
).map(lambda lines: [each._replace(position=n) for n, each in enumerate(lines)])


@given(LINES, LINES)
def test_every_row_is_accounted_for_once_and_the_mirror_image_agrees(first, second):
    found = compare(iter(first), iter(second))
    mirrored = compare(second, first)

    ours = [each.first for each in found.found if each.first is not None]
    theirs = [each.second for each in found.found if each.second is not None]
    assert len(set(ours)) == len(ours) == len(first) - found.same
    assert len(set(theirs)) == len(theirs) == len(second) - found.same
    assert mirrored.same == found.same
    assert mirrored.counts[D.ONLY_FIRST] == found.counts[D.ONLY_SECOND]
    assert mirrored.counts[D.OUTCOME] == found.counts[D.OUTCOME]


@given(LINES)
def test_a_run_differs_in_nothing_from_itself(lines):
    assert compare(lines, lines) == Comparison([], same=len(lines), left_out=0)
