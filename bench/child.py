"""One measured thing in a process of its own: `python -m bench.child NAME ARGUMENT…`.

Prints what it found as one JSON line. The peak of memory is that of the whole process,
so nothing else may have run in it.
"""

import importlib
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

# A name on the command line is the module of that name, and its `main`.
NAMES = (
    *("stage", "floor", "ours", "pages"),
    *("import_export", "diff_sync", "waiting"),
)


class BenchFailedError(Exception):
    """The benchmark can't go on; the message says why."""


class Measured(msgspec.Struct):
    """What one child found.

    `seconds` and `cpu` (the child's own, user and system) are those of the measured
    part, `peak_mb` is the most memory of the whole process. `parts` are seconds or
    counts by name.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    peak_mb: float = 0.0
    parts: dict[str, float] = {}

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Add the time that the block takes."""
        start, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - start
        self.cpu += time.process_time() - cpu


def command(name: str, *arguments: str) -> list[str]:
    """Return the command line of a child."""
    return [sys.executable, "-m", "bench.child", name, *arguments]


def run(name: str, *arguments: str, environment: Mapping[str, str]) -> Measured:
    """Run a child to its end and return what it found; raises BenchFailedError."""
    done = subprocess.run(  # noqa: S603 — our own module
        command(name, *arguments),
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = f"{name} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}"
        raise BenchFailedError(msg)
    return read(done.stdout)


def read(output: str) -> Measured:
    """Return what a child printed."""
    return msgspec.json.decode(output.splitlines()[-1], type=Measured)


def main(arguments: Sequence[str]) -> None:
    """Do one thing and print what was found."""
    name, *rest = arguments
    if name not in NAMES:
        msg = f"{name} is none of {', '.join(NAMES)}."
        raise BenchFailedError(msg)
    import django  # noqa: PLC0415 — the parent imports this module and needs no Django

    django.setup()
    found: Measured = importlib.import_module(f"bench.{name}").main(*rest)
    found.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
