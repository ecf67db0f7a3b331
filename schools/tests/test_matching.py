"""Which schools match by themselves, which are only suggested, and why."""

import pytest

from schools.matching import FoundMatch, MatchMethod, SchoolFacts, match_schools

ID, OTHER_ID = "060000100001", "060000100002"


def ours(key="n1", name="Lincoln High School", nces_id="", **facts):
    return SchoolFacts(key, name, nces_id, **facts)


def theirs(key="c1", name="Lincoln High School", nces_id="", **facts):
    return SchoolFacts(key, name, nces_id, **facts)


def matched(result):
    return [(match.naviance, match.clever, match.method) for match in result.matches]


def suggested(result):
    return [(entry.naviance, entry.clever) for entry in result.suggestions]


def reasons(result):
    return [entry.reason for entry in result.suggestions]


@pytest.mark.parametrize(
    ("our_id", "their_id", "reason"),
    [
        (ID, ID, f"Same NCES ID: {ID}."),
        (
            "60000100001",
            ID,
            "Same NCES ID once the lost leading zero is put back: "
            "60000100001 / 060000100001.",
        ),
        (
            ID,
            "0600001-00001",
            "Same NCES ID once spaces and hyphens are dropped: "
            "060000100001 / 0600001-00001.",
        ),
        (
            "60000100001",
            "60000100001.0",
            "Same NCES ID once the lost leading zero is put back and the trailing .0 "
            "is dropped: "
            "60000100001 / 60000100001.0.",
        ),
        ("A9504443", "a9504443", "Same NCES ID: A9504443 / a9504443."),
    ],
)
def test_equal_nces_ids_match_whatever_the_names(our_id, their_id, reason):
    result = match_schools(
        [ours(name="Lincoln", nces_id=our_id)],
        [theirs(name="Washington", nces_id=their_id)],
    )

    assert result.matches == (FoundMatch("n1", "c1", MatchMethod.NCES_ID, reason),)
    assert result.suggestions == ()


@pytest.mark.parametrize(
    ("our_name", "our_id", "their_name", "their_id", "reason"),
    [
        (
            "Lincoln High School",
            "",
            "Lincoln High School",
            ID,
            "Same name, and Naviance has no NCES ID.",
        ),
        (
            "Lincoln HS",
            "",
            "Lincoln High School",
            "",
            'Same name written two ways ("Lincoln HS" / "Lincoln High School"), and '
            "neither side has an NCES ID.",
        ),
        (
            "Lincoln",
            ID,
            "Lincoln",
            "3.60008E+11",
            'Same name, and Clever has no NCES ID ("3.60008E+11" is in exponent '
            "notation, so its last digits are lost).",
        ),
        (
            "Lincoln",
            "M",
            "Lincoln",
            "",
            'Same name, and Naviance has no NCES ID ("M" is a code for a missing '
            "value) and Clever has no NCES ID.",
        ),
    ],
)
def test_equal_names_match_where_a_side_has_no_nces_id(
    our_name, our_id, their_name, their_id, reason
):
    result = match_schools(
        [ours(name=our_name, nces_id=our_id)],
        [theirs(name=their_name, nces_id=their_id)],
    )

    assert result.matches == (FoundMatch("n1", "c1", MatchMethod.NAME, reason),)


def test_equal_names_with_different_nces_ids_only_suggest():
    result = match_schools([ours(nces_id=ID)], [theirs(nces_id=OTHER_ID)])

    assert result.matches == ()
    assert reasons(result) == [
        f"Same name, but the NCES IDs differ: {ID} / {OTHER_ID}."
    ]


def test_an_id_goes_before_a_name():
    result = match_schools(
        [ours(name="Lincoln", nces_id=ID)],
        [theirs("c1", "Lincoln"), theirs("c2", "Washington", ID)],
    )

    assert matched(result) == [("n1", "c2", MatchMethod.NCES_ID)]
    assert result.suggestions == ()


@pytest.mark.parametrize("nces_id", ["", "M", "N", "-1", "-9", "360008000000"])
def test_nothing_matches_on_what_is_no_id(nces_id):
    result = match_schools(
        [ours(name="Lincoln", nces_id=nces_id)],
        [theirs(name="Roosevelt", nces_id=nces_id)],
    )

    assert result.matches == ()
    assert result.suggestions == ()


