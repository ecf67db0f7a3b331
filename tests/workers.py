"""A real Celery worker in a process of its own, and a database to share with it."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from navsync.celery import app as celery_app

PATIENCE = 60.0  # seconds: a worker starts slowly on a busy machine


@contextmanager
def shared_database(folder: Path) -> Iterator[str]:
    """Give the address under which other processes reach the tests' database.

    SQLite's lies in memory, so for as long as the block lasts a copy in a file takes
    its place, in each of this process's threads.
    """
    if connection.vendor == "postgresql":
        yield _postgres_url(str(connection.settings_dict["NAME"]))
        return
    path = folder / "navsync.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    original = connections["default"]
    in_file = {**original.settings_dict, "NAME": str(path)}
    with patch.dict(connections.settings, {"default": in_file}):
        connections["default"] = type(original)(in_file, "default")
        try:
            yield f"sqlite:///{path}"
        finally:
            connections["default"].close()
            connections["default"] = original


def _postgres_url(name: str) -> str:
    """Return the server's own address, which may name a socket, with this database."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def use_broker(
    monkeypatch: pytest.MonkeyPatch, url: str, options: dict[str, str]
) -> None:
    """Send this process's messages to another broker until the test ends."""
    for name in ("CELERY_BROKER_URL", "CELERY_BROKER_WRITE_URL"):
        monkeypatch.delenv(name, raising=False)  # Celery heeds these before settings
    celery_app.conf.get("broker_url")  # has the settings read, or they would win later
    changes = celery_app.conf.changes or {}
    monkeypatch.setitem(changes, "broker_url", url)
    monkeypatch.setitem(changes, "broker_transport_options", options)
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)


def folder_broker(folder: Path) -> tuple[str, dict[str, str]]:
    """Return the address and the options of a broker that is a folder."""
    return "filesystem://", {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "bindings"),
    }


class Worker:
    """A worker for both queues, with one process that works; a context manager."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Worker":
        """Start it; it takes messages as soon as it is ready."""
        options = "-Q imports,default --concurrency 1 --without-gossip --without-mingle"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "navsync", "worker"),
                    *("-n", "tests@navsync", *options.split(), "--without-heartbeat"),
                ],
                env={**os.environ, **self._environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Stop it, after the task it works on; at once if the test has failed."""
        if self._process is not None and kind is None:
            self._process.terminate()
            self._process.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End it and its children at once, as a crash or a power cut would."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def until(self, happened: Callable[[], bool], every: float = 0.05) -> None:
        """Wait for something; AssertionError, with the log, if it never comes."""
        end = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                raise AssertionError(self.log.read_text()[-5000:])
            time.sleep(every)
