from datetime import timedelta

import pytest
from django.utils import timezone

from schools.models import CleverSchool
from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def test_a_new_district_is_told_to_begin_a_test(client):
    page = client.get("/").content.decode()

    assert "Begin Test Import" in page
    assert "No test import yet" in page
    assert "Nothing waits for you" in page


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


def test_held_rows_of_a_test_wait_no_more_once_a_final_followed(oak, client):
    test = make_run(oak)
    make_rows(test, {"state": "held", "held_reason": "brake", "outcome": "inactive"})
    make_run(oak, "final", base_run=test, applied_at=timezone.now())

    assert client.get("/").context["waiting"] == []


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


def test_freshness_says_how_much_later_naviance_had_it(oak, client):
    synced = timezone.now() - timedelta(hours=2)
    oak.clever_last_sync = synced
    oak.save()
    make_run(
        oak,
        "sync",
        applied_at=synced,
        pulled_at=synced + timedelta(minutes=3),
        finished_at=synced + timedelta(minutes=7),
    )

    page = client.get("/").content.decode()

    assert "Up to date" in page
    assert "7 minutes later" in page


def test_freshness_is_behind_until_a_run_has_read_the_newest_sync(oak, client):
    oak.clever_last_sync = timezone.now()
    oak.save()
    earlier = timezone.now() - timedelta(hours=3)
    make_run(oak, "sync", applied_at=earlier, pulled_at=earlier, finished_at=earlier)

    assert "Behind" in client.get("/").content.decode()


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
    for _ in range(3):
        run = make_run(oak)
        make_rows(run, {"state": "held", "held_reason": "brake"}, {}, {})
    for number in range(20):
        CleverSchool.objects.create(district=oak, clever_id=str(number), name="A")

    # Session, user, account, rights; newest test and applied run; what the gate of a
    # final reads (9); held rows, schools (3), settings, runs under way and last ones.
    with django_assert_num_queries(21):
        client.get("/")


def test_it_offers_a_sync_now_or_says_why_it_waits(oak, client):
    waits = client.get("/").text
    oak.first_final_at = timezone.now()
    oak.save()
    offered = client.get("/").text

    assert "Sync now waits: A sync keeps in step what a final import" in waits
    assert "/runs/sync-now/" not in waits
    assert "/runs/sync-now/" in offered