@pytest.mark.parametrize("name", ["", " ", "--"])
def test_nothing_matches_on_an_empty_name(name):
    result = match_schools([ours(name=name)], [theirs(name=name)])

    assert result.matches == ()
    assert result.suggestions == ()


def test_an_id_that_two_naviance_schools_share_only_suggests():
    result = match_schools(
        [ours("n1", "Lincoln", ID), ours("n2", "Lincoln Annex", ID)],
        [theirs("c1", "Lincoln", ID)],
    )

    assert result.matches == ()
    assert suggested(result) == [("n1", "c1"), ("n2", "c1")]
    assert reasons(result) == [
        f"Same NCES ID: {ID}, but 1 other Naviance school has it too. Same name.",
        f"Same NCES ID: {ID}, but 1 other Naviance school has it too.",
    ]


def test_an_id_that_schools_of_both_sides_share_says_how_many():
    result = match_schools(
        [ours(f"n{n}", f"Charter {n}", ID) for n in range(3)],
        [theirs(f"c{n}", f"Program {n}", ID) for n in range(2)],
    )

    assert result.matches == ()
    assert (
        reasons(result)
        == [
            f"Same NCES ID: {ID}, but 2 other Naviance schools and "
            "1 other Clever school have it too."
        ]
        * 6
    )


def test_a_name_that_two_clever_schools_share_only_suggests():
    result = match_schools(
        [ours(address="12 Maple Street")],
        [theirs("c1", zip="94110"), theirs("c2", address="12 Maple St.")],
    )

    assert result.matches == ()
    assert suggested(result) == [("n1", "c2"), ("n1", "c1")]
    assert reasons(result) == [
        "Same name, but 1 other Clever school has this name too. Same address. "
        "Neither side has an NCES ID.",
        "Same name, but 1 other Clever school has this name too. "
        "Neither side has an NCES ID.",
    ]


def test_a_second_school_with_an_id_does_not_match_because_the_first_is_taken():
    result = match_schools(
        [ours("n1", "Lincoln", ID), ours("n2", "Annex", ID)],
        [theirs("c1", "Lincoln", ""), theirs("c2", "Program", ID)],
        taken=[("n1", "c1")],
    )

    assert result.matches == ()
    assert suggested(result) == [("n2", "c2")]


def test_a_second_school_with_a_name_does_not_match_because_the_first_is_taken():
    result = match_schools(
        [ours("n1"), ours("n2")], [theirs("c1", nces_id=ID)], taken=[("n1", "c9")]
    )

    assert result.matches == ()
    assert suggested(result) == [("n2", "c1")]


def test_schools_matched_already_are_left_alone():
    result = match_schools(
        [ours(nces_id=ID), ours("n2", "Lincoln Annex")],
        [theirs(nces_id=ID), theirs("c2", "Lincoln Annexe")],
        taken=[("n1", "c2")],
    )

    assert result.matches == ()
    assert suggested(result) == [("n2", "c1")]


@pytest.mark.parametrize(
    ("nces_id", "reason"),
    [
        (ID, f"Same NCES ID: {ID}. Same name. This match was reset by hand."),
        (
            "",
            "Same name. Neither side has an NCES ID. This match was reset by hand.",
        ),
    ],
)
def test_a_match_reset_by_hand_is_only_suggested(nces_id, reason):
    result = match_schools(
        [ours(nces_id=nces_id)], [theirs(nces_id=nces_id)], refused=[("n1", "c1")]
    )

    assert result.matches == ()
    assert reasons(result) == [reason]


def test_a_match_reset_by_hand_is_suggested_last():
    result = match_schools(
        [ours(nces_id=ID)],
        [theirs("c1", nces_id=ID), theirs("c2", "Lincoln Annex High")],
        refused=[("n1", "c1")],
    )

    assert suggested(result) == [("n1", "c2"), ("n1", "c1")]


def test_no_schools_give_an_empty_result():
    result = match_schools([], [])

    assert (result.matches, result.suggestions) == ((), ())
