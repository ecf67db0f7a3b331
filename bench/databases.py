"""Databases to measure on: made once, copied for each round."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.sql import SQL, Identifier

from tests.postgres import postgres_url

POSTGRESQL = "postgresql"
SQLITE = "sqlite"


class Databases(Protocol):
    """A place for databases of one kind."""

    def create(self, name: str) -> str:
        """Make an empty database and return its DATABASE_URL."""

    def copy(self, source: str, name: str) -> str:
        """Make a copy of the database `source` and return its DATABASE_URL."""

    def drop(self, name: str) -> None:
        """Remove the database."""

    def version(self) -> str:
        """Return what serves it: "PostgreSQL 16.2"."""


class Sqlite:
    """SQLite files in a folder."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which exists."""
        self._folder = folder

    def create(self, name: str) -> str:
        """Return the address of a file that is made when it is first used."""
        return f"sqlite:///{self._path(name)}"

    def copy(self, source: str, name: str) -> str:
        """Copy the file."""
        shutil.copyfile(self._path(source), self._path(name))
        return self.create(name)

    def drop(self, name: str) -> None:
        """Remove the file and those beside it."""
        for path in self._folder.glob(f"{name}.sqlite3*"):
            path.unlink()

    def version(self) -> str:
        """Return SQLite's version."""
        return f"SQLite {sqlite3.sqlite_version}"

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


class Postgres:
    """Databases of one PostgreSQL server, by names of our own."""

    def __init__(self, url: str) -> None:
        """Take the address of any database of the server."""
        self._url = url

    def create(self, name: str) -> str:
        """Create an empty database."""
        self.drop(name)
        self._execute(SQL("CREATE DATABASE {}").format(_own(name)))
        return self._address(name)

    def copy(self, source: str, name: str) -> str:
        """Create a database from another as its template."""
        self.drop(name)
        self._execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(_own(name), _own(source))
        )
        return self._address(name)

    def drop(self, name: str) -> None:
        """Drop the database if it is there."""
        self._execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_own(name)))

    def version(self) -> str:
        """Return the server's version."""
        with closing(psycopg2.connect(self._url)) as connection:
            number = connection.server_version
        return f"PostgreSQL {number // 10000}.{number % 10000}"

    def _execute(self, statement: SQL) -> None:
        with closing(psycopg2.connect(self._url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def _address(self, name: str) -> str:
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{_own(name).string}"))


def _own(name: str) -> Identifier:
    return Identifier(f"navsync_bench_{os.getpid()}_{name}")


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Databases]:
    """Give databases of the kind, "postgresql" or "sqlite", for the block's time.

    PostgreSQL is the server of DATABASE_URL, else a throw-away one.
    """
    if kind == SQLITE:
        yield Sqlite(folder)
        return
    with postgres_url() as url:
        yield Postgres(url)
