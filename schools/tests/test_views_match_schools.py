import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from schools.models import CleverSchool, School, SchoolMatch
from schools.tests.building import (
    lock,
    matched,
    our,
    pairs,
    press,
    their,
)
from tests.cast import make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/setup/match-schools/"


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


@pytest.fixture
def virtual(oak):
    return their(oak, "Virtual Academy", staff_count=9)


@pytest.fixture
def online(oak):
    return our(oak, "Online School")


@pytest.fixture
def lincoln(oak):
    """A match of Lincoln with Lincoln."""
    return matched(their(oak, "Lincoln"), our(oak, "Lincoln"))


def text_of(answer):
    """What a page says: without tags, white space as one blank."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def names_in_order(answer):
    """The page's rows: the name of the Clever school, else of ours."""
    return [
        (row.clever_school or row.school).name
        for _section, rows in answer.context["sections"]
        for row in rows
    ]


def edits_of(answer):
    return [
        (edit.clever_school, edit.base, edit.wanted)
        for edit in answer.context["state"].edits.values()
    ]


def test_unmatched_clever_schools_come_first_and_naviance_only_at_the_end(
    oak, client, virtual, online, lincoln
):
    matched(their(oak, "Adams"), our(oak, "Adams"))
    our(oak, "Brendan", "A0501234")

    page = client.get(PAGE)

    assert names_in_order(page) == [
        "Virtual Academy",
        "Adams",
        "Lincoln",
        "Brendan",
        "Online School",
    ]
    text = text_of(page)
    assert "3 Clever schools: 2 matched, 1 unmatched." in text
    assert "Log in to your Clever Dashboard to review your schools. " in text
    assert "Contact Clever to add more schools to your Clever subscription." in text
    assert "Private school. Not shared by Clever." in text


def test_a_row_shows_both_ids_names_and_addresses_and_how_it_was_matched(oak, client):
    theirs = their(oak, "Oak HS", "60000100001", address="1 Main St", city="Oakton")
    ours = our(oak, "Oak High", "060000100001", address="1 Main Street")
    dana = make_admin(make_district("elm"))
    when = timezone.now().replace(2025, 9, 22, 20, 0)
    matched(theirs, ours, "manual", matched_by=dana, matched_at=when)

    text = text_of(client.get(PAGE))

    for words in (
        "Oak HS NCES ID 60000100001 1 Main St, Oakton",
        "Oak High NCES ID 060000100001 1 Main Street",
        "Matched By hand By Dana Whitfield, Sep 22, 2025",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("method", "ids", "how"),
    [
        ("nces_id", ("060000100001", "060000100001"), "Matched NCES ID equal"),
        ("nces_id", ("60000100001", "060000100001"), "Matched Same once padded."),
        ("name", ("", ""), "Matched Same once padded."),
        ("manual", ("1", "2"), "Matched By hand"),
    ],
)
def test_a_row_says_what_made_the_match(oak, client, method, ids, how):
    theirs, ours = their(oak, "Oak", ids[0]), our(oak, "Oak", ids[1])
    matched(theirs, ours, method, reason="Same once padded.")

    assert how in text_of(client.get(PAGE))


def test_select_match_offers_suggestions_with_reasons_and_every_free_school(
    oak, client, virtual, lincoln
):
    address = {"address": "1 School Plaza"}
    CleverSchool.objects.update(**address)
    near = our(oak, "Virtual School", **address)
    free = our(oak, "Zenith")

    page = press(client, "choose", virtual.pk, 0)

    choice = page.context["choice"]
    assert [candidate.school for candidate in choice.suggestions] == [near]
    assert choice.free == [free]
    assert choice.picked == near.pk
    assert "Which Naviance school is Virtual Academy?" in text_of(page)
    assert "Best suggestion" in text_of(page)


def test_the_choice_can_be_searched(oak, client, virtual):
    for name in ("Ash", "Birch", "Ash Park"):
        our(oak, name)

    page = press(client, "find", virtual.pk, open=f"{virtual.pk}:0", find="ash")

    assert [s.name for s in page.context["choice"].fitting] == ["Ash", "Ash Park"]
    assert "2 of 3 are free" in text_of(page)


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


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "linc"}, ["Lincoln"]),
        ({"q": "plaza ONLINE"}, ["Online School"]),
        ({"q": "0600"}, ["Virtual Academy"]),
        ({"show": "unmatched"}, ["Virtual Academy"]),
        ({"show": "by_name"}, ["Lincoln"]),
        ({"show": "by_hand"}, []),
        ({"show": "naviance"}, ["Online School"]),
        ({"show": "no such"}, ["Virtual Academy", "Lincoln", "Online School"]),
        ({"q": "nobody"}, []),
    ],
)
def test_search_and_filter_narrow_the_list(
    client, virtual, lincoln, online, query, found
):
    School.objects.filter(pk=online.pk).update(address="1 School Plaza")
    CleverSchool.objects.filter(pk=virtual.pk).update(nces_id="060000100001")

    assert names_in_order(client.get(PAGE, query)) == found


