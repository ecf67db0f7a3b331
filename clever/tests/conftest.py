import socket
import threading

import pytest
import responses

from clever.client import Client
from clever.transport import Patience

TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def wire():
    """Answers requests to Clever; anything not set up is refused."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def sleeps():
    """The seconds the client waited, one entry for each wait."""
    return []


@pytest.fixture
def client(sleeps):
    with Client(TOKEN, page_size=2, sleep=sleeps.append) as client:
        yield client


class Host:
    """A loopback host that gives each connection the next answer, byte for byte."""

    def __init__(self, answers):
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.requests = []

    def _serve(self):
        for answer in self._answers:
            connection, _ = self._socket.accept()
            with connection:
                head = connection.recv(65536)
                if not head:
                    return
                self.requests.append(head.decode().splitlines()[0])
                connection.sendall(answer)

    def close(self):
        if self._thread.is_alive():
            socket.create_connection(self._socket.getsockname()).close()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def host():
    """Starts a Host with the given answers and stops it after the test."""
    hosts = []

    def start(*answers):
        hosts.append(Host(answers))
        return hosts[-1]

    yield start
    for host in hosts:
        host.close()


@pytest.fixture
def client_of(sleeps):
    """Makes a client of a Host that keeps its waits in `sleeps`."""
    clients = []

    def make(host, **patience):
        steady = Patience(clock=lambda: 1_000_000.0, **patience)
        clients.append(
            Client(TOKEN, base_url=host.url, sleep=sleeps.append, patience=steady)
        )
        return clients[-1]

    yield make
    for client in clients:
        client.close()
