"""What a district wishes waits for support, which grants or declines it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from schools.services import leaving, lifecycle
from schools.services.wishes import (
    ANOTHER_DATE,
    TO_LEAVE,
    decline_wish,
    districts_that,
    in_words,
    open_wish,
    refusal,
    take_back_wish,
)

pytestmark = pytest.mark.django_db

SAM, DANA = Actor("Sam Ortiz"), Actor("Dana Whitfield")


@pytest.fixture
def way(maple):
    """Maple on its way to launch."""
    today = timezone.now()
    District.objects.filter(pk=maple.pk).update(
        activated_at=today, launch_date=today.date() + timedelta(days=28)
    )
    maple.refresh_from_db()
    return maple


def ask_for_date(district):
    lifecycle.ask_for_launch_date(
        district, district.launch_date + timedelta(days=7), DANA, "Holidays"
    )


def wish_of(district, wish):
    """Return an open wish in words."""
    entry = open_wish(district, wish)
    assert entry is not None
    return in_words(entry)


def test_a_wish_is_open_until_support_declines_it_with_the_reason(way, cedar):
    ask_for_date(way)
    assert districts_that(ANOTHER_DATE) == {way.pk}

    decline_wish(way, ANOTHER_DATE, SAM, " The materials are printed. ")

    assert open_wish(way, ANOTHER_DATE) is None
    assert districts_that(ANOTHER_DATE) == set()
    newest = way.audit_entries.first()
    assert (newest.verb, newest.actor_name, newest.note) == (
        "declined another launch date",
        "Sam Ortiz",
        "The materials are printed.",
    )


def test_a_wish_made_again_is_open_again(way):
    ask_for_date(way)
    decline_wish(way, ANOTHER_DATE, SAM, "No")
    ask_for_date(way)

    assert open_wish(way, ANOTHER_DATE) is not None


def test_moving_the_date_grants_the_wish(way):
    ask_for_date(way)

    lifecycle.move_launch_date(
        way, way.launch_date + timedelta(days=7), SAM, "As they wish"
    )

    assert open_wish(way, ANOTHER_DATE) is None


def test_a_wish_to_leave_is_one_of_its_own(way):
    leaving.ask_to_leave(way, DANA, "We change")

    assert open_wish(way, TO_LEAVE) is not None
    assert open_wish(way, ANOTHER_DATE) is None
    decline_wish(way, TO_LEAVE, SAM, "They stay after all")
    assert districts_that(TO_LEAVE) == set()


def test_a_disconnected_district_wishes_nothing(way):
    leaving.ask_to_leave(way, DANA, "We change")

    leaving.disconnect_district(way, SAM, "As they wish")

    assert districts_that(TO_LEAVE) == set()


@pytest.mark.parametrize(
    ("why", "words"), [(" ", "Say why"), ("No", "has no such wish that waits")]
)
def test_a_decline_takes_a_reason_and_a_wish(way, why, words):
    if not why.strip():
        ask_for_date(way)
    before = way.audit_entries.count()

    with pytest.raises(RefusedError, match=words):
        decline_wish(way, ANOTHER_DATE, SAM, why)

    assert way.audit_entries.count() == before


def test_of_two_wishes_one_is_declined_and_the_other_stays_open(way):
    ask_for_date(way)
    leaving.ask_to_leave(way, DANA, "We change")

    declined = decline_wish(way, ANOTHER_DATE, SAM, "The materials are printed")

    wanted = way.launch_date + timedelta(days=7)
    date = f"{wanted:%B} {wanted.day}, {wanted.year}"
    assert in_words(declined) == f"to launch on {date}"
    assert open_wish(way, ANOTHER_DATE) is None
    assert wish_of(way, TO_LEAVE) == "to be disconnected"


def test_a_wish_for_an_early_launch_is_named_so(way):
    District.objects.update(first_final_at=timezone.now())
    way.refresh_from_db()
    lifecycle.ask_for_launch_date(way, None, DANA, "We are ready")

    assert wish_of(way, ANOTHER_DATE) == "to launch as soon as possible"


def test_a_declined_wish_stays_declined_until_something_follows(way):
    assert refusal(way, TO_LEAVE) is None
    leaving.ask_to_leave(way, DANA, "We change")
    assert refusal(way, TO_LEAVE) is None

    decline_wish(way, TO_LEAVE, SAM, "Let us talk first")

    found = refusal(way, TO_LEAVE)
    assert found is not None
    assert (found.note, found.actor_name) == ("Let us talk first", "Sam Ortiz")
    assert refusal(way, ANOTHER_DATE) is None
    leaving.ask_to_leave(way, DANA, "We change all the same")
    assert refusal(way, TO_LEAVE) is None


def test_a_date_that_is_moved_all_the_same_is_no_longer_declined(way):
    ask_for_date(way)
    decline_wish(way, ANOTHER_DATE, SAM, "They are printed")

    lifecycle.move_launch_date(
        way, way.launch_date + timedelta(days=7), SAM, "Now it can be"
    )

    assert refusal(way, ANOTHER_DATE) is None


def test_the_district_takes_its_own_wish_back(way):
    ask_for_date(way)
    leaving.ask_to_leave(way, DANA, "We change")

    take_back_wish(way, TO_LEAVE, DANA)

    assert open_wish(way, TO_LEAVE) is None
    assert refusal(way, TO_LEAVE) is None
    assert districts_that(TO_LEAVE) == set()
    assert open_wish(way, ANOTHER_DATE) is not None
    newest = way.audit_entries.first()
    assert (newest.actor_name, newest.verb) == (
        "Dana Whitfield",
        "took back wish to be disconnected",
    )


def test_a_wish_that_was_answered_can_not_be_taken_back(way):
    ask_for_date(way)
    decline_wish(way, ANOTHER_DATE, SAM, "They are printed")

    with pytest.raises(RefusedError, match="no such wish any more"):
        take_back_wish(way, ANOTHER_DATE, DANA)
