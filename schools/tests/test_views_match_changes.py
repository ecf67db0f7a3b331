"""Changes on the Match Schools page: unsaved, saved, and somebody else's."""

import pytest

from schools.models import SchoolMatch
from schools.tests.building import (
    edits_of,
    lock,
    matched,
    names_in_order,
    our,
    pairs,
    press,
    text_of,
    their,
)
from tests.cast import make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/setup/match-schools/"


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def test_save_keeps_the_choice_among_the_unsaved_changes(oak, client, virtual, online):
    page = press(
        client, "keep", virtual.pk, open=f"{virtual.pk}:0", school=online.pk, edits=[]
    )

    assert edits_of(page) == [(virtual.pk, 0, online.pk)]
    assert names_in_order(page) == ["Virtual Academy", "Online School"]
    text = text_of(page)
    assert "1 unsaved change Virtual Academy has a new match." in text
    assert "Chosen above for Virtual Academy, not saved." in text
    assert "Save Updated Matches" in text
    assert pairs(oak) == {}


def test_a_school_of_the_list_is_taken_instead_of_the_suggestion(
    oak, client, virtual, online
):
    other = our(oak, "Zenith")
    picked = {"open": f"{virtual.pk}:0", "school": online.pk, "other": other.pk}

    page = press(client, "keep", virtual.pk, **picked)

    assert edits_of(page) == [(virtual.pk, 0, other.pk)]


def test_a_suggestion_replaces_the_school_picked_from_the_list_before(
    oak, client, virtual, online
):
    other = our(oak, "Zenith")
    picked = {"open": f"{virtual.pk}:0", "school": online.pk, "other": other.pk}

    page = press(
        client, "keep", virtual.pk, edits=[(virtual.pk, 0, other.pk)], **picked
    )

    assert edits_of(page) == [(virtual.pk, 0, online.pk)]


def test_save_without_a_choice_asks_for_one(client, virtual, online):
    page = press(client, "keep", virtual.pk, open=f"{virtual.pk}:0")

    assert edits_of(page) == []
    assert "Choose a school first." in text_of(page)


def test_edit_resets_a_match_once_it_is_saved(oak, client, lincoln):
    clever, school = lincoln.clever_school_id, lincoln.school_id

    page = press(client, "reset", clever, school)
    assert edits_of(page) == [(clever, school, 0)]
    assert "Unmatched when saved" in text_of(page)
    assert pairs(oak) == {"Lincoln": "Lincoln"}
    saved = press(client, "save", edits=edits_of(page))

    assert (saved.status_code, saved.url) == (302, PAGE)
    assert pairs(oak) == {}
    assert "1 match is saved" in text_of(client.get(PAGE))


def test_undo_and_discard_take_unsaved_changes_back(client, lincoln, virtual, online):
    edits = [
        (lincoln.clever_school_id, lincoln.school_id, 0),
        (virtual.pk, 0, online.pk),
    ]

    undone = press(client, "undo", virtual.pk, edits=edits)
    discarded = press(client, "discard", edits=edits)

    assert edits_of(undone) == edits[:1]
    assert discarded.url == PAGE


def test_all_changes_are_saved_at_once_even_where_two_schools_swap(
    oak, client, lincoln
):
    other = matched(their(oak, "Adams"), our(oak, "Adams"))
    one, two = lincoln, other
    edits = [
        (one.clever_school_id, one.school_id, two.school_id),
        (two.clever_school_id, two.school_id, one.school_id),
    ]

    press(client, "save", edits=edits)

    assert pairs(oak) == {"Lincoln": "Adams", "Adams": "Lincoln"}
    verbs = list(oak.audit_entries.values_list("verb", flat=True))
    assert sorted(verbs) == ["reset match", "reset match", "set match", "set match"]
    assert {e.actor_name for e in oak.audit_entries.all()} == {"Dana Whitfield"}


def test_a_double_click_on_save_saves_once(oak, client, virtual, online):
    edits = [(virtual.pk, 0, online.pk)]
    press(client, "save", edits=edits)

    again = press(client, "save", edits=edits)

    assert again.status_code == 302
    assert pairs(oak) == {"Virtual Academy": "Online School"}
    assert oak.audit_entries.count() == 1


