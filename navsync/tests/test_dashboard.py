from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation, StaffAccount
from schools.audit import Actor
from schools.models import CleverSchool, District, SchoolMatch
from schools.services.lifecycle import pause_district
from staffimport.models import FieldDrift, RosterSnapshot, TitleKeyword
from staffimport.store.settings import make_settings
from tests.cast import (
    day,
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def test_a_new_district_is_told_to_have_clever_read_first(client):
    page = client.get("/").content.decode()

    assert "On Readiness click Check now" in page
    assert "No test import yet" in page
    assert "Nothing waits for you" in page


def test_after_an_undo_the_test_is_to_be_run_again(oak, client):
    now = timezone.now()
    make_run(oak, "final", applied_at=now, changed_at=now, undone_at=now)

    assert "Undone: run it again" in client.get("/").content.decode()


def test_it_says_what_waits_and_where_to_decide_it(oak, client):
    CleverSchool.objects.create(district=oak, clever_id="v", name="Virtual Academy")
    test = make_run(oak)
    make_rows(
        test,
        {"state": "held", "held_reason": "brake", "outcome": "inactive"},
        {"state": "held", "held_reason": "pair", "outcome": "created"},
        {"outcome": "conflict"},
    )

    answer = client.get("/")

    waiting = [(w.count, w.title, w.url) for w in answer.context["waiting"]]
    assert waiting == [
        (2, "Held rows", f"/runs/{test.pk}/?state=held"),
        (1, "Conflict", f"/runs/{test.pk}/?outcome=conflict"),
        (1, "Unmatched school", "/setup/match-schools/?show=unmatched"),
    ]
    assert "1 by the brake, 1 in pairs" in answer.content.decode()
    assert "Virtual Academy" in answer.content.decode()


def test_a_school_matched_since_the_last_final_waits_for_a_new_one(oak, client):
    settings = make_settings(oak)
    imported, new, left_out = (
        make_match(make_school(oak, name)) for name in ("Elm", "Ash", "Birch")
    )
    before_the_first_final = client.get("/").context["waiting"]
    oak.first_final_at = timezone.now()
    oak.save()
    SchoolMatch.objects.filter(pk=imported.pk).update(imported_at=timezone.now())
    both = client.get("/").context["waiting"]
    settings.all_schools = False
    settings.save()
    settings.schools.set([imported.school, new.school])

    (waiting,) = client.get("/").context["waiting"]

    assert before_the_first_final == ()
    assert [(w.count, w.title) for w in both] == [(2, "Schools not imported yet")]
    assert both[0].text.startswith("Ash and Birch: matched, or unlocked by")
    assert (waiting.count, waiting.title) == (1, "School not imported yet")
    assert waiting.text == (
        "Ash: matched, or unlocked by Support, since the last final import. A sync "
        "leaves it out until a new test and a final import include it."
    )
    assert waiting.url == "/setup/import-staff-data/"
    assert left_out.school.name not in waiting.text


def test_new_titles_that_no_keyword_fits_wait_until_they_are_mapped(oak, client):
    settings = make_settings(oak)
    TitleKeyword.objects.create(settings=settings, position=0, keyword="coach")
    titles = ["Data Coach", "MTSS Interventionist", "Registrar"]
    RosterSnapshot.objects.create(district=oak, blob=b"-", titles=titles[:2])
    notice = {"kind": "new_titles", "text": "", "count": 3, "titles": titles}
    make_run(oak, "sync", notices=[notice])

    waiting = client.get("/").context["waiting"]
    TitleKeyword.objects.create(settings=settings, position=1, keyword="mtss")
    mapped = client.get("/").context["waiting"]

    assert [(w.count, w.title, w.url) for w in waiting] == [
        (1, "New title", "/setup/import-staff-data/")
    ]
    assert waiting[0].text.startswith("MTSS Interventionist: no keyword fits")
    assert mapped == ()


def test_accounts_that_drift_from_clever_wait(oak, client):
    cedar = make_district("cedar")
    for district, fields in ((oak, ["email", "last_name"]), (cedar, ["email"])):
        account = StaffAccount.objects.create(district=district, last_name="Lee")
        for field in fields:
            FieldDrift.objects.create(account=account, field=field, clever_value="x")

    (waiting,) = client.get("/").context["waiting"]

    assert (waiting.count, waiting.title) == (1, "Drifting account")
    assert "e-mail (1) and last name (1)" in waiting.text
    assert client.get(waiting.url).status_code == 200


def test_it_says_since_when_things_wait(oak, client):
    at = timezone.now() - timedelta(days=400)
    run = make_run(oak, "final", applied_at=at, finished_at=at)
    make_rows(run, {"state": "held", "held_reason": "brake", "outcome": "inactive"})

    words = client.get("/").context["waiting_in_words"]

    assert words.startswith("1 thing, oldest since ")
    assert words.endswith(f"{at:%Y}")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Setting up. 1 of 2 Clever schools matched."),
        (
            {"first_final_at": timezone.now()},
            "Ready for launch. 1 of 2 Clever schools matched, 1 imported and kept in "
            "step.",
        ),
        (
            {"first_final_at": timezone.now(), "sync_paused_at": timezone.now()},
            "1 of 2 Clever schools matched, 1 imported.",
        ),
        ({"activated_at": None}, "Requested."),
    ],
)
def test_it_begins_with_where_the_district_stands(oak, client, facts, words):
    match = make_match(make_school(oak))
    CleverSchool.objects.create(district=oak, clever_id="v", name="Virtual Academy")
    if "first_final_at" in facts:
        match.imported_at = timezone.now()
        match.save()
    District.objects.update(**facts)

    assert words in client.get("/").content.decode()


