"""Asks for what is needed next while one works on what has come.

Clever takes its time over a page of ten thousand records, and so does the one who reads
them. Only the head of the answer is waited for here: its body stays with the system
until it is read, so that the two threads hardly get into each other's way.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import requests

# Seconds in which it may be sent: a thread that begins beside a busy one waits longer.
_HEAD_START = 0.001


class Asked:
    """A request under way, in a thread of its own.

    It is tried once, and a bad answer counts as none: whoever wants it asks again, and
    does then what the failure calls for. `ask` sends it and returns what comes, read to
    the end of its head.
    """

    def __init__(self, ask: Callable[[], requests.Response]) -> None:
        self._ask = ask
        self._response: requests.Response | None = None
        self._is_unwanted = False
        self._thread = Thread(target=self._run, name="ask ahead", daemon=True)
        self._thread.start()
        self._thread.join(_HEAD_START)

    def answer(self) -> requests.Response | None:
        """Return the answer as soon as it begins, None where no good one came.

        It is the caller's to close.
        """
        self._thread.join()
        response, self._response = self._response, None
        return response

    def forget(self) -> None:
        """Close what came or comes, and wait for nothing; no matter if it was taken."""
        self._is_unwanted = True
        self._close()

    def _run(self) -> None:
        with suppress(requests.RequestException):
            response = self._response = self._ask()
            if self._is_unwanted or response.status_code != requests.codes.ok:
                self._close()

    def _close(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            response.close()
