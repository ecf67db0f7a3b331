"""What is measured on one database and size, round after round."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from msgspec import Struct

from bench.child import BenchFailedError, Measured, command, read, run
from bench.databases import Databases

# Whose parts are seconds by page, and what is added to a page's name for its first
# request.
PAGES = ("results pages", "comparison pages")
FIRST_TIME = ", first time"
RUNS = ("test", "final", "sync")
PEERS = {
    "import-export, dry run": ("import_export", "as-it-comes", "dry-run"),
    "import-export, dry run, tuned": ("import_export", "tuned", "dry-run"),
    "import-export, import": ("import_export", "as-it-comes", "import"),
    "import-export, import, tuned": ("import_export", "tuned", "import"),
    "diffsync": ("diff_sync",),
}
SLOW = "as-it-comes"  # minutes each, so only in the first round
Say = Callable[[str], None]


class Round(Struct):
    """What one round found, by name: "floor", a run, "final again", or a peer."""

    found: dict[str, Measured]


class Setting(Struct):
    """One database kind and size, with its rounds, and the longest wait on SQLite."""

    database: str
    people: int
    rounds: list[Round] = []
    longest_wait: Measured | None = None

    def median(self, name: str, read: Callable[[Measured], float]) -> float:
        """Return the median of what `read` takes from each measurement of the name."""
        return statistics.median(
            read(one.found[name]) for one in self.rounds if name in one.found
        )

    def has(self, name: str) -> bool:
        """Return whether something of the name was measured."""
        return any(name in one.found for one in self.rounds)

    def part(self, name: str, part: str) -> float:
        """Return the median of one of a measurement's parts."""
        return self.median(name, lambda found: found.parts[part])

    def parts(self, name: str) -> list[str]:
        """Return the names of a measurement's parts, in their order."""
        return list(self.rounds[0].found[name].parts)

    def seconds(self, name: str) -> float:
        """Return the median seconds of the rounds in which it was measured."""
        return self.median(name, lambda found: found.seconds)

    def ratio(self, name: str, floor: str = "floor") -> float:
        """Return the median of the rounds' ratios: noise hits both sides of one."""
        return statistics.median(
            one.found[name].seconds / one.found[floor].seconds for one in self.rounds
        )


@contextmanager
def serving(people: int) -> Iterator[dict[str, str]]:
    """Serve a roster by the stand-in for Clever, and give what it says of itself."""
    arguments = [sys.executable, "-m", "clever.standin", "--roster", f"large:{people}"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 — our own module
        try:
            line = server.stdout.readline() if server.stdout else ""
            if not line:
                raise BenchFailedError("The stand-in for Clever did not start.")
            yield json.loads(line)
        finally:
            server.terminate()


def environment(clever: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of production, pointed at the stand-in."""
    return {
        **os.environ,
        "DEBUG": "off",
        "DJANGO_SETTINGS_MODULE": "navsync.settings",
        "SECRET_KEY": Fernet.generate_key().decode() * 2,
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "SITE_URL": "https://navsync.example",
        "LOG_LEVEL": "WARNING",
        "CLEVER_API_URL": clever["url"],
    }


class Rounds:
    """Measures one size on one kind of database."""

    def __init__(
        self, made: Databases, setting: Setting, around: dict[str, str], say: Say
    ) -> None:
        """Take where databases are made, what to fill, the children's environment."""
        self._databases = made
        self._setting = setting
        self._environment = around
        self._say = say

    def load(self, folder: Path, clever: Mapping[str, str]) -> None:
        """Make the database that every round starts from."""
        url = self._databases.create("base")
        arguments = (str(folder), clever["district_id"], clever["token"])
        run("stage", *arguments, environment={**self._environment, "DATABASE_URL": url})

    def measure(self, *, with_peers: bool) -> None:
        """Measure one round."""
        one = Round({})
        self._setting.rounds.append(one)
        is_first = len(self._setting.rounds) == 1
        peers = {
            name: arguments
            for name, arguments in PEERS.items()
            if with_peers and (is_first or SLOW not in arguments)
        }
        with self._copy() as around:
            self._add(one, "test", around, "ours", "test")
            self._add(one, "floor", around, "floor")
            self._add(one, PAGES[0], around, "pages", "results")
            for name, arguments in peers.items():
                if arguments[-1] != "import":
                    self._add(one, name, around, *arguments)
            self._add(one, "final", around, "ours", "final")
            self._add(one, "sync", around, "ours", "sync")
            self._add(one, "test again", around, "ours", "test")
            self._add(one, "final again", around, "ours", "final")
            self._add(one, PAGES[1], around, "pages", "compare")
        for name, arguments in peers.items():
            if arguments[-1] == "import":
                with self._copy() as around:
                    run("ours", "test", environment=around)
                    self._add(one, name, around, *arguments)

    def measure_pages(self) -> None:
        """Measure the pages alone, of runs that nothing else is measured of."""
        one = Round({})
        self._setting.rounds.append(one)
        with self._copy() as around:
            run("ours", "test", environment=around)
            self._add(one, PAGES[0], around, "pages", "results")
            for kind in ("final", "test", "final"):
                run("ours", kind, environment=around)
            self._add(one, PAGES[1], around, "pages", "compare")

    def measure_wait(self) -> None:
        """Measure how long another process's write waits during a test and a final."""
        with self._copy() as around:
            writer = subprocess.Popen(  # noqa: S603 — our own module
                command("waiting"),
                env=around,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                for kind in RUNS:
                    run("ours", kind, environment=around)
            finally:
                output, _ = writer.communicate()
            self._setting.longest_wait = read(output)

    @contextmanager
    def _copy(self) -> Iterator[dict[str, str]]:
        url = self._databases.copy("base", "round")
        try:
            yield {**self._environment, "DATABASE_URL": url}
        finally:
            self._databases.drop("round")

    def _add(
        self, one: Round, name: str, around: dict[str, str], *arguments: str
    ) -> None:
        found = run(*arguments, environment=around)
        one.found[name] = found
        parts = ", ".join(f"{key} {value:g}" for key, value in found.parts.items())
        self._say(
            f"{self._setting.people:,} on {self._setting.database}, {name}: "
            f"{found.seconds:.2f} s, CPU {found.cpu:.2f} s, {found.peak_mb:.0f} MB "
            f"({parts})"
        )