def test_a_pause_is_told_with_who_and_why(oak, client):
    pause_district(oak, Actor("Sam Ortiz"), "Their SIS is being replaced.")

    page = client.get("/").content.decode()

    assert "Paused since today by Sam Ortiz: Their SIS is being replaced." in page
    assert "None while your district is paused." in page


def test_a_failed_sync_is_told_with_its_reason(oak, client):
    oak.first_final_at = timezone.now()
    oak.save()
    make_run(oak, "sync", "failed", error="Clever refused our token (401).")

    assert page_says(client, "failed today", "Clever refused our token (401).")


@pytest.mark.parametrize(
    ("state", "words"),
    [("paused", "Clever has paused the sync"), ("error", "Clever reports an error")],
)
def test_a_clever_that_stands_still_is_told(oak, client, state, words):
    oak.clever_state = state
    oak.save()

    assert page_says(client, words)


def test_past_the_launch_date_it_says_so_and_leads_to_another(oak, client):
    oak.launch_date = day(-3)
    oak.save()

    assert page_says(
        client, "Launch date passed", "No final import has run yet.", "/launch/#ask"
    )


def test_the_trend_stands_as_a_picture_and_as_a_table(oak, client):
    for days_ago, created in ((3, 214), (1, 118)):
        at = timezone.now() - timedelta(days=days_ago)
        make_run(oak, pulled_at=at, counts={"created": created, "matched": 700})

    page = client.get("/").content.decode()

    assert "created fell from 214 to 118" in page
    assert "<polyline points=" in page
    assert page.count('<th scope="row"><a href="/runs/') == 2


def page_says(client, *words):
    page = client.get("/").content.decode()
    return [word for word in words if word not in page] == []


class TestInvitations:
    """Those that reached nobody wait, where the district mails any."""

    @pytest.fixture
    def unread(self, oak):
        for number, (state, days) in enumerate(
            [("failed", 1), ("sent", -1), ("sent", 1), ("unmailed", 1), ("used", 1)]
        ):
            account = StaffAccount.objects.create(district=oak, last_name="Tran")
            Invitation.objects.create(
                district=oak,
                account=account,
                person=str(number),
                state=state,
                expires_at=timezone.now() + timedelta(days=days),
            )

    def test_they_are_listed_with_where_to_send_them_again(self, oak, client, unread):
        District.objects.filter(pk=oak.pk).update(uses_sso=False)

        answer = client.get("/")

        waiting = [(w.count, w.title, w.url) for w in answer.context["waiting"]]
        assert waiting == [
            (2, "Invitations", "/staff/invitations/?state=failed"),
            (1, "Person nobody can mail", "/staff/invitations/?state=unmailed"),
        ]
        assert "1 failed and 1 expired unused" in answer.content.decode()

    def test_with_clever_sso_none_waits(self, client, unread):
        assert client.get("/").context["waiting"] == ()


def test_held_rows_of_a_test_wait_no_more_once_a_final_followed(oak, client):
    test = make_run(oak)
    make_rows(test, {"state": "held", "held_reason": "brake", "outcome": "inactive"})
    make_run(oak, "final", base_run=test, applied_at=timezone.now())

    assert client.get("/").context["waiting"] == ()