def test_the_filter_of_unsaved_changes_keeps_them(client, virtual, online, lincoln):
    edits = [(virtual.pk, 0, online.pk)]

    page = press(client, "apply", edits=edits, show="unsaved", q="online")

    assert names_in_order(page) == ["Virtual Academy"]
    assert edits_of(page) == edits


def test_many_schools_are_shown_page_by_page(
    oak, client, django_assert_max_num_queries
):
    CleverSchool.objects.bulk_create(
        CleverSchool(district=oak, clever_id=f"{n:04}", name=f"School {n:04}")
        for n in range(250)
    )
    our(oak, "Zenith")

    with django_assert_max_num_queries(20):
        first = client.get(PAGE)
    last = press(client, "page", 3, edits=[])

    assert len(names_in_order(first)) == 100
    assert names_in_order(last)[-2:] == ["School 0249", "Zenith"]
    assert "Page 3 of 3, 251 schools" in text_of(last)


def test_no_other_districts_school_is_shown_or_changed(oak, client, online):
    elm = make_district("elm")
    theirs, ours = their(elm, "Elm in Clever"), our(elm, "Elm High")
    match = matched(their(elm, "Ash in Clever"), our(elm, "Ash High"))

    assert "Elm" not in text_of(client.get(PAGE))
    press(client, "save", edits=[(theirs.pk, 0, ours.pk)])
    press(client, "save", edits=[(match.clever_school_id, match.school_id, 0)])

    assert pairs(elm) == {"Ash in Clever": "Ash High"}
    assert oak.audit_entries.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "reset"},
        {"do": "keep:99999:0", "open": "99999:0", "school": "7"},
        {"do": "insist:1:2"},
        {"do": "page:999999999"},
        {"do": "💥"},
        {"do": "save", "edits": "1:2 x:y:z 999999999999999999999:1:1"},
        {"edits": "1" * 5000, "q": "x" * 5000, "open": "a:b", "page": "-1"},
    ],
)
def test_made_up_input_is_no_error_and_changes_nothing(oak, client, lincoln, fields):
    answer = client.post(PAGE, fields)

    assert answer.status_code in (200, 302)
    assert pairs(oak) == {"Lincoln": "Lincoln"}


def test_before_clever_was_read_the_page_says_what_to_do(client, online):
    assert "Your schools are not read from Clever yet" in text_of(client.get(PAGE))


def test_without_schools_in_naviance_the_page_says_whom_to_ask(client, virtual):
    assert "Naviance has no schools of this district yet" in text_of(client.get(PAGE))


def test_the_gate_is_shut_for_people_without_the_right(oak):
    nobody = signed_in(make_admin(oak, rights=()))

    assert nobody.get(PAGE).status_code == 403
    assert nobody.post(PAGE, {"do": "save"}).status_code == 403


def test_matches_are_verified_once_until_one_changes(oak, client, lincoln, virtual):
    SchoolMatch.objects.update(matched_at=timezone.now() - timedelta(hours=1))
    verify = reverse("schools:verify_matches")
    assert f'href="{verify}"' in client.get(PAGE).content.decode()
    look = text_of(client.get(verify))

    answer = client.post(verify)

    assert "Matched by name, and an NCES ID is missing." in look
    assert "Virtual Academy 9 staff" in look
    assert answer.url == reverse("staffimport:settings")
    oak.refresh_from_db()
    assert oak.matches_verified_by == "Dana Whitfield"
    assert f'href="{verify}"' not in client.get(PAGE).content.decode()
    press(client, "save", edits=[(lincoln.clever_school_id, lincoln.school_id, 0)])
    matched(virtual, our(oak, "New"))
    assert f'href="{verify}"' in client.get(PAGE).content.decode()


def test_without_a_match_there_is_nothing_to_verify(oak, client, virtual):
    answer = client.post(reverse("schools:verify_matches"))

    assert "No school is matched yet" in text_of(answer)
    oak.refresh_from_db()
    assert oak.matches_verified_at is None
