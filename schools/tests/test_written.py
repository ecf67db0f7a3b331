"""What of a text can be seen, and a reason that says nothing."""

import pytest

from schools.errors import RefusedError
from schools.written import LineField, given_reason, visible_line, visible_text

HIDDEN = ["", "  ", "\u200b", "\u202e", "\ufeff", "\x00\x07", "\u3164", "\u2800"]
HIDDEN += ["\u0301", "\u200b \u202e\n"]


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
def test_what_shows_nothing_is_no_text_and_no_reason(text):
    assert visible_text(text) == ""
    with pytest.raises(RefusedError, match="Say why"):
        given_reason(text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (" Lee Park, superintendent ", "Lee Park, superintendent"),
        ("Lee\u200b Park\ufeff", "Lee Park"),
        ("ab\u202edc", "abdc"),
        ("One line\nand another", "One line\nand another"),
        ("Jos\u0065\u0301", "Jos\u0065\u0301"),
        ("朴", "朴"),
        ("?", "?"),
        ("👍", "👍"),
    ],
    ids=ascii,
)
def test_of_a_text_stays_what_can_be_seen(text, seen):
    assert visible_text(text) == given_reason(text) == seen


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("  Anna \u00a0 Lee\n", "Anna Lee"),
        ("An\u0007na\u202e", "Anna"),
        ("An\u200bna \u200b Lee", "Anna Lee"),
        ("Anna\u2028Lee", "Anna Lee"),
        ("Núñez", "Núñez"),
        ("\u200b", ""),
    ],
    ids=ascii,
)
def test_a_name_is_what_can_be_seen_of_it_in_one_line(name, seen):
    assert visible_line(name) == LineField(required=False).clean(name) == seen
