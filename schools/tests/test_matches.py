"""Matching schools: by themselves, by hand, taken apart, listed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clever.records import Location
from clever.records import School as CleverRecord
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import CleverSchool, District, School, SchoolMatch
from schools.services.clever_schools import record_clever_schools
from schools.services.match_list import list_matches
from schools.services.matches import (
    MatchLockedError,
    edit_matches,
    match_automatically,
    reset_match,
    set_match,
)

DANA = Actor("Dana Whitfield")
NOON = timezone.now()


def our(district, school_id, name, nces_id=""):
    return School.objects.create(
        district=district, school_id=school_id, name=name, nces_id=nces_id
    )


def their(district, clever_id, name, nces_id=""):
    return CleverSchool.objects.create(
        district=district, clever_id=clever_id, name=name, nces_id=nces_id
    )


def pairs(district):
    matches = district.school_matches.order_by("school__school_id")
    return list(matches.values_list("school__school_id", "clever_school__clever_id"))


def lock(school):
    SchoolMatch.objects.filter(school=school).update(imported_at=timezone.now())


@pytest.fixture
def lincoln(maple):
    return our(maple, "7", "Lincoln High", "060000100001")


@pytest.fixture
def lincoln_in_clever(maple):
    return their(maple, "c7", "Lincoln HS", "60000100001")


def test_schools_from_clever_are_stored_updated_and_marked_when_gone(maple):
    first = CleverRecord("a", "Adams", "1", location=Location("1 Main", "M", "CA", "9"))
    record_clever_schools(maple, [first, CleverRecord("b", "Bell")], NOON)
    later = NOON + timedelta(hours=1)

    record_clever_schools(maple, [CleverRecord("a", "Adams High")], later)

    rows = maple.clever_schools.order_by("clever_id")
    assert list(rows.values_list("clever_id", "name", "is_shared", "last_seen_at")) == [
        ("a", "Adams High", True, later),
        ("b", "Bell", False, NOON),
    ]


def test_staff_counts_stay_until_people_are_read_again(maple):
    records = [CleverRecord("a", "Adams"), CleverRecord("b", "Bell")]
    record_clever_schools(maple, records, NOON)
    record_clever_schools(maple, records, NOON, {"a": 12})

    record_clever_schools(maple, records, NOON)

    rows = maple.clever_schools.order_by("clever_id")
    assert list(rows.values_list("staff_count", flat=True)) == [12, 0]


def test_a_school_that_is_shared_again_is_the_one_it_was(maple):
    record_clever_schools(maple, [CleverRecord("a", "Adams")], NOON)
    record_clever_schools(maple, [], NOON)

    record_clever_schools(maple, [CleverRecord("a", "Adams")], NOON)

    assert maple.clever_schools.get().is_shared


def test_odd_texts_from_clever_fit_their_columns(maple):
    odd = CleverRecord("a", "x" * 300, None, location=Location("\0 Main", zip="9" * 40))

    record_clever_schools(maple, [odd], NOON)

    school = maple.clever_schools.get()
    assert (school.name, school.nces_id) == ("x" * 255, "")
    assert (school.address, school.zip) == ("Main", "9" * 16)


def test_equal_ids_match_by_themselves_and_setup_has_begun(
    maple, lincoln, lincoln_in_clever
):
    District.objects.update(activated_at=NOON)
    maple.refresh_from_db()

    match_automatically(maple, DANA)

    match = maple.school_matches.get()
    assert (match.school, match.clever_school) == (lincoln, lincoln_in_clever)
    assert (match.method, match.reason.startswith("Same NCES ID")) == ("nces_id", True)
    assert District.objects.get().state == "setting_up"
    entry, begun = maple.audit_entries.all()
    assert begun.verb == "began setup"
    assert entry.actor_name == begun.actor_name == "Dana Whitfield"
    assert entry.changes == {"Lincoln High (7)": [None, "Lincoln HS (c7)"]}


def test_matching_again_changes_nothing(maple, lincoln, lincoln_in_clever):
    match_automatically(maple, DANA)

    again = match_automatically(maple, DANA)

    assert again == []
    assert maple.audit_entries.exclude(verb="began setup").count() == 1


def test_schools_of_another_district_are_never_matched(maple, cedar, lincoln):
    their(cedar, "c7", "Lincoln High", "060000100001")

    assert match_automatically(maple, DANA) == []
    assert match_automatically(cedar, DANA) == []


def test_a_pair_reset_by_hand_is_not_matched_again(maple, lincoln, lincoln_in_clever):
    match_automatically(maple, DANA)

    reset_match(maple, lincoln, DANA)
    match_automatically(maple, DANA)

    assert pairs(maple) == []
    assert maple.school_match_resets.get().clever_school == lincoln_in_clever
    assert maple.audit_entries.first().verb == "reset match"


def test_a_reset_pair_can_be_matched_by_hand(maple, lincoln, lincoln_in_clever):
    match_automatically(maple, DANA)
    reset_match(maple, lincoln, DANA)

    match = set_match(maple, lincoln, lincoln_in_clever, DANA)

    assert (match.method, match.reason) == (
        "manual",
        "Matched by hand by Dana Whitfield.",
    )
    assert not maple.school_match_resets.exists()


def test_a_match_by_hand_replaces_the_schools_earlier_one(
    maple, lincoln, lincoln_in_clever
):
    match_automatically(maple, DANA)
    other = their(maple, "c8", "Lincoln Annex")

    set_match(maple, lincoln, other, DANA)

    assert pairs(maple) == [("7", "c8")]
    assert maple.audit_entries.first().changes == {
        "clever_school": ["Lincoln HS (c7)", "Lincoln Annex (c8)"]
    }


def test_setting_a_match_that_stands_changes_nothing(maple, lincoln, lincoln_in_clever):
    match_automatically(maple, DANA)
    lock(lincoln)

    match = set_match(maple, lincoln, lincoln_in_clever, DANA)

    assert match.method == "nces_id"
    assert maple.audit_entries.exclude(verb="began setup").count() == 1


def test_a_clever_school_is_matched_only_once(maple, lincoln, lincoln_in_clever):
    match_automatically(maple, DANA)
    adams = our(maple, "8", "Adams")

    with pytest.raises(RefusedError, match="matched to Lincoln High already"):
        set_match(maple, adams, lincoln_in_clever, DANA)

    assert pairs(maple) == [("7", "c7")]


def test_a_school_that_clever_does_not_share_can_not_be_matched(maple, lincoln):
    gone = their(maple, "c9", "Gone")
    CleverSchool.objects.update(is_shared=False)
    gone.refresh_from_db()

    with pytest.raises(RefusedError, match="Gone is no longer shared by Clever"):
        set_match(maple, lincoln, gone, DANA)


def test_schools_of_two_districts_can_not_be_matched(maple, cedar, lincoln):
    foreign = their(cedar, "c7", "Lincoln")

    with pytest.raises(RefusedError, match="not both of Maple Valley"):
        set_match(maple, lincoln, foreign, DANA)


def test_a_match_is_locked_once_a_final_import_has_used_it(
    maple, lincoln, lincoln_in_clever
):
    match_automatically(maple, DANA)
    lock(lincoln)
    other = their(maple, "c8", "Lincoln Annex")

    with pytest.raises(MatchLockedError, match="a final import has used it"):
        reset_match(maple, lincoln, DANA)
    with pytest.raises(MatchLockedError, match="Ask Naviance Support to unlock it"):
        set_match(maple, lincoln, other, DANA)

    assert pairs(maple) == [("7", "c7")]
    assert not maple.school_match_resets.exists()


def test_a_school_without_a_match_has_nothing_to_reset(maple, lincoln):
    with pytest.raises(RefusedError, match="Lincoln High has no match"):
        reset_match(maple, lincoln, DANA)


@pytest.mark.parametrize(
    ("resets", "sets", "sentence"),
    [
        (["7"], [("nope", "c7")], "There is no school “nope” in Maple Valley."),
        (["7"], [("7", "nope")], "There is no Clever school “nope” in Maple Valley."),
        (["7", "7"], [], "Lincoln High has no match"),
    ],
)
def test_several_edits_are_made_all_or_none(
    maple, lincoln, lincoln_in_clever, resets, sets, sentence
):
    match_automatically(maple, DANA)

    with pytest.raises(RefusedError, match=sentence):
        edit_matches(maple, resets=resets, pairs=sets, actor=DANA)

    assert pairs(maple) == [("7", "c7")]


def test_the_list_has_open_clever_schools_matches_and_naviance_schools_alone(
    maple, lincoln, lincoln_in_clever
):
    match_automatically(maple, DANA)
    adams = our(maple, "8", "Adams Middle")
    adams_in_clever = their(maple, "c8", "John Adams Middle School")
    their(maple, "c9", "Not shared")
    CleverSchool.objects.filter(clever_id="c9").update(is_shared=False)

    listed = list_matches(maple)

    assert [entry.clever_school for entry in listed.unmatched] == [adams_in_clever]
    assert [entry.school for entry in listed.matched] == [lincoln]
    assert [entry.school for entry in listed.without_clever] == [adams]
    suggestion = listed.unmatched[0].suggestions[0]
    assert (suggestion.school, suggestion.rank) == (adams, 1)
    assert suggestion.reason
    assert listed.without_clever[0].suggestions == (suggestion,)