def test_held_rows_of_an_applied_run_wait_beside_those_of_a_newer_test(oak, client):
    held = {"state": "held", "held_reason": "brake", "outcome": "inactive"}
    oak.first_final_at = timezone.now()
    oak.save()
    final = make_run(oak, "final", applied_at=timezone.now())
    test = make_run(oak)
    make_rows(final, held)
    make_rows(test, held, held)

    waiting = client.get("/").context["waiting"]

    assert [w.count for w in waiting] == [2, 1]


@pytest.mark.parametrize("newer", ["test", "sync"])
def test_a_change_held_by_a_sync_and_by_a_test_waits_once(oak, client, newer):
    kinds = ("sync", "test") if newer == "test" else ("test", "sync")
    oak.first_final_at = timezone.now()
    oak.save()
    runs = {
        kind: make_run(oak, kind, applied_at=timezone.now() if kind == "sync" else None)
        for kind in kinds
    }
    held = {"state": "held", "held_reason": "brake", "outcome": "inactive"}
    make_rows(runs["sync"], {**held, "change_key": "a"}, {**held, "change_key": "b"})
    make_rows(runs["test"], {**held, "change_key": "a"}, {**held, "change_key": "c"})

    answer = client.get("/")

    waiting = {w.url: w.count for w in answer.context["waiting"]}
    assert sum(waiting.values()) == 3
    assert waiting[f"/runs/{runs[newer].pk}/?state=held"] == 2


def test_once_launched_it_still_names_what_waits(oak, client):
    oak.first_final_at = oak.launched_at = timezone.now()
    oak.save()
    CleverSchool.objects.create(district=oak, clever_id="v", name="Virtual Academy")
    FieldDrift.objects.create(
        account=StaffAccount.objects.create(district=oak, last_name="Lee"),
        field="email",
        clever_value="x",
    )

    following = client.get("/").context["standing"].next

    assert following.is_yours
    assert "1 unmatched school and 1 drifting account wait for you" in following.text


def test_freshness_says_how_much_later_naviance_had_it(oak, client):
    synced = timezone.now() - timedelta(hours=2)
    oak.clever_last_sync = synced
    oak.save()
    make_run(
        oak,
        "sync",
        pulled_at=synced + timedelta(minutes=3),
        applied_at=synced + timedelta(minutes=7),
        finished_at=synced + timedelta(minutes=8),
    )

    page = client.get("/").content.decode()

    assert "Up to date" in page
    assert "7 minutes later" in page


def test_freshness_is_behind_when_a_sync_takes_longer_than_promised(oak, client):
    oak.clever_last_sync = timezone.now() - timedelta(hours=7)
    oak.save()
    earlier = timezone.now() - timedelta(hours=9)
    make_run(oak, "sync", applied_at=earlier, pulled_at=earlier, finished_at=earlier)

    page = client.get("/").content.decode()

    assert "Behind" in page
    assert "The manual promises it within 4 to 6 hours." in page


@pytest.mark.parametrize(
    ("days", "words"),
    [(6, "days left"), (1, "day left"), (0, "today"), (-1, "Launch date passed")],
)
def test_the_launch_is_counted_down(oak, client, days, words):
    oak.time_zone = "UTC"
    oak.launch_date = timezone.now().date() + timedelta(days=days)
    oak.save()

    page = client.get("/")

    assert page.context["countdown"].left == days
    assert words in page.content.decode()


def test_it_costs_the_same_queries_however_much_there_is(
    oak, client, django_assert_num_queries
):
    make_settings(oak)
    for _ in range(3):
        run = make_run(oak)
        make_rows(run, {"state": "held", "held_reason": "brake"}, {}, {})
    for number in range(20):
        CleverSchool.objects.create(district=oak, clever_id=str(number), name="A")

    # Session, user, account; newest test and applied run; what the gate of a
    # final reads (8); held rows, schools (3), settings, runs under way and last ones;
    # imported schools, new titles (2), drift, the newest sync, the trend (2).
    with django_assert_num_queries(29):
        client.get("/")


def test_it_offers_a_sync_now_or_says_why_it_waits(oak, client):
    waits = client.get("/").text
    oak.first_final_at = timezone.now()
    oak.save()
    offered = client.get("/").text

    assert "Sync now waits: A sync keeps in step what a final import" in waits
    assert "/runs/sync-now/" not in waits
    assert "/runs/sync-now/" in offered
