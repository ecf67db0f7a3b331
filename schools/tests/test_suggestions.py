"""Which schools are suggested for each other, in which order, with what reason."""

import pytest

from schools.matching import SchoolFacts, match_schools

ID, OTHER_ID = "060000100001", "060000100002"


def ours(key="n1", name="Lincoln High School", nces_id="", **facts):
    return SchoolFacts(key, name, nces_id, **facts)


def theirs(key="c1", name="Lincoln High School", nces_id="", **facts):
    return SchoolFacts(key, name, nces_id, **facts)


def suggested(result):
    return [(entry.naviance, entry.clever) for entry in result.suggestions]


def reasons(result):
    return [entry.reason for entry in result.suggestions]


def test_suggestions_are_ranked_by_the_kind_of_reason():
    result = match_schools(
        [
            ours("n1", "Lincoln High School", OTHER_ID),
            ours("n2", "Lincon High", city="Cedar Ridge"),
            ours("n3", "Annex", ID),
            ours("n4", "Other Annex", ID),
        ],
        [theirs("c1", "Lincoln High School", ID, city="Cedar Ridge")],
    )

    assert [(entry.naviance, entry.rank) for entry in result.suggestions] == [
        ("n3", 1),
        ("n4", 2),
        ("n1", 3),
        ("n2", 4),
    ]
    scores = [entry.score for entry in result.suggestions]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize(
    ("our_school", "their_school", "reason"),
    [
        (
            ours(name="Roosvelt Middle", city="Ukiah"),
            theirs(name="Roosevelt Middle School", nces_id=ID, city="UKIAH"),
            "Similar name, same city. Naviance has no NCES ID.",
        ),
        (
            ours(name="North Side Academy", zip="95482"),
            theirs(name="Northside Academy", city="Ukiah", zip="95482-1111"),
            "Similar name, same ZIP code. Neither side has an NCES ID.",
        ),
        (
            ours(name="Abraham Lincoln High"),
            theirs(name="Lincoln High School"),
            "Similar name. Neither side has an NCES ID.",
        ),
        (
            ours(name="Online School", nces_id=OTHER_ID, address="1 School Plaza"),
            theirs(name="Virtual Academy", nces_id=ID, address="1 SCHOOL PLAZA"),
            f"Different name, same address. The NCES IDs differ: {OTHER_ID} / {ID}.",
        ),
        (
            ours(name="Lincoln Elementary"),
            theirs(name="Lincoln High"),
            "Similar name. Neither side has an NCES ID.",
        ),
    ],
)
def test_a_near_miss_is_suggested_with_what_is_alike(our_school, their_school, reason):
    result = match_schools([our_school], [their_school])

    assert result.matches == ()
    assert reasons(result) == [reason]


@pytest.mark.parametrize(
    ("our_school", "their_school"),
    [
        (ours(name="Lincoln High"), theirs(name="Roosevelt High")),
        (ours(name="PS 12"), theirs(name="PS 13")),
        (
            ours(name="Lincoln", address="1 Main St", city="Ukiah"),
            theirs(name="Roosevelt", address="1 Main St", city="Fresno"),
        ),
        (ours(name="Lincoln", city="Ukiah"), theirs(name="Oak", city="Ukiah")),
    ],
)
def test_schools_with_nothing_telling_in_common_are_not_suggested(
    our_school, their_school
):
    assert match_schools([our_school], [their_school]).suggestions == ()


def test_no_school_is_in_more_than_five_suggestions():
    result = match_schools(
        [ours(f"n{n}", f"Lincoln Annex {n}", ID) for n in range(8)],
        [theirs("c1", "Lincoln", ID)],
    )

    assert [entry.rank for entry in result.suggestions] == [1, 2, 3, 4, 5]


def test_an_id_that_a_whole_large_district_shares_does_not_hide_the_likely_school():
    words = ("Oak", "Fir", "Elm", "Yew", "Ash", "Bay", "Box", "Fig")
    names = [f"{one} {two} Park" for one in words for two in words if one != two]

    result = match_schools(
        [ours(f"n{n}", f"{name} Campus", ID) for n, name in enumerate(names)],
        [theirs(f"c{n}", f"{name} School", ID) for n, name in enumerate(names)],
    )

    best = {entry.clever: entry.naviance for entry in reversed(result.suggestions)}
    assert best == {f"c{n}": f"n{n}" for n in range(len(names))}


@pytest.mark.parametrize(
    ("better", "worse", "clever"),
    [
        (
            ours("n2", "Lincoln Park School"),
            ours("n1", "Lincoln Park School", OTHER_ID),
            [theirs("c1", "Lincoln Park Academy", ID)],
        ),
        (
            ours("n2", "Lincoln Park Middle"),
            ours("n1", "Lincoln Park High"),
            [theirs("c1", "Lincoln Park Academy Middle")],
        ),
        (
            ours("n2", "Lincoln Park Campus", city="Ukiah", zip="95482"),
            ours("n1", "Lincoln Park Campus", city="Ukiah"),
            [theirs("c1", "Lincoln Park", city="Ukiah", zip="95482")],
        ),
    ],
)
def test_of_two_schools_the_likelier_is_suggested_first(better, worse, clever):
    result = match_schools([better, worse], clever)

    assert [entry.naviance for entry in result.suggestions][:2] == ["n2", "n1"]


def test_a_name_that_is_unique_is_suggested_before_one_that_is_not():
    result = match_schools(
        [
            ours("n1", "Lincoln", zip="95482"),
            ours("n2", "Lincoln"),
            ours("n3", "Oak", ID),
        ],
        [theirs("c1", "Lincoln", zip="95482"), theirs("c2", "Oak", OTHER_ID)],
    )

    assert suggested(result) == [("n3", "c2"), ("n1", "c1"), ("n2", "c1")]
