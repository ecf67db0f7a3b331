"""The demo's processes: started, waited for, and all stopped again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

PORTS_TO_TRY = 20
STOP_SECONDS = 15.0


class DemoFailedError(Exception):
    """The demo can't go on; the message is a sentence that says why and what to do."""


def free_port(wanted: int) -> int:
    """Return `wanted`, or the next free port on loopback.

    Raises DemoFailedError when twenty in a row are taken.
    """
    for port in range(wanted, wanted + PORTS_TO_TRY):
        with socket.socket() as probe:
            # As a web server binds it: a port just left counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    msg = (
        f"The ports {wanted} to {wanted + PORTS_TO_TRY - 1} are all taken. Stop what "
        "runs there, or name another one: make demo PORT=9000"
    )
    raise DemoFailedError(msg)


class Processes:
    """The demo's children, each in a process group of its own.

    A context manager: at its end every group is stopped, so that nothing stays.
    """

    def __init__(self, log_folder: Path) -> None:
        """Take the folder for the children's output; it is made if need be."""
        log_folder.mkdir(parents=True, exist_ok=True)
        self._log_folder = log_folder
        self._running: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Processes":
        """Return itself; nothing runs yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all, the youngest first."""
        for child in reversed(self._running):
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._running:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(deadline - time.monotonic(), 0.1))
            # Whoever is left of the group, such as a worker's own children.
            _signal(child, signal.SIGKILL)
            child.wait()
            if child.stdout is not None:
                child.stdout.close()

    def start(
        self, name: str, arguments: list[str], environment: Mapping[str, str]
    ) -> None:
        """Start a Python module with its arguments; its output goes to NAME.log."""
        with self.log(name).open("w", encoding="utf-8") as log:
            self._start(arguments, environment, log.fileno(), log.fileno())

    def start_and_read(
        self, name: str, arguments: list[str], environment: Mapping[str, str]
    ) -> dict[str, str]:
        """Start a module that prints one JSON line when it is ready; return that.

        Raises DemoFailedError when it ends without one.
        """
        with self.log(name).open("w", encoding="utf-8") as log:
            child = self._start(arguments, environment, subprocess.PIPE, log.fileno())
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            msg = f"{name} did not start; its messages are in {self.log(name)}."
            raise DemoFailedError(msg)
        answer: dict[str, str] = json.loads(line)
        return answer

    def wait_until(
        self, what: str, is_ready: Callable[[], bool], seconds: float
    ) -> None:
        """Wait for `is_ready`; raises DemoFailedError after `seconds` or a death."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                msg = (
                    f"Waited {seconds:.0f} seconds for {what} in vain; the messages "
                    f"are in {self._log_folder}."
                )
                raise DemoFailedError(msg)
            time.sleep(0.1)

    def check(self) -> None:
        """Raise DemoFailedError if one of the processes has ended by itself."""
        for child in self._running:
            if child.poll() is not None:
                msg = (
                    "A process of the demo ended by itself; its messages are in "
                    f"{self._log_folder}."
                )
                raise DemoFailedError(msg)

    def log(self, name: str) -> Path:
        """Return the file a child's output goes to."""
        return self._log_folder / f"{name}.log"

    def _start(
        self,
        arguments: list[str],
        environment: Mapping[str, str],
        stdout: int,
        stderr: int,
    ) -> subprocess.Popen[str]:
        child = subprocess.Popen(  # noqa: S603 — our own modules
            [sys.executable, "-m", *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            text=True,
            # Ctrl-C is for the demo, which stops them in order.
            start_new_session=True,
        )
        self._running.append(child)
        return child


def _signal(child: subprocess.Popen[str], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
