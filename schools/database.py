"""Says in a sentence when the database can't be worked on."""

from functools import cache

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# What SQLite says where the file or the disk is at fault, not a statement of ours.
_SQLITE_FAULTS = ("open", "locked", "readonly", "disk", "malformed", "not a database")


class DatabaseUnusableError(Exception):
    """The database can't be reached, written to, or lacks migrations.

    `user_message` names it as DATABASE_URL does, without a password, and the remedy.
    """

    def __init__(self, user_message: str) -> None:
        super().__init__(user_message)
        self.user_message = user_message


def check_database() -> None:
    """Raise DatabaseUnusableError if the database doesn't answer or isn't migrated."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except (DatabaseError, InterfaceError) as error:
        raise _unusable(error) from error
    lacking = sorted(_newest_migrations() - applied)
    if lacking:
        app, name = lacking[0]
        others = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        sentence = (
            f"{_named()} is not up to date: it lacks the migration {app}.{name}"
            f"{others}. Run this first: python manage.py migrate"
        )
        raise DatabaseUnusableError(sentence)


def database_fault(error: Exception) -> DatabaseUnusableError | None:
    """Return what to say of a database that failed half-way, None for a bug of ours."""
    if not isinstance(error, OperationalError):
        return None
    if connection.vendor == "sqlite" and not any(
        word in str(error) for word in _SQLITE_FAULTS
    ):
        return None
    return _unusable(error)


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """Return each app's last migration: all before it were applied with it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _unusable(error: Exception) -> DatabaseUnusableError:
    said = str(error).strip().partition("\n")[0]
    for introduction in ("failed: ", "FATAL:  "):
        said = said.rpartition(introduction)[2]
    remedy = (
        "Check that its folder is there, that you may write to it, and that "
        "DATABASE_URL names the file you mean."
        if connection.vendor == "sqlite"
        else "Check that its server runs, and that DATABASE_URL has the right host, "
        "database, user and password."
    )
    return DatabaseUnusableError(
        f"{_named()} can't be used: {said.rstrip('.')}. {remedy}"
    )


def _named() -> str:
    """Return the database as DATABASE_URL names it, without user and password."""
    given = connection.settings_dict
    name = str(given["NAME"])
    if connection.vendor == "sqlite":
        return f"The database {name} (DATABASE_URL)"
    host, port = given["HOST"] or "localhost", given["PORT"] or 5432
    return f"The database {name} on {host}:{port} (DATABASE_URL)"
