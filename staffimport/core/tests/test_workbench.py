import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffimport.core.tests.builders import (
    account,
    district_admin,
    keyword,
    places,
    snapshot_of,
    staff,
    teacher,
)
from staffimport.core.values import Assignment, Keyword, Level, Settings
from staffimport.core.workbench import TitleCount, count_titles, judge, titles_in

SCHOOL, DISTRICT = Level.SCHOOL, Level.DISTRICT


def counts_of(people, accounts=(), decisions=(), *, teacher_fallback=True):
    """Title counts by level and titles."""
    found = count_titles(
        snapshot_of(people),
        places(),
        list(accounts),
        list(decisions),
        teacher_fallback=teacher_fallback,
    )
    return {(count.level, count.titles): count for count in found}


def settings(*keywords):
    return Settings(keywords=tuple(keywords))


def test_each_distinct_title_is_counted_with_who_is_new_and_who_is_known():
    people = [
        teacher("p1", title="Teacher", last="Ames"),
        teacher("p2", title="Teacher", last="Bell"),
        teacher("p3", title="Coach", last="Cole"),
    ]

    found = counts_of(people, [account("a1", clever_id="p1", last_name="Ames")])

    assert found == {
        (SCHOOL, ("Coach",)): TitleCount(SCHOOL, ("Coach",), 1, created=1),
        (SCHOOL, ("Teacher",)): TitleCount(SCHOOL, ("Teacher",), 2, 1, kept=1),
    }


def test_somebody_at_two_schools_counts_once_and_as_new_if_new_at_one():
    people = [teacher("p1", ("c-oak", "c-elm"), title="Coach")]

    found = counts_of(people, [account("a1", clever_id="p1")])

    assert found[SCHOOL, ("Coach",)] == TitleCount(SCHOOL, ("Coach",), 1, created=1)


def test_a_district_admin_is_counted_at_the_district_by_that_title():
    found = counts_of([district_admin("p1", title="Director")])

    assert found[DISTRICT, ("Director",)].created == 1


def test_both_titles_of_a_person_stand_together():
    found = counts_of([staff("p1", title="Dean", is_teacher=True, teacher_title="Art")])

    assert list(found) == [(SCHOOL, ("Art", "Dean"))]


@pytest.mark.parametrize(
    ("people", "accounts", "fallback", "waiting", "outside"),
    [
        ([teacher(last="")], [], True, 1, 0),
        ([teacher(at="c-gone")], [], True, 0, 1),
        ([teacher()], [], False, 0, 1),
        (
            [teacher(email="ana@x.org")],
            [
                account("a1", email="ana@x.org", clever_id=""),
                account("a2", email="ana@x.org", clever_id=""),
            ],
            True,
            1,
            0,
        ),
    ],
)
def test_who_is_neither_new_nor_known_is_told_apart(
    people, accounts, fallback, waiting, outside
):
    found = counts_of(people, accounts, teacher_fallback=fallback)

    count = found[SCHOOL, ()]
    assert (count.created, count.kept) == (0, 0)
    assert (count.waiting, count.outside) == (waiting, outside)


def test_titles_no_keyword_fits_stand_apart_and_the_most_held_come_first():
    counts = [
        TitleCount(SCHOOL, ("Aide",), 2),
        TitleCount(SCHOOL, ("Clerk",), 9),
        TitleCount(SCHOOL, ("Teacher",), 3),
    ]
    rules = settings(keyword("teacher", "Teacher"))

    bench = judge(counts, rules, rules)

    assert [line.title for line in bench.unmapped] == ["Clerk", "Aide"]
    assert [line.title for line in bench.decided] == ["Teacher"]
    assert (bench.changed, bench.of_keyword, bench.mapped_people) == ([], [3], 3)


def test_an_edit_shows_what_becomes_of_a_title_and_what_it_was():
    counts = [TitleCount(SCHOOL, ("Lead Counselor-Teacher",), 4)]
    saved = settings(keyword("teacher", "Teacher"))
    edited = settings(keyword("counselor", "Counselor"), keyword("teacher", "Teacher"))

    line = judge(counts, saved, edited).changed[0]

    assert line.before is not None
    assert (line.before.keyword, line.decision.keyword) == ("teacher", "counselor")
    assert line.decision.also == ("teacher",)


def test_one_word_for_school_and_district_counts_at_its_own_row():
    counts = [
        TitleCount(SCHOOL, ("Director",), 5),
        TitleCount(DISTRICT, ("Director",), 2),
    ]
    rules = settings(
        keyword("director", "D", applies_to="district"),
        keyword("director", "S", applies_to="school"),
    )

    bench = judge(counts, rules, rules)

    assert bench.of_keyword == [2, 5]


def test_titles_of_a_roster_are_cleaned_and_distinct():
    people = [teacher("p1", title=" Art  Teacher"), staff("p2", title="Art Teacher")]

    assert titles_in(snapshot_of(people)) == {"Art Teacher"}


words = st.sampled_from(["teacher", "lead", "art", "dean", "coach"])
titles = st.lists(words, max_size=3).map(" ".join)
lists_of_keywords = st.lists(
    st.builds(
        Keyword,
        words,
        assignment=st.builds(Assignment, user_role=st.sampled_from("AB")),
    ),
    max_size=4,
)


@given(st.dictionaries(titles, st.integers(1, 9)), lists_of_keywords, lists_of_keywords)
def test_every_title_stands_in_one_group_and_nothing_changes_without_an_edit(
    held, first, second
):
    counts = [TitleCount(SCHOOL, (title,), n) for title, n in held.items()]

    edited = judge(counts, settings(*first), settings(*second))
    same = judge(counts, settings(*first), settings(*first))

    shown = [*edited.changed, *edited.unmapped, *edited.decided]
    assert sorted(line.count.titles[0] for line in shown) == sorted(held)
    assert same.changed == []
