"""Knows when the live server has answered all it was asked."""

from threading import Condition
from types import TracebackType

from django.core.signals import request_finished, request_started


class Answering:
    """Counts the requests that the server is at; a context manager.

    A page that is closed leaves its last question behind, as of a run's progress. The
    database is not to be emptied under the answer.
    """

    def __init__(self) -> None:
        self._open = 0
        self._changed = Condition()

    def __enter__(self) -> "Answering":
        request_started.connect(self._begin)
        request_finished.connect(self._end)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        request_started.disconnect(self._begin)
        request_finished.disconnect(self._end)

    def wait_for_the_last(self, seconds: float) -> None:
        """Return when it is at no request; AssertionError if it stays at one."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._open == 0, seconds)

    def _begin(self, **_signal: object) -> None:
        self._count(+1)

    def _end(self, **_signal: object) -> None:
        self._count(-1)

    def _count(self, step: int) -> None:
        with self._changed:
            self._open += step
            self._changed.notify_all()
