"""The deeds on a district's way to launch."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District, DistrictState
from schools.queries.launch_history import activation, launch_history, wish_for_date
from schools.services import lifecycle, setting_up
from schools.services.lifecycle import Confirmation

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ortiz")
DANA = Actor("Dana Whitfield")
NOW = datetime(2026, 10, 13, 16, 42, tzinfo=UTC)  # 9:42 AM in the district
CONFIRMED = Confirmation("Lee Park", clever_account=True, subscription=True)
AT_NOW = time_machine.travel(NOW, tick=False)


def give(district, **facts):
    District.objects.filter(pk=district.pk).update(**facts)
    district.refresh_from_db()
    return district


def ready(district, **facts):
    """Let a district lack nothing but its date for the launch."""
    return give(
        district,
        **{
            "activated_at": NOW - timedelta(days=20),
            "first_final_at": NOW - timedelta(days=2),
            "materials_reviewed_at": NOW - timedelta(days=1),
            "launch_date": date(2026, 10, 19),
            **facts,
        },
    )


def last_entry(district):
    entry = district.audit_entries.first()
    return entry.actor_name, entry.verb, entry.note


@AT_NOW
def test_activation_sets_the_date_and_keeps_with_whom_it_was_confirmed(maple):
    lifecycle.activate_district(maple, SAM, CONFIRMED, "By telephone")

    maple.refresh_from_db()
    entry = maple.audit_entries.get()
    assert (maple.state, maple.launch_date) == ("activated", date(2026, 11, 10))
    assert (entry.actor_name, entry.note) == ("Sam Ortiz", "By telephone")
    assert entry.changes == {
        "state": ["requested", "activated"],
        "launch_date": [None, "2026-11-10"],
        "confirmed_with": [None, "Lee Park"],
        "clever_account": [None, True],
        "subscription": [None, True],
    }


@pytest.mark.parametrize(
    ("confirmed", "words"),
    [
        (Confirmation(" ", clever_account=True, subscription=True), "with whom"),
        (Confirmation("Lee", clever_account=False, subscription=True), "needs both"),
        (Confirmation("Lee", clever_account=True, subscription=False), "needs both"),
    ],
)
def test_without_both_prerequisites_nothing_is_activated(maple, confirmed, words):
    with pytest.raises(RefusedError, match=words):
        lifecycle.activate_district(maple, SAM, confirmed)

    maple.refresh_from_db()
    assert (maple.state, maple.audit_entries.count()) == ("requested", 0)


def test_only_a_requested_district_can_be_activated(maple):
    lifecycle.activate_district(maple, SAM, CONFIRMED)

    with pytest.raises(RefusedError, match="is activated already"):
        lifecycle.activate_district(maple, SAM, CONFIRMED)


def test_of_two_who_activate_at_once_one_is_told_to_look_again(maple):
    seen_by_other = District.objects.get(pk=maple.pk)
    lifecycle.activate_district(maple, SAM, CONFIRMED)

    with pytest.raises(RefusedError, match="Somebody else changed Maple Valley"):
        lifecycle.activate_district(seen_by_other, DANA, CONFIRMED)

    assert maple.audit_entries.count() == 1


@AT_NOW
def test_moving_the_launch_date_keeps_old_new_and_why(maple):
    ready(maple)

    lifecycle.move_launch_date(maple, date(2026, 11, 2), SAM, "Their wish")

    maple.refresh_from_db()
    assert maple.launch_date == date(2026, 11, 2)
    assert maple.audit_entries.get().changes == {
        "launch_date": ["2026-10-19", "2026-11-02"]
    }
    assert last_entry(maple) == ("Sam Ortiz", "moved launch date", "Their wish")


@AT_NOW
@pytest.mark.parametrize(
    ("to", "words"),
    [
        (date(2026, 10, 12), "October 12, 2026 is past"),
        (date(2026, 10, 19), "is the launch date already"),
        (date(2206, 10, 19), "more than a year away"),
    ],
)
def test_a_launch_date_that_can_not_be_is_refused(maple, to, words):
    ready(maple)

    for move in (lifecycle.move_launch_date, lifecycle.ask_for_launch_date):
        with pytest.raises(RefusedError, match=words):
            move(maple, to, SAM, "Why not")

    assert maple.audit_entries.count() == 0


@time_machine.travel(datetime(2026, 10, 20, 5, tzinfo=UTC), tick=False)
def test_the_launch_date_may_be_today_by_the_districts_own_calendar(maple):
    ready(maple, launch_date=date(2026, 10, 25))

    lifecycle.move_launch_date(maple, date(2026, 10, 19), SAM, "All is there")

    assert maple.launch_date == date(2026, 10, 19)


DEEDS = {
    "move": lambda d, why: lifecycle.move_launch_date(d, date(2026, 12, 1), SAM, why),
    "ask": lambda d, why: lifecycle.ask_for_launch_date(d, date(2026, 12, 1), SAM, why),
    "review": lambda d, why: lifecycle.mark_materials_reviewed(d, SAM, why),
    "take back": lambda d, why: lifecycle.take_back_materials_review(d, SAM, why),
    "launch": lambda d, why: lifecycle.launch_district(d, SAM, why),
    "pause": lambda d, why: lifecycle.pause_district(d, SAM, why),
    "resume": lambda d, why: lifecycle.resume_district(d, SAM, why),
}


@AT_NOW
@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_goes_without_a_reason(maple, deed):
    ready(maple)

    with pytest.raises(RefusedError, match="Say why"):
        DEEDS[deed](maple, "  ")


@AT_NOW
@pytest.mark.parametrize(
    ("facts", "words", "refused"),
    [
        ({"activated_at": None}, "not activated yet", "move ask review launch"),
        ({"launched_at": NOW}, "launched already", "move ask review launch"),
        (
            {"disconnected_at": NOW},
            "disconnected",
            "move ask review launch pause resume",
        ),
    ],
)
def test_what_does_not_suit_the_state_is_refused(maple, facts, words, refused):
    ready(maple, **facts)

    for deed in refused.split():
        with pytest.raises(RefusedError, match=words):
            DEEDS[deed](maple, "Why not")

    assert maple.audit_entries.count() == 0


@AT_NOW
def test_a_review_is_marked_once_and_can_be_taken_back(maple):
    ready(maple, materials_reviewed_at=None)

    lifecycle.mark_materials_reviewed(maple, SAM, "All there")
    with pytest.raises(RefusedError, match="are marked as reviewed already"):
        lifecycle.mark_materials_reviewed(maple, SAM, "Again")
    assert maple.materials_reviewed_at == NOW
    lifecycle.take_back_materials_review(maple, SAM, "A letter is missing")

    maple.refresh_from_db()
    assert maple.materials_reviewed_at is None
    assert last_entry(maple)[1:] == (
        "took back materials review",
        "A letter is missing",
    )


@AT_NOW
def test_support_launches_before_the_date_what_lacks_nothing(maple):
    ready(maple)

    lifecycle.launch_district(maple, SAM, "They are ready")

    maple.refresh_from_db()
    assert (maple.state, maple.launched_at) == ("launched", NOW)
    assert maple.opens_clever_sign_in
    assert maple.audit_entries.get().changes == {"state": ["ready", "launched"]}


@AT_NOW
def test_a_launch_that_lacks_something_says_all_of_it(maple):
    ready(maple, first_final_at=None, materials_reviewed_at=None)

    with pytest.raises(RefusedError) as refused:
        lifecycle.launch_district(maple, SAM, "They insist")

    assert "No final import has run" in refused.value.user_message
    assert "not marked as reviewed" in refused.value.user_message


@AT_NOW
def test_a_pause_and_its_end_are_kept_with_their_reasons(maple):
    ready(maple)

    lifecycle.pause_district(maple, SAM, "Their SIS is being replaced")
    with pytest.raises(RefusedError, match="is paused already"):
        lifecycle.pause_district(maple, SAM, "Again")
    paused_at = maple.paused_at
    lifecycle.resume_district(maple, DANA, "The new SIS is there")
    with pytest.raises(RefusedError, match="is not paused"):
        lifecycle.resume_district(maple, SAM, "Again")

    maple.refresh_from_db()
    assert (paused_at, maple.paused_at) == (NOW, None)
    assert [(e.verb, e.note) for e in maple.audit_entries.all()] == [
        ("resumed district", "The new SIS is there"),
        ("paused district", "Their SIS is being replaced"),
    ]


@AT_NOW
def test_the_periodic_sync_goes_on_after_an_undo_when_somebody_says_so(maple):
    ready(maple, sync_paused_at=NOW)

    setting_up.resume_sync(maple, DANA)
    with pytest.raises(RefusedError, match="is on already"):
        setting_up.resume_sync(maple, DANA)

    maple.refresh_from_db()
    assert maple.sync_paused_at is None
    assert last_entry(maple) == ("Dana Whitfield", "resumed sync", "")
    assert maple.audit_entries.get().changes == {"sync paused": [True, False]}


@AT_NOW
def test_without_a_final_there_is_no_sync_to_resume(maple):
    give(maple, activated_at=NOW, sync_paused_at=NOW)

    with pytest.raises(RefusedError, match="No final import is applied"):
        setting_up.resume_sync(maple, DANA)


@AT_NOW
def test_a_wish_for_another_date_stays_open_until_support_answers(maple):
    ready(maple)

    lifecycle.ask_for_launch_date(maple, date(2026, 11, 2), DANA, "Testing week")
    wish = wish_for_date(launch_history(maple))
    assert wish
    assert (wish.was, wish.to) == (date(2026, 10, 19), date(2026, 11, 2))
    assert maple.launch_date == date(2026, 10, 19)
    lifecycle.move_launch_date(maple, date(2026, 11, 3), SAM, "A day later suits us")

    assert wish_for_date(launch_history(maple)) is None


@AT_NOW
def test_an_early_launch_can_be_asked_for_once_staff_are_imported(maple):
    ready(maple, first_final_at=None)
    with pytest.raises(RefusedError, match="needs a final import first"):
        lifecycle.ask_for_launch_date(maple, None, DANA, "We are ready")

    lifecycle.ask_for_launch_date(ready(maple), None, DANA, "We are ready")

    wish = wish_for_date(launch_history(maple))
    assert wish
    assert (wish.asks_early, wish.to, wish.entry.note) == (True, None, "We are ready")


@AT_NOW
def test_the_history_tells_the_way_newest_first(maple):
    lifecycle.activate_district(maple, SAM, CONFIRMED)
    lifecycle.move_launch_date(maple, date(2026, 11, 2), SAM, "Their wish")
    ready(maple)
    lifecycle.launch_district(maple, SAM, "They are ready")

    assert [(event.what, event.was, event.to) for event in launch_history(maple)] == [
        ("Launched", None, None),
        ("Launch date moved", date(2026, 11, 10), date(2026, 11, 2)),
        ("Activated, launch date", None, date(2026, 11, 10)),
    ]
    activated = activation(launch_history(maple))
    assert activated
    assert activated.confirmed_with == "Lee Park"


def test_the_setup_begins_once(maple):
    with time_machine.travel(NOW, tick=False):
        setting_up.note_setup_begun(maple, SAM, "Saved.")
    setting_up.note_setup_begun(District.objects.get(), SAM, "Saved.")

    assert District.objects.get().setup_begun_at == maple.setup_begun_at == NOW
    entry = maple.audit_entries.get()
    assert (entry.verb, entry.actor_name) == ("began setup", SAM.name)


@AT_NOW
def test_each_state_on_the_way_is_kept_with_who_and_why(maple):
    lifecycle.activate_district(maple, SAM, CONFIRMED)
    setting_up.note_setup_begun(maple, DANA, "Saved.")
    for final in ("Final 2", "Final 3"):
        setting_up.note_final(maple, DANA, final, NOW)
    was_first = setting_up.note_undo(maple, DANA, "Final 2", NOW, NOW)
    setting_up.note_final(maple, DANA, "Final 4", NOW)

    told = [
        (event.what, event.entry.changes.get("state"), event.entry.note)
        for event in launch_history(maple)
    ]
    assert was_first
    assert told == [
        ("Periodic sync resumed", None, "Final 4 was applied."),
        ("Ready for launch", ["setting_up", "ready"], "Final 4 was applied."),
        ("Periodic sync paused", None, "Final 2 was undone."),
        (
            "No longer ready for launch",
            ["ready", "setting_up"],
            "Final 2 was undone.",
        ),
        ("Ready for launch", ["setting_up", "ready"], "Final 2 was applied."),
        ("Setup begun", ["activated", "setting_up"], "Saved."),
        ("Activated, launch date", ["requested", "activated"], ""),
    ]
    assert maple.sync_paused_at is None


@AT_NOW
def test_a_launched_district_stays_launched_whatever_is_undone(maple):
    give(maple, activated_at=NOW, first_final_at=NOW, launched_at=NOW)

    setting_up.note_undo(maple, DANA, "Final 2", NOW, NOW)
    setting_up.note_final(maple, DANA, "Final 3", NOW)

    assert maple.state == "launched"
    assert [event.what for event in launch_history(maple)] == [
        "Periodic sync resumed",
        "Periodic sync paused",
    ]


def test_the_database_finds_districts_by_the_state_they_say_they_are_in(maple, cedar):
    facts = ["activated_at", "setup_begun_at", "first_final_at", "launched_at"]
    for number in range(len(facts) + 1):
        give(maple, **dict.fromkeys(facts[:number], NOW))
        assert list(District.objects.in_state(maple.state).exclude(pk=cedar.pk)) == [
            maple
        ]
        others = [state for state in DistrictState if state != maple.state]
        for state in others:
            assert maple not in District.objects.in_state(state)
    assert list(District.objects.in_state("requested")) == [cedar]
    give(maple, disconnected_at=NOW)
    assert list(District.objects.in_state("disconnected")) == [maple]
