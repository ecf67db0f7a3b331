from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from staffimport.models import ImportRun, RunProgress
from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def run_url(run):
    return reverse("staffimport:run", args=[run.pk])


def test_a_running_run_shows_step_done_rate_and_time_left(oak, client):
    run = make_run(oak, state="running")
    RunProgress.objects.create(
        run=run,
        step="pull",
        step_started_at=timezone.now() - timedelta(seconds=1000),
        done=1400,
        total=2400,
        parts=[["Schools", 16, 16], ["Sections", 1384, 2384]],
    )

    page = client.get(run_url(run)).content.decode()

    for words in (
        "Step 1 of 4: Pull from Clever",
        "1,400 of 2,400",
        "58 %",
        "a second",
        "about 12 minutes",
        "1,384 of 2,384",
        "Check Test Import Progress",
        "Cancel this test",
        "In Progress",
    ):
        assert words in page


def test_a_run_that_waits_for_clever_says_so_until_it_is_asked_again(oak, client):
    run = make_run(oak, state="running")
    until = timezone.now() + timedelta(seconds=42)
    RunProgress.objects.create(run=run, step="pull", resumes_at=until)
    url = reverse("staffimport:progress", args=[run.pk])
    sentence = "Clever can’t answer just now; it is asked again in about 40 seconds."

    waits = client.get(url).content.decode()
    RunProgress.objects.update(resumes_at=timezone.now())
    goes_on = client.get(url).content.decode()

    assert sentence in waits
    assert "Clever can’t answer" not in goes_on


def test_a_queued_run_says_that_it_waits(oak, client):
    run = make_run(oak, "final", "queued", started_at=None)

    page = client.get(run_url(run)).content.decode()

    assert "Waits for its turn" in page
    assert "Check Final Import Progress" in page


@pytest.mark.parametrize(("seconds", "is_told"), [(30, False), (90, True)])
def test_a_run_that_no_worker_takes_up_says_what_to_do(oak, client, seconds, is_told):
    asked = timezone.now() - timedelta(seconds=seconds)
    run = make_run(oak, "final", "queued", started_at=None, requested_at=asked)

    page = client.get(run_url(run)).content.decode()

    assert ("for a free worker, and then begins by itself" in page) == is_told


def test_progress_is_polled_with_few_queries(oak, client, django_assert_num_queries):
    run = make_run(oak, state="running")
    RunProgress.objects.create(run=run, step="match", done=1, total=2)
    url = reverse("staffimport:progress", args=[run.pk])

    with django_assert_num_queries(5):  # session, user, account, rights, run
        same_step = client.get(f"{url}?step=match").content.decode()
    next_step = client.get(f"{url}?step=place").content.decode()

    assert "Step 3 of 4" in same_step
    assert ("hx-swap-oob" in same_step, "hx-swap-oob" in next_step) == (False, True)


def test_the_page_reloads_when_the_run_has_ended(oak, client):
    run = make_run(oak)

    answer = client.get(reverse("staffimport:progress", args=[run.pk]))

    assert answer.headers["HX-Refresh"] == "true"


def test_a_failed_run_says_why_and_offers_another_test(oak, client):
    run = make_run(oak, state="failed", error="Clever refused our token (401).")

    page = client.get(run_url(run)).content.decode()

    assert "Clever refused our token (401)." in page
    assert "failed and wrote nothing" in page
    assert "Run the test again" in page


def test_start_test_queues_one_run_however_often_it_is_clicked(oak, client, sent):
    url = reverse("staffimport:start_test")

    first = client.post(url)
    second = client.post(url)

    run = oak.import_runs.get()
    assert (run.kind, run.requested_by_name) == ("test", "Dana Whitfield")
    assert first.url == second.url == run_url(run)


def test_a_refused_test_says_why_at_home(oak, client):
    oak.clever_token = ""
    oak.save()

    page = client.post(reverse("staffimport:start_test"), follow=True)

    assert "has no access token for Clever" in page.content.decode()
    assert not oak.import_runs.exists()


def test_cancel_ends_a_queued_run(oak, client, sent):
    run = make_run(oak, state="queued", started_at=None)

    page = client.post(reverse("staffimport:cancel", args=[run.pk]), follow=True)

    run.refresh_from_db()
    assert run.state == ImportRun.State.CANCELLED
    assert "was cancelled" in page.content.decode()
    assert oak.audit_entries.get().actor_name == "Dana Whitfield"


def test_cancel_of_an_applied_final_says_that_it_is_too_late(oak, client):
    run = make_run(oak, "final", applied_at=timezone.now())

    page = client.post(reverse("staffimport:cancel", args=[run.pk]), follow=True)

    run.refresh_from_db()
    assert run.state == ImportRun.State.SUCCEEDED
    assert "applied already" in page.content.decode()


class TestStartImport:
    url = "/runs/start-import/"

    def test_the_warning_says_what_happens(self, oak, client):
        test = make_run(oak)
        make_rows(
            test,
            {"outcome": "inactive", "state": "held", "held_reason": "brake"},
            {"outcome": "conflict"},
            {"outcome": "created", "writes": True},
            {"outcome": "created", "writes": True},
            {"writes": True, "reason_code": "changes"},
            {"writes": True},
        )

        answer = client.get(self.url, headers={"HX-Request": "true"})

        effects = answer.context["effects"]
        page = answer.content.decode()
        assert (effects.created, effects.updated, effects.unchanged) == (2, 1, 1)
        assert (effects.held, effects.conflicts, effects.braked_count) == (1, 1, 1)
        assert page.startswith("<dialog")
        assert "Yes, permanently import staff records" in page
        assert "Also make inactive the 1 account the brake holds" in page

    def test_the_same_form_is_a_page_without_the_script(self, oak, client):
        make_rows(make_run(oak), {})

        page = client.get(self.url).content.decode()

        assert "<dialog" not in page
        assert "Yes, permanently import staff records" in page

    def test_without_the_tick_nothing_starts(self, oak, client):
        make_rows(make_run(oak), {})

        page = client.post(self.url)

        assert "Tick “Yes, permanently" in page.content.decode()
        assert not oak.import_runs.filter(kind="final").exists()

    @pytest.mark.parametrize("include_held", [True, False])
    def test_with_the_tick_a_final_follows_the_test(
        self, oak, client, sent, include_held
    ):
        test = make_run(oak)
        make_rows(test, {})
        ticks = {
            "permanently": "on",
            **({"include_held": "on"} if include_held else {}),
        }

        answer = client.post(self.url, ticks)

        final = oak.import_runs.get(kind="final")
        assert (final.base_run, final.include_held) == (test, include_held)
        assert answer.url == run_url(final)

    def test_an_old_test_is_refused_with_its_time(self, oak, client):
        old = timezone.now() - timedelta(hours=49)
        test = make_run(oak, pulled_at=old)
        make_rows(test, {})

        page = client.get(run_url(test)).content.decode()
        answer = client.post(self.url, {"permanently": "on"}, follow=True)

        assert "This test is older than 48 hours" in page
        assert "Start Import waits" in page
        assert "This test is older than 48 hours" in answer.content.decode()
        assert not oak.import_runs.filter(kind="final").exists()

    def test_a_refusal_in_the_dialog_leads_home(self, oak, client):
        answer = client.get(self.url, headers={"HX-Request": "true"})

        assert answer.headers["HX-Redirect"] == "/"
