from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder

from schools.database import DatabaseUnusableError, check_database, database_fault


@contextmanager
def another(**settings):
    """Put another database in the tests' place."""
    original = connections["default"]
    connections["default"] = type(original)(
        {**original.settings_dict, **settings}, "default"
    )
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = original


def test_the_tests_database_can_be_worked_on(db):
    check_database()


def test_a_database_that_lacks_a_migration_says_how_to_get_it(db):
    MigrationRecorder(connection).record_unapplied("schools", "0001_initial")
    newest = MigrationRecorder.Migration.objects.filter(app="schools").latest("pk")
    newest.delete()

    with pytest.raises(CommandError) as refusal:
        call_command("load_schools", "maple", "schools.csv")

    sentence = str(refusal.value)
    assert (
        f"is not up to date: it lacks the migration schools.{newest.name}" in sentence
    )
    assert sentence.endswith("Run this first: python manage.py migrate")
    assert "(DATABASE_URL)" in sentence


def test_a_run_is_not_looked_for_in_a_database_that_lacks_migrations(db):
    MigrationRecorder.Migration.objects.all().delete()

    with pytest.raises(CommandError, match="is not up to date: it lacks the migration"):
        call_command("import_results", "1")


def test_a_database_that_is_not_there_is_named_without_its_password(db):
    nowhere = {"NAME": "/no/such/folder/x.sqlite3"}
    if connection.vendor == "postgresql":
        nowhere = {"HOST": "127.0.0.1", "PORT": "1", "USER": "u", "PASSWORD": "secret"}

    with another(**nowhere), pytest.raises(DatabaseUnusableError) as refusal:
        check_database()

    sentence = refusal.value.user_message
    assert "(DATABASE_URL) can't be used: " in sentence
    assert sentence.count("\n") == 0
    assert "secret" not in sentence


@pytest.mark.parametrize(
    "said",
    ["database is locked", "attempt to write a readonly database", "disk I/O error"],
)
def test_a_database_that_fails_half_way_is_no_fault_of_ours(db, said):
    fault = database_fault(OperationalError(said))

    assert fault is not None
    assert said in fault.user_message


def test_a_bug_is_no_fault_of_the_database(db):
    assert database_fault(DataError("value too long")) is None
    if connection.vendor == "sqlite":
        assert database_fault(OperationalError("no such column: x")) is None
