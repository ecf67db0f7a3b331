"""The launch page: days, needs, wishes and history; and the sync after an undo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mail
from schools.audit import Actor
from schools.clock import day_in
from schools.models import District
from schools.services import lifecycle, wishes
from tests.cast import make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ortiz")


@pytest.fixture
def oak():
    return make_district("oak", launch_date=day(20))


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def day(days):
    """A day of the district's calendar, so many days from today."""
    return day_in(District(), timezone.now()) + timedelta(days=days)


def text_of(answer):
    return answer.content.decode()


def ask(client, **fields):
    given = {"what": "date", "wanted": day(30).isoformat(), "why": "Testing week"}
    return client.post("/launch/", {**given, **fields}, follow=True)


def test_the_district_asks_for_another_date_and_reads_that_it_did(oak, client):
    answer = ask(client)

    entry = oak.audit_entries.get()
    assert answer.redirect_chain == [("/launch/", 302)]
    assert "Naviance Support is asked to launch on" in text_of(answer)
    assert "Naviance Support has not answered yet." in text_of(answer)
    assert (entry.actor_name, entry.note) == ("Dana Whitfield", "Testing week")
    assert entry.address == "127.0.0.1"
    assert Mail.objects.get().to == "support@navsync.example"
    oak.refresh_from_db()
    assert oak.launch_date == day(20)


def test_the_district_reads_beside_the_form_that_its_wish_was_declined(oak, client):
    ask(client)
    wishes.decline_wish(oak, wishes.ANOTHER_DATE, SAM, "They are printed")

    today = f"{day(0):%B} {day(0).day}, {day(0).year}"
    wish = wishes.in_words(oak.audit_entries.get(verb="asked for launch date"))
    declined = f"declined your wish {wish} on {today}:</strong> They are printed"
    assert declined in text_of(client.get("/launch/"))
    assert "declined your" not in text_of(client.get("/leaving/"))
    assert "declined your" not in text_of(ask(client))


def test_the_district_takes_a_wish_back_that_waits(oak, client):
    ask(client)

    answer = client.post("/launch/wish/", follow=True)
    again = client.post("/launch/wish/", follow=True)

    assert "Your wish for another launch date is taken back." in text_of(answer)
    assert "Take it back" not in text_of(answer)
    assert "There is no such wish any more" in text_of(again)
    assert wishes.open_wish(oak, wishes.ANOTHER_DATE) is None
    assert oak.audit_entries.first().address == "127.0.0.1"
    assert client.get("/launch/wish/").status_code == 405


def test_a_wish_that_is_sent_twice_is_made_once(oak, client):
    ask(client)

    again = ask(client, why="Clicked again")

    today = f"{day(0):%B} {day(0).day}, {day(0).year}"
    assert f"You have asked for that already, on {today}." in text_of(again)
    assert oak.audit_entries.count() == 1
    assert Mail.objects.count() == 1


def test_another_wish_and_one_that_was_answered_are_made_again(oak, client):
    District.objects.update(first_final_at=timezone.now())
    for fields in ({}, {"wanted": day(31).isoformat()}, {"what": "early"}, {}):
        ask(client, **fields)
    assert Mail.objects.count() == 4

    wishes.decline_wish(oak, wishes.ANOTHER_DATE, SAM, "They are printed")
    ask(client)

    assert Mail.objects.count() == 5


def test_an_answer_of_support_shows_in_the_history(oak, client):
    ask(client)
    lifecycle.move_launch_date(oak, day(31), SAM, "The day after suits us")

    page = text_of(client.get("/launch/"))

    assert "has not answered yet" not in page
    assert "The day after suits us" in page
    assert "Sam Ortiz, today" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"wanted": ""}, "Choose the date you want."),
        ({"wanted": "soon"}, "Write a date such as 2026-11-02."),
        ({"wanted": "2020-01-01"}, "January 1, 2020 is past in Oak Unified."),
        ({"wanted": "2206-01-01"}, "more than a year away"),
        ({"why": " "}, "Say why, so that Support can judge it."),
        ({"what": ""}, "Choose what you ask for."),
        ({"what": "made-up"}, "made-up is not one of the available choices"),
        ({"what": "early"}, "An early launch needs a final import first."),
        ({"why": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_a_wish_that_can_not_be_keeps_what_was_typed(oak, client, fields, words):
    answer = ask(client, **fields)

    assert words in text_of(answer)
    typed = {"wanted": day(30).isoformat(), "why": "Testing week", **fields}
    assert typed["why"] in text_of(answer)
    assert typed["wanted"] in text_of(answer)
    assert not oak.audit_entries.exists()
    assert not Mail.objects.exists()


def test_an_early_launch_is_offered_once_staff_are_imported(oak, client):
    before = text_of(client.get("/launch/"))
    District.objects.update(first_final_at=timezone.now())

    after = text_of(client.get("/launch/"))
    asked = ask(client, what="early", wanted="")

    assert "A launch as soon as possible" not in before
    assert "once your staff are imported" in before
    assert "A launch as soon as possible" in after
    assert "Naviance Support is asked to launch early." in text_of(asked)


def test_a_wish_to_launch_early_says_what_it_waits_for_after_an_undo(oak, client):
    District.objects.update(first_final_at=timezone.now())
    asked = text_of(ask(client, what="early", wanted=""))
    District.objects.update(first_final_at=None)

    undone = text_of(client.get("/launch/"))

    waits = "It can only launch early once your staff are imported again."
    assert waits not in asked
    assert waits in undone


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "No final import has run yet."),
        (
            {"first_final_at": timezone.now()},
            "Your launch materials are not reviewed yet.",
        ),
        (
            {
                "first_final_at": timezone.now(),
                "materials_reviewed_at": timezone.now(),
            },
            "What the launch needs came after the date.",
        ),
    ],
)
def test_past_the_date_the_page_says_so_why_and_whom_to_ask(oak, client, facts, words):
    District.objects.update(launch_date=day(-1), **facts)

    page = text_of(client.get("/launch/"))

    assert "Launch date passed" in page
    assert words in page
    assert "Ask Naviance Support for another date." in page
    assert "by itself, once" not in page
    assert "Not by itself any more" in page or facts.get("paused_at")


