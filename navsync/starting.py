"""Starts programs: where what is around them is at fault, they end with a sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connections

from navsync.environment import MisconfiguredError
from schools.database import DatabaseUnusableError, check_database, database_fault

FAILED = 1


@contextmanager
def ending_in_a_sentence(code: int = FAILED) -> Iterator[None]:
    """End the program where settings or the database are at fault, without a traceback.

    The sentence goes to standard error, `code` is the exit code.
    """
    try:
        yield
    except (MisconfiguredError, DatabaseUnusableError) as error:
        _end(error, code)
    except OperationalError as error:
        fault = database_fault(error)
        if fault is None:
            raise
        _end(fault, code)


def check_before_serving() -> None:
    """Raise DatabaseUnusableError if the database can't be used; keep no connection.

    For programs that fork: a connection must not be shared by processes.
    """
    try:
        check_database()
    finally:
        connections.close_all()


def _end(error: Exception, code: int) -> None:
    sys.stderr.write(f"{error}\n")
    sys.exit(code)
