"""Asking for the next page while one works on the last."""

from threading import Event

import pytest
import requests

from clever.ahead import Asked


class Answer(requests.Response):
    """An answer that knows whether it was closed."""

    def __init__(self, status_code=200):
        super().__init__()
        self.status_code = status_code
        self.is_closed = False

    def close(self):
        self.is_closed = True


def test_a_good_answer_comes_open():
    answer = Answer()

    assert Asked(lambda: answer).answer() is answer
    assert not answer.is_closed


@pytest.mark.parametrize("status", [204, 302, 401, 429, 500])
def test_a_bad_answer_is_none_and_closed(status):
    answer = Answer(status)

    assert Asked(lambda: answer).answer() is None
    assert answer.is_closed


def test_a_request_that_fails_has_no_answer():
    def ask():
        raise requests.ConnectionError

    assert Asked(ask).answer() is None


def test_an_answer_that_nobody_wants_any_more_is_closed_when_it_comes():
    answer, may_come = Answer(), Event()

    def ask():
        may_come.wait(10)
        return answer

    asked = Asked(ask)
    asked.forget()
    may_come.set()

    assert asked.answer() is None
    assert answer.is_closed


def test_an_answer_that_is_forgotten_after_it_came_is_closed():
    answer, came = Answer(), Event()

    def ask():
        came.set()
        return answer

    asked = Asked(ask)
    came.wait(10)
    asked.forget()

    assert asked.answer() is None
    assert answer.is_closed
