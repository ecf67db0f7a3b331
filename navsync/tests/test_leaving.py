"""Leaving, in all of the apps at once: pages, mails, runs, support's actions."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, Right, User
from navsync import tasks
from navsync.leaving.export import make_export
from navsync.leaving.verbs import disconnect
from schools.audit import Actor
from schools.leaving import deletion_day
from schools.models import District
from schools.services import wishes
from schools.support_actions import find_action
from schools.support_pages import action_address
from staffimport import runs
from staffimport.models import DistrictExport, ImportRun
from tests.cast import make_admin, make_district, make_run, signed_in

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ortiz", address="10.0.0.9")
WHY = "They go on without us"
RIGHTS = (Right.MANAGE_DATA_IMPORT, Right.MANAGE_STAFF)


@pytest.fixture
def oak(sent):
    now = timezone.now()
    return make_district("oak", first_final_at=now, launched_at=now)


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak, rights=RIGHTS))


@pytest.fixture
def leaving_one(oak, client):
    disconnect(oak, SAM, WHY)
    return oak


@pytest.fixture
def support(settings):
    settings.SUPPORT_MFA_REQUIRED = False
    return signed_in(User.objects.create_superuser("sam@navsync.example", "secret"))


def address_of(name, district):
    action = find_action(name)
    assert action is not None
    return action_address(action, [district])


def text_of(answer):
    return answer.content.decode()


# What ends at once


def test_runs_that_wait_or_run_are_cancelled(oak):
    running = make_run(oak, state="running")
    waiting = make_run(oak, "sync", state="queued")
    done = make_run(oak, state="succeeded")

    disconnect(oak, SAM, WHY)

    states = dict(ImportRun.objects.values_list("pk", "state"))
    assert states == {
        running.pk: "cancelled",
        waiting.pk: "cancelled",
        done.pk: "succeeded",
    }
    assert oak.audit_entries.filter(verb="cancelled").count() == 2


def test_no_sync_and_no_check_starts_any_more(leaving_one):
    assert not runs.districts_to_sync().exists()
    assert not runs.districts_to_check().exists()


def test_admins_are_told_what_happens_when(oak, client, settings):
    settings.RETENTION_DAYS = 90

    disconnect(oak, SAM, WHY)

    mail = Mail.objects.get()
    assert mail.to == "dana@oak.example"
    assert mail.subject == "Oak Unified is disconnected from Clever"
    for body in (mail.text, mail.html):
        assert WHY in body
        assert "download your data" in body


def test_a_disconnection_that_is_refused_does_nothing(leaving_one, sent):
    mails = Mail.objects.count()

    with pytest.raises(Exception, match="disconnected already"):
        disconnect(leaving_one, SAM, WHY)

    assert Mail.objects.count() == mails


# The console


def test_the_page_says_what_happens_when(leaving_one, client):
    page = text_of(client.get("/leaving/"))

    assert "Oak Unified is disconnected" in page
    assert f"by Sam Ortiz: {WHY}" in page
    assert "Whoever has a Naviance ID with a password keeps signing in" in page
    assert "Your data is being written to a file." in page


@pytest.mark.parametrize(
    "name", ["home", "launch", "staffimport:staff", "schools:match_schools"]
)
def test_every_page_can_be_looked_at_and_says_so(leaving_one, client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert "You can look at everything and change nothing." in text_of(answer)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("launch", []),
        ("leaving", []),
        ("resume_sync", []),
        ("staffimport:settings", []),
        ("schools:match_schools", []),
        ("staffimport:staff_add", []),
    ],
)
def test_nothing_can_be_changed(leaving_one, client, name, args):
    before = leaving_one.audit_entries.count()

    answer = client.post(reverse(name, args=args), {"why": "Testing"})

    assert answer.status_code == 403
    assert "Nothing is changed any more" in text_of(answer)
    assert leaving_one.audit_entries.count() == before


def test_where_htmx_asked_the_page_as_a_whole_goes_to_what_happens(leaving_one, client):
    answer = client.post(reverse("launch"), headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == reverse("leaving")


def test_other_districts_go_on(leaving_one):
    elm = make_district("elm")

    answer = signed_in(make_admin(elm)).post("/leaving/", {"why": "We close"})

    assert answer.status_code == 302


# Asking for it


def test_the_district_asks_to_leave_and_support_hears_of_it(oak, client):
    answer = client.post("/leaving/", {"why": "We close in June"}, follow=True)

    entry, mail = oak.audit_entries.get(), Mail.objects.get()
    assert (entry.verb, entry.note) == ("asked to be disconnected", "We close in June")
    assert (entry.actor_name, entry.address) == ("Dana Whitfield", "127.0.0.1")
    assert mail.to == "support@navsync.example"
    assert mail.subject == "Oak Unified asks to be disconnected"
    assert "We close in June" in mail.html
    assert "Naviance Support has not disconnected your district yet." in text_of(answer)
    assert District.objects.get(pk=oak.pk).disconnected_at is None


def test_the_district_reads_beside_the_form_why_it_is_not_disconnected(oak, client):
    client.post("/leaving/", {"why": "We close in June"})
    wishes.decline_wish(oak, wishes.TO_LEAVE, SAM, "Let us <talk> first")

    page = text_of(client.get("/leaving/"))

    assert ":</strong> Let us &lt;talk&gt; first" in page
    assert "Naviance Support declined your wish to be disconnected on " in page


def test_the_district_takes_back_that_it_asked_to_leave(oak, client):
    client.post("/leaving/", {"why": "We close in June"})

    answer = client.post("/leaving/wish/", follow=True)

    assert "Your wish to be disconnected is taken back." in text_of(answer)
    assert wishes.open_wish(oak, wishes.TO_LEAVE) is None


def test_a_wish_to_leave_that_is_sent_twice_is_made_once(oak, client):
    client.post("/leaving/", {"why": "We close in June"})

    again = client.post("/leaving/", {"why": "Clicked again"}, follow=True)

    assert "You have asked for that already, on " in text_of(again)
    assert oak.audit_entries.count() == 1
    assert Mail.objects.count() == 1


def test_whoever_asks_says_why(oak, client):
    answer = client.post("/leaving/", {"why": " "})

    assert "Say why, so that Support can act on it." in text_of(answer)
    assert not oak.audit_entries.exists()


# Support


def test_support_disconnects_with_a_reason(oak, support):
    answer = support.post(address_of("disconnect", oak), {"why": WHY}, follow=True)

    oak.refresh_from_db()
    day = deletion_day(oak)
    assert day is not None
    told = f"It is deleted on {day:%B} {day.day}, {day.year}."
    assert f"Oak Unified is disconnected. {told}" in text_of(answer)
    assert oak.disconnected_at is not None
    entry = oak.audit_entries.get(verb="disconnected district")
    assert (entry.actor_name, entry.address) == ("sam@navsync.example", "127.0.0.1")


@pytest.mark.parametrize("is_imported", [True, False])
def test_support_takes_a_district_back(leaving_one, support, monkeypatch, is_imported):
    if not is_imported:
        District.objects.update(first_final_at=None, launched_at=None)
    monkeypatch.setattr(
        "schools.services.leaving.check_token", lambda _token, _id: type("D", (), {
            "state": "running", "last_sync": None,
        })
    )  # fmt: skip

    answer = support.post(
        address_of("reconnect", leaving_one),
        {"why": "They are back", "token": "n" * 40},
        follow=True,
    )

    assert "Oak Unified is connected again." in text_of(answer)
    waits = "Its periodic sync waits to be resumed."
    assert (waits in text_of(answer)) is is_imported
    assert "n" * 40 not in text_of(answer)
    leaving_one.refresh_from_db()
    assert leaving_one.clever_token == "n" * 40
    assert not DistrictExport.objects.exists()


def test_the_form_of_the_admin_gives_no_token_to_who_left(leaving_one, support):
    page = f"/admin/schools/district/{leaving_one.pk}/change/"

    answer = support.post(
        page,
        {"slug": "oak", "name": "Oak", "time_zone": "UTC", "new_clever_token": "x"},
    )

    leaving_one.refresh_from_db()
    assert answer.status_code == 403
    assert (leaving_one.name, leaving_one.clever_token) == ("Oak Unified", "")


# The data


def test_the_admin_downloads_the_data_and_the_trail_says_so(leaving_one, client):
    make_export(leaving_one.export.pk)

    page = client.get("/leaving/")
    answer = client.get("/leaving/data.zip")

    assert "Download your data" in text_of(page)
    assert answer.headers["Content-Type"] == "application/zip"
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"PK")
    assert answer.headers["Content-Length"] == str(len(body))
    entry = leaving_one.audit_entries.first()
    assert (entry.verb, entry.actor_name) == ("downloaded data", "Dana Whitfield")


def test_data_that_is_not_written_yet_is_not_there(leaving_one, client):
    assert client.get("/leaving/data.zip").status_code == 404


def test_another_districts_data_is_not_there(leaving_one):
    make_export(leaving_one.export.pk)
    elm = signed_in(make_admin(make_district("elm")))

    assert elm.get("/leaving/data.zip").status_code == 404
    page = reverse("admin:schools_district_export", args=[leaving_one.pk])
    assert elm.get(page).status_code == 302  # to the sign-in of support


def test_support_downloads_it_from_the_districts_page(leaving_one, support):
    make_export(leaving_one.export.pk)
    page = support.get(f"/admin/schools/district/{leaving_one.pk}/change/")
    address = reverse("admin:schools_district_export", args=[leaving_one.pk])

    answer = support.get(address)

    assert address in text_of(page)
    assert b"".join(answer.streaming_content).startswith(b"PK")
    entry = leaving_one.audit_entries.first()
    assert (entry.verb, entry.actor_name) == ("downloaded data", "sam@navsync.example")


def test_support_without_the_right_does_not(leaving_one, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    make_export(leaving_one.export.pk)
    user = User.objects.create_user("ann@navsync.example", "secret", is_staff=True)

    answer = signed_in(user).get(
        reverse("admin:schools_district_export", args=[leaving_one.pk])
    )

    assert answer.status_code == 404


def test_support_without_a_second_factor_is_sent_to_set_one_up(
    leaving_one, support, settings
):
    settings.SUPPORT_MFA_REQUIRED = True
    make_export(leaving_one.export.pk)

    answer = support.get(
        reverse("admin:schools_district_export", args=[leaving_one.pk])
    )

    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))


def test_a_worker_is_asked_and_the_schedule_makes_up_for_a_lost_message(
    oak, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        disconnect(oak, SAM, WHY)

    assert ("make_export", oak.export.pk) in sent()
    tasks.make_missing_exports()
    oak.export.refresh_from_db()
    assert oak.export.made_at is not None
