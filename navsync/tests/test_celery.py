import pytest
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import ModelEntry

from navsync.celery import app


@pytest.fixture
def periodic_tasks(db):
    """What beat copies into the database at its first start."""
    for name, entry in app.conf.beat_schedule.items():
        ModelEntry.from_entry(name, app=app, **entry)
    return {task.task: task for task in PeriodicTask.objects.all()}


def test_beat_starts_runs_launches_mails_and_what_cleans_up(periodic_tasks):
    assert set(periodic_tasks) == {
        "accounts.tasks.end_overdue_visits",
        "accounts.tasks.look_for_requests",
        "accounts.tasks.remind_of_launches",
        "accounts.tasks.send_waiting_mails",
        "accounts.tasks.sweep_invitations",
        "accounts.tasks.tell_of_launches",
        "navsync.tasks.delete_departed_districts",
        "navsync.tasks.make_missing_exports",
        "schools.tasks.launch_districts",
        "staffimport.tasks.check_new_districts",
        "staffimport.tasks.sync_due_districts",
        "staffimport.tasks.sweep_runs",
        "staffimport.tasks.clean_snapshots",
    }


def test_every_periodic_message_expires_so_none_pile_up(periodic_tasks):
    assert all(task.expire_seconds for task in periodic_tasks.values())


def test_the_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()

    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert planned <= set(app.tasks)


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("staffimport.tasks.sweep_runs", "default"),
        ("staffimport.tasks.sync_due_districts", "default"),
        ("staffimport.tasks.any_import", "imports"),
        ("accounts.tasks.send_mail", "default"),
        ("schools.tasks.launch_districts", "default"),
    ],
)
def test_imports_have_a_queue_of_their_own(task, queue):
    route = app.amqp.router.route({}, task)

    assert route["queue"].name == queue


def test_tasks_run_in_a_worker_never_in_the_web_request():
    assert app.conf.task_always_eager is False


def test_only_json_travels():
    assert (app.conf.task_serializer, app.conf.accept_content) == ("json", ["json"])
