"""A Celery broker in a folder, for machines without Redis.

kombu's own file transport writes a message in place, so a reader can meet half of one
and lose it, and an empty file kills the worker. Here a message appears under its name
only when it is whole, and a worker takes it by a rename that only one can win.
"""

import fcntl
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

from kombu import Connection
from kombu.transport import filesystem, virtual
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Puts messages into a folder and takes them out, oldest first.

    Works on the transport options `data_folder_in`, `data_folder_out` (the same folder
    for a broker shared by all) and `control_folder`; missing folders are made.
    """

    def __init__(self, connection: filesystem.Transport, **options: object) -> None:
        super().__init__(connection, **options)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            _folder(folder)

    def _put(self, queue: str, payload: dict[str, object], **_: object) -> None:  # type: ignore[override]
        # Named by the wall clock, not the monotonic one, which restarts at boot.
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, object]:
        inbox = Path(self.data_folder_in)
        for path in sorted(inbox.iterdir()):
            if path.name.partition(".")[2] != f"{queue}.msg":
                continue
            claimed = _folder(inbox / "claimed") / path.name
            try:
                path.rename(claimed)
            except FileNotFoundError:
                continue  # another worker was faster
            payload = _message(claimed)
            if payload is not None:
                claimed.unlink()
                return payload
            claimed.rename(_folder(inbox / "broken") / path.name)
            logger.warning(
                "A broken message was set aside in %s/broken: %s", inbox, path.name
            )
        raise Empty

    def _queue_bind(
        self, exchange: str, routing_key: str | None, pattern: str | None, queue: str
    ) -> None:
        binding = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with _locked(self.control_folder / "bindings.lock"):
            table = self.get_table(exchange)
            if binding not in table:
                file = self._exchange_file(exchange)  # type: ignore[attr-defined]
                _write_whole(file, dumps([binding, *table]))


class Transport(filesystem.Transport):
    """The `filesystem://` broker address, registered in navsync.celery."""

    Channel = Channel

    def __init__(self, client: Connection, **options: object) -> None:
        super().__init__(client, **options)
        # kombu shares what was declared among all connections of a process, though
        # each may speak of another folder.
        self.state = virtual.BrokerState()


def _folder(path: str | Path) -> Path:
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_whole(path: Path, text: str) -> None:
    """Make the file appear at once with all its text, replacing an older one."""
    unfinished = path.with_name(f"{uuid.uuid4().hex}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _message(path: Path) -> dict[str, object] | None:
    """Return the message in a file, None if the file holds none."""
    try:
        payload = loads(path.read_text(encoding="utf-8"))
        tag = payload["properties"]["delivery_tag"]
    except (ValueError, TypeError, KeyError):  # not UTF-8, not JSON, not a message
        return None
    return payload if tag else None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other processes and threads out until the block ends."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