def test_what_somebody_else_changed_meanwhile_is_shown_beside_mine(
    oak, client, lincoln, virtual, online
):
    """Nothing is half saved: the edit that meets no obstacle waits as well."""
    clever, seen = lincoln.clever_school_id, lincoln.school_id
    adams, mine = our(oak, "Adams"), our(oak, "Mine")
    lincoln.delete()
    theirs = matched(lincoln.clever_school, adams, "manual")
    edits = [(clever, seen, mine.pk), (virtual.pk, 0, online.pk)]

    page = press(client, "save", edits=edits)

    assert pairs(oak) == {"Lincoln": "Adams"}
    assert edits_of(page) == edits
    text = text_of(page)
    assert "Nothing was saved. 1 of your changes can’t be saved as it is." in text
    assert "Somebody else changed this match meanwhile." in text
    assert "Saved now Matched with Adams Yours Match with Mine" in text

    insisted = press(client, "insist", clever, theirs.school_id, edits=edits)
    press(client, "save", edits=edits_of(insisted))

    assert pairs(oak) == {"Lincoln": "Mine", "Virtual Academy": "Online School"}


def test_keeping_what_is_saved_drops_my_change_alone(oak, client, lincoln, virtual):
    clever = lincoln.clever_school_id
    edits = [(clever, our(oak, "Seen").pk, 0), (virtual.pk, 0, our(oak, "New").pk)]
    assert press(client, "save", edits=edits).context["clashes"]

    page = press(client, "undo", clever, edits=edits)

    assert edits_of(page) == edits[1:]
    assert page.context["clashes"] == []


def test_it_names_who_changed_a_match_meanwhile(oak, client, lincoln):
    other = make_admin(make_district("elm"))
    other.first_name, other.last_name = "Sam", "Ortiz"
    other.save()
    SchoolMatch.objects.update(method="manual", matched_by=other)

    page = press(
        client, "save", edits=[(lincoln.clever_school_id, 0, our(oak, "A").pk)]
    )

    assert "Sam Ortiz changed this match meanwhile." in text_of(page)


def test_a_match_that_was_reset_meanwhile_is_said_to_be(oak, client, lincoln):
    clever, school = lincoln.clever_school_id, lincoln.school_id
    press(client, "save", edits=[(clever, school, 0)])

    page = press(client, "save", edits=[(clever, school, our(oak, "New").pk)])

    assert "Dana Whitfield reset this match meanwhile." in text_of(page)
    assert "Saved now No match Yours Match with New" in text_of(page)


def test_a_school_that_got_another_match_meanwhile_is_not_taken_from_it(
    oak, client, virtual, lincoln
):
    page = press(client, "save", edits=[(virtual.pk, 0, lincoln.school_id)])

    assert pairs(oak) == {"Lincoln": "Lincoln"}
    assert "Lincoln is matched with Lincoln meanwhile." in text_of(page)


def test_a_school_deleted_meanwhile_is_said_and_nothing_is_saved(
    oak, client, virtual, online, lincoln
):
    edits = [
        (virtual.pk, 0, online.pk),
        (lincoln.clever_school_id, lincoln.school_id, 0),
    ]
    online.delete()

    page = press(client, "save", edits=edits)

    assert "The school you chose is gone from Naviance." in text_of(page)
    assert pairs(oak) == {"Lincoln": "Lincoln"}


def test_a_clever_school_deleted_meanwhile_drops_its_change(client, virtual, online):
    edits = [(virtual.pk, 0, online.pk)]
    virtual.delete()

    page = press(client, "save", edits=edits)

    assert edits_of(page) == []
    assert "A Clever school you changed is gone; so is that change." in text_of(page)


def test_a_clever_school_no_longer_shared_can_not_be_matched(oak, client, online):
    hidden = their(oak, "Hidden", is_shared=False)

    page = press(client, "save", edits=[(hidden.pk, 0, online.pk)])

    assert "Clever no longer shares this school." in text_of(page)
    assert pairs(oak) == {}


def test_a_locked_match_says_why_and_can_not_be_edited(oak, client, lincoln):
    lock(lincoln)
    clever, school = lincoln.clever_school_id, lincoln.school_id

    page = client.get(PAGE)
    saved = press(client, "save", edits=[(clever, school, 0)])

    text = text_of(page)
    assert "A final import has used this match today, so it is no longer" in text
    assert "Ask Support to unlock" in text
    assert f"reset:{clever}" not in page.content.decode()
    assert "A final import has used this match meanwhile" in text_of(saved)
    assert pairs(oak) == {"Lincoln": "Lincoln"}


def test_the_filter_of_unsaved_changes_keeps_them(client, virtual, online, lincoln):
    edits = [(virtual.pk, 0, online.pk)]

    page = press(client, "apply", edits=edits, show="unsaved", q="online")

    assert names_in_order(page) == ["Virtual Academy"]
    assert edits_of(page) == edits
