"""The Match Schools page: what it lists, how it is searched, who may see it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from schools.models import CleverSchool, School, SchoolMatch
from schools.tests.building import (
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


@pytest.mark.parametrize(
    ("headers", "attribute"),
    [({}, "autofocus"), ({"HX-Request": "true"}, "data-focus")],
)
def test_the_first_suggestion_is_where_one_goes_on(
    client, virtual, online, headers, attribute
):
    """By the page's script where it swaps the list, else by the browser itself."""
    deed = {"do": f"choose:{virtual.pk}:0"}

    page = client.post(PAGE, deed, headers=headers).content.decode()

    attributes = [word for word in ("autofocus", "data-focus") if f" {word}>" in page]
    assert attributes == [attribute]


def test_the_choice_can_be_searched(oak, client, virtual):
    for name in ("Ash", "Birch", "Ash Park"):
        our(oak, name)

    page = press(client, "find", virtual.pk, open=f"{virtual.pk}:0", find="ash")

    assert [s.name for s in page.context["choice"].fitting] == ["Ash", "Ash Park"]
    assert "2 of 3 are free" in text_of(page)


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


def test_many_schools_are_shown_page_by_page(
    oak, client, django_assert_max_num_queries
):
    CleverSchool.objects.bulk_create(
        CleverSchool(district=oak, clever_id=f"{n:04}", name=f"School {n:04}")
        for n in range(250)
    )
    our(oak, "Zenith")

    with django_assert_max_num_queries(21):
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


def test_verifying_twice_is_one_entry_in_the_trail(oak, client, lincoln):
    SchoolMatch.objects.update(matched_at=timezone.now() - timedelta(hours=1))
    verify = reverse("schools:verify_matches")
    entries = oak.audit_entries.filter(verb="verified school matches")

    client.post(verify)
    assert client.post(verify).url == reverse("staffimport:settings")

    assert entries.count() == 1
    SchoolMatch.objects.update(matched_at=timezone.now())
    client.post(verify)
    assert entries.count() == 2


def test_without_a_match_there_is_nothing_to_verify(oak, client, virtual):
    answer = client.post(reverse("schools:verify_matches"))

    assert "No school is matched yet" in text_of(answer)
    oak.refresh_from_db()
    assert oak.matches_verified_at is None
