from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue
from kombu.simple import SimpleQueue

import navsync.celery  # noqa: F401  (registers the broker)


def broker(folder: Path) -> Connection:
    """A connection to the broker in a folder, as the settings make one."""
    return Connection(
        "filesystem://",
        transport_options={
            "data_folder_in": str(folder),
            "data_folder_out": str(folder),
            "control_folder": str(folder / "bindings"),
            "polling_interval": 0.01,
        },
    )


def put(folder: Path, bodies: list[str], queue: str = "imports") -> None:
    with broker(folder) as connection, connection.SimpleQueue(queue) as waiting:
        for body in bodies:
            waiting.put(body)


def take_all(folder: Path, queue: str = "imports") -> list[str]:
    with broker(folder) as connection, connection.SimpleQueue(queue) as waiting:
        return list(taken(waiting))


def taken(waiting: SimpleQueue):
    while True:
        try:
            message = waiting.get(block=True, timeout=0.3)
        except Empty:
            return
        message.ack()
        yield message.payload


def messages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.msg"))


def test_messages_come_out_in_the_order_they_went_in(tmp_path):
    put(tmp_path, ["first", "second", "third"])

    received = take_all(tmp_path)

    assert received == ["first", "second", "third"]


def test_each_queue_gives_its_own_messages_alone(tmp_path):
    put(tmp_path, ["run 1"], queue="imports")
    put(tmp_path, ["mail 1"], queue="default")

    assert take_all(tmp_path, queue="default") == ["mail 1"]
    assert take_all(tmp_path, queue="imports") == ["run 1"]


def test_no_message_is_lost_or_doubled_among_writers_and_readers(tmp_path):
    batches = [[f"{writer}-{n}" for n in range(150)] for writer in range(4)]

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(take_all, tmp_path) for _ in range(4)]
        writers = [pool.submit(put, tmp_path, batch) for batch in batches]
        for writer in writers:
            writer.result()
        received = [body for reader in readers for body in reader.result()]
    received += take_all(tmp_path)

    assert sorted(received) == sorted(chain(*batches))


def test_a_taken_message_leaves_no_file_behind(tmp_path):
    put(tmp_path, ["only"])

    take_all(tmp_path)

    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent.name for path in left} == {"bindings"}


@pytest.mark.parametrize(
    "content",
    [b"", b'{"body": "cut o', b"\xff\xfe\x00", b"[]", b"null", b"{}"],
    ids=["empty", "cut off", "not text", "a list", "null", "no message"],
)
def test_a_broken_message_is_set_aside_and_the_next_one_comes(tmp_path, content):
    put(tmp_path, ["broken", "good"])
    broken, _good = messages(tmp_path)
    broken.write_bytes(content)

    received = take_all(tmp_path)

    assert received == ["good"]
    assert (tmp_path / "broken" / broken.name).read_bytes() == content


def test_a_half_written_message_is_not_seen(tmp_path):
    (tmp_path / "0123.unfinished").write_text('{"body": "half')

    received = take_all(tmp_path)

    assert received == []
    assert not (tmp_path / "broken").exists()


def test_a_reader_may_come_before_the_folder_is_there(tmp_path):
    folder = tmp_path / "not" / "yet"

    assert take_all(folder) == []


def test_bindings_survive_many_workers_starting_at_once(tmp_path):
    queues = [f"queue{n}" for n in range(6)]

    def declare(queue: str) -> None:
        with broker(tmp_path) as connection:
            Queue(queue, Exchange("shared", "fanout"))(connection.channel()).declare()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(declare, queues))

    with broker(tmp_path) as connection:
        connection.Producer(exchange=Exchange("shared", "fanout")).publish("to all")
    assert {path.name.split(".")[1] for path in messages(tmp_path)} == set(queues)
