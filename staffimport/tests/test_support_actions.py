"""Support starts tests and syncs of a district, each for a reason."""

import pytest
from django.utils import timezone

from accounts.models import User
from schools.models import District
from schools.support_actions import find_action
from schools.support_pages import action_address
from staffimport.models import ImportRun
from tests.cast import make_district, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak(db):
    return make_district("oak", first_final_at=timezone.now())


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("sam@navsync.example", "secret-password")
    client.force_login(user)
    return client


def press(support, name, *districts):
    """Send an action's form; return what the page after it says."""
    action = find_action(name)
    assert action is not None
    answer = support.post(
        action_address(action, districts),
        {"why": "Their Clever is mended"},
        follow=True,
    )
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "kind"), [("start-test", "test"), ("start-sync", "sync")]
)
def test_a_run_is_queued_and_sent_to_a_worker(
    support, oak, sent, django_capture_on_commit_callbacks, name, kind
):
    with django_capture_on_commit_callbacks(execute=True):
        said = press(support, name, oak)

    run = oak.import_runs.get()
    entry = oak.audit_entries.get()
    assert (run.kind, run.state) == (kind, ImportRun.State.QUEUED)
    assert run.requested_by_name == "sam@navsync.example"
    assert f"{run} of Oak Unified is queued" in said
    assert (entry.verb, entry.note) == ("started", "Their Clever is mended")
    assert sent() == [("carry_out", run.pk)]


def test_a_run_that_is_going_is_not_started_again(support, oak):
    run = make_run(oak, "test", "running")

    said = press(support, "start-test", oak)

    assert f"{run} of Oak Unified is in progress already." in said
    assert oak.import_runs.count() == 1
    assert not oak.audit_entries.exists()


@pytest.mark.parametrize(
    ("name", "facts", "why"),
    [
        (
            "start-sync",
            {"paused_at": timezone.now()},
            "Oak Unified is paused. Resume it first.",
        ),
        (
            "start-sync",
            {"first_final_at": None},
            "No final import has run in Oak Unified, so",
        ),
        ("start-test", {"clever_token": ""}, "has no access token for Clever"),
        ("start-test", {"disconnected_at": timezone.now()}, "was disconnected"),
    ],
)
def test_where_no_run_can_start_the_page_says_why(support, oak, name, facts, why):
    for field, value in facts.items():
        setattr(oak, field, value)
    oak.save()

    said = press(support, name, oak)

    assert why in said
    assert "Contact Naviance Support" not in said
    assert said.count(why) == 1
    assert "Their Clever is mended" in said
    assert not ImportRun.objects.exists()


def test_of_several_districts_those_that_can_start(support, oak):
    elm = make_district("elm", paused_at=timezone.now(), first_final_at=timezone.now())

    said = press(support, "start-sync", oak, elm)

    assert "Sync" in said
    assert "Elm Unified is paused" in said
    assert list(District.objects.exclude(import_runs=None)) == [oak]