def test_past_the_date_the_page_names_the_pause_that_kept_it_from_launching(
    oak, client
):
    now = timezone.now()
    District.objects.update(
        launch_date=day(-1), first_final_at=now, materials_reviewed_at=now
    )
    oak.refresh_from_db()
    lifecycle.pause_district(oak, SAM, "Clever is down")
    paused = text_of(client.get("/launch/"))
    lifecycle.resume_district(oak, SAM, "It is up again")

    resumed = text_of(client.get("/launch/"))

    assert "Your district is paused. Ask Naviance Support" in paused
    assert f"Your district was paused until {day(0):%A, %B} {day(0).day}." in resumed


def test_a_paused_district_reads_what_waits_and_where_it_says_why(oak, client):
    now = timezone.now()
    District.objects.update(paused_at=now, launched_at=now, first_final_at=now)

    home, page = (text_of(client.get(url)) for url in ("/", "/launch/"))

    assert '<a class="btn btn--go" href="/launch/">See why</a>' in home
    assert "Syncs and final imports wait; sign-in works." in page
    assert "“What was done” says why" in page


def test_a_paused_district_is_not_told_that_it_launches_by_itself(oak, client):
    lifecycle.pause_district(oak, SAM, "Clever is down")

    launch, home, setup = (
        text_of(client.get(address)) for address in ("/launch/", "/", "/setup/")
    )

    waits = "Your district is paused: the launch waits until Naviance Support resumes"
    assert "by itself" not in launch
    assert waits in launch
    assert waits in home
    for page in (home, setup):
        assert "Waits: the district is paused" in page


def test_a_launched_district_without_an_import_reads_who_signs_in(oak, client):
    District.objects.update(launched_at=timezone.now(), uses_sso=True)
    without = text_of(client.get("/launch/"))
    District.objects.update(first_final_at=timezone.now())

    assert "No import is applied at the moment" in without
    assert "No import is applied" not in text_of(client.get("/launch/"))


def test_a_launched_district_has_nothing_to_ask_for(oak, client):
    District.objects.update(launched_at=timezone.now())

    page = text_of(client.get("/launch/"))
    sent = text_of(ask(client))

    assert "your staff sign in with Clever" in page
    assert "Ask Naviance Support</button>" not in page
    assert not oak.audit_entries.exists()
    assert "Naviance Support is asked" not in sent


@pytest.mark.parametrize("launched_at", [None, timezone.now()])
def test_without_clever_sso_nobody_is_told_that_staff_sign_in_with_clever(
    oak, client, launched_at
):
    District.objects.update(uses_sso=False, launched_at=launched_at)

    pages = [text_of(client.get(address)) for address in ("/", "/launch/")]

    assert not any("sign in with Clever" in page for page in pages)
    assert not any("Clever portal" in page for page in pages)
    assert "sign in with their e-mail address and password" in pages[1]
    if launched_at:
        assert "sign in with their e-mail address and password" in pages[0]


def test_the_page_is_shut_for_people_without_the_right(oak):
    nobody = signed_in(make_admin(oak, rights=()))

    assert nobody.get("/launch/").status_code == 403
    assert nobody.post("/launch/").status_code == 403
    assert nobody.post("/sync/resume/").status_code == 403


def test_wishes_and_history_are_of_the_own_district_alone(oak, client):
    cedar = make_district("cedar", launch_date=day(20))
    lifecycle.move_launch_date(cedar, day(25), SAM, "Cedar’s own affair")

    page = text_of(client.get("/launch/"))

    assert "Cedar’s own affair" not in page


def test_the_sync_that_an_undo_stopped_is_resumed_by_the_district(oak, client):
    now = timezone.now()
    District.objects.update(sync_paused_at=now, first_final_at=now)
    before = text_of(client.get("/"))

    answer = client.post("/sync/resume/", follow=True)
    again = client.post("/sync/resume/", follow=True)

    oak.refresh_from_db()
    assert 'action="/sync/resume/"' in before
    assert oak.sync_paused_at is None
    assert "The periodic sync goes on." in text_of(answer)
    assert 'action="/sync/resume/"' not in text_of(answer)
    assert "The periodic sync is on already." in text_of(again)
    assert oak.audit_entries.get().verb == "resumed sync"


def test_resuming_is_no_matter_of_a_link(client):
    assert client.get("/sync/resume/").status_code == 405
