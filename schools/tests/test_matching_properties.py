"""What holds for any two sides of schools, matches taken and matches refused."""

from hypothesis import given
from hypothesis import strategies as st

from schools.matching import (
    MOST_SUGGESTIONS,
    MatchMethod,
    SchoolFacts,
    match_schools,
)
from schools.nces import normalise_nces_id

ID, OTHER_ID = "060000100001", "060000100002"
FEW_IDS = (ID, "60000100001", "0600001-00001", OTHER_ID, "A9504443", "", "M", "-1")
NO_IDS = ("M", "N", "-1", "-2", "-9", "3.60008E+11", "360008000000", "60008000000")
FEW_NAMES = ("Lincoln HS", "Lincoln High School", "Lincoln", "Lincon", "PS 12", "", "-")
FEW_PLACES = ("", "1 Main St", "1 Main Street", "2 Oak Ave")


def sides(ids=FEW_IDS):
    def side(prefix):
        facts = st.tuples(
            st.sampled_from(FEW_NAMES),
            st.sampled_from(ids),
            st.sampled_from(FEW_PLACES),
        )
        return st.lists(facts, max_size=7).map(
            lambda rows: [
                SchoolFacts(f"{prefix}{n}", *row) for n, row in enumerate(rows)
            ]
        )

    return st.tuples(side("n"), side("c"))


pairs = st.lists(
    st.tuples(
        st.sampled_from([f"n{n}" for n in range(8)]),
        st.sampled_from([f"c{n}" for n in range(8)]),
    ),
    max_size=4,
)


@given(sides(), pairs, pairs, st.data())
def test_order_is_of_no_consequence(schools, taken, refused, data):
    naviance, clever = schools

    result = match_schools(naviance, clever, taken=taken, refused=refused)
    shuffled = match_schools(
        data.draw(st.permutations(naviance)),
        data.draw(st.permutations(clever)),
        taken=data.draw(st.permutations(taken)),
        refused=data.draw(st.permutations(refused)),
    )

    assert shuffled == result


@given(sides(), pairs, pairs)
def test_matches_are_one_to_one_and_leave_taken_and_refused_alone(
    schools, taken, refused
):
    result = match_schools(*schools, taken=taken, refused=refused)

    made = [(match.naviance, match.clever) for match in result.matches]
    offered = [(entry.naviance, entry.clever) for entry in result.suggestions]
    everyone = [*made, *taken]
    for side in (0, 1):
        matched_keys = [pair[side] for pair in made]
        taken_keys = {pair[side] for pair in taken}
        suggested_keys = {pair[side] for pair in offered}
        assert len(matched_keys) == len(set(matched_keys))
        assert taken_keys.isdisjoint(matched_keys)
        assert suggested_keys.isdisjoint(pair[side] for pair in everyone)
    assert set(made).isdisjoint(refused)


@given(sides(), pairs, pairs)
def test_a_match_by_id_or_name_is_the_only_one_possible(schools, taken, refused):
    naviance, clever = schools
    by_key = {school.key: school for school in (*naviance, *clever)}

    result = match_schools(naviance, clever, taken=taken, refused=refused)

    for match in result.matches:
        our_id = normalise_nces_id(by_key[match.naviance].nces_id).value
        their_id = normalise_nces_id(by_key[match.clever].nces_id).value
        if match.method is MatchMethod.NCES_ID:
            ids = [
                normalise_nces_id(school.nces_id).value for school in by_key.values()
            ]
            assert our_id == their_id != ""
            assert ids.count(our_id) == 2
        else:
            assert "" in {our_id, their_id}


@given(sides(), pairs, pairs)
def test_swapping_the_sides_swaps_the_result(schools, taken, refused):
    naviance, clever = schools

    result = match_schools(naviance, clever, taken=taken, refused=refused)
    swapped = match_schools(
        clever,
        naviance,
        taken=[(their, our) for our, their in taken],
        refused=[(their, our) for our, their in refused],
    )

    assert {
        (match.clever, match.naviance, match.method) for match in swapped.matches
    } == {(match.naviance, match.clever, match.method) for match in result.matches}
    assert {(s.clever, s.naviance, s.score) for s in swapped.suggestions} == {
        (s.naviance, s.clever, s.score) for s in result.suggestions
    }


@given(sides(), pairs)
def test_matching_again_with_the_matches_taken_finds_nothing_more(schools, refused):
    first = match_schools(*schools, refused=refused)

    made = [(match.naviance, match.clever) for match in first.matches]
    again = match_schools(*schools, taken=made, refused=refused)

    assert again.matches == ()
    assert again.suggestions == first.suggestions


@given(sides(ids=NO_IDS))
def test_what_is_no_id_never_matches_by_id(schools):
    result = match_schools(*schools)

    assert all(match.method is MatchMethod.NAME for match in result.matches)
    assert not any("Same NCES ID" in entry.reason for entry in result.suggestions)
    assert not any("IDs differ" in entry.reason for entry in result.suggestions)


@given(sides(), pairs)
def test_each_school_has_few_suggestions_in_order(schools, refused):
    result = match_schools(*schools, refused=refused)

    for school in schools[0]:
        own = [entry for entry in result.suggestions if entry.naviance == school.key]
        assert len(own) <= MOST_SUGGESTIONS
        assert own == sorted(own, key=lambda entry: -entry.score)
    for school in schools[1]:
        own = [entry for entry in result.suggestions if entry.clever == school.key]
        assert [entry.rank for entry in own] == list(range(1, len(own) + 1))
        assert len(own) <= MOST_SUGGESTIONS
