import pickle

import pytest

from clever import errors
from clever.errors import CleverError, ConnectionFailed, NotFound


def all_kinds(kind=CleverError):
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from all_kinds(child)


KINDS = list(all_kinds())


@pytest.mark.parametrize("kind", KINDS)
def test_error_survives_the_way_between_processes(kind):
    error = kind("/v3.1/users: 500", "Wait a little.")

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(copy) is kind
    assert (copy.detail, copy.user_message) == ("/v3.1/users: 500", "Wait a little.")
    assert copy.can_retry == kind.can_retry


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_tells_an_admin_what_to_do(kind):
    message = kind().user_message

    assert message.endswith(".")
    assert any(
        word in message.lower()
        for word in ("try again", "check", "set ", "go back", "tell support")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_in_the_tree(kind):
    assert f"{kind.__name__} " in f"{errors.__doc__} ".replace("\n", " ")


def test_stars_in_the_tree_mark_what_can_be_retried():
    starred = {k for k in KINDS if f"{k.__name__} *" in errors.__doc__}

    assert starred == {k for k in KINDS if k.can_retry}


def test_text_of_an_error_is_the_sentence_and_the_detail():
    assert str(ConnectionFailed("no route")).endswith("then try again. (no route)")
    assert str(NotFound()) == NotFound.sentence
