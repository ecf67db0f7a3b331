"""Cells that a spreadsheet would compute."""

import pytest

from schools.formulas import guard, unguard

FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"
"""Signs as Asian keyboards write them; a spreadsheet may take them for the plain."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        *((f"{sign}1+1", f"'{sign}1+1") for sign in FULL_WIDTH),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_only_the_first_character_makes_a_formula(text, expected):
    assert guard(text) == expected
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["'Olelo", "'", "Lincoln"])
def test_an_apostrophe_that_guards_nothing_stays(text):
    assert unguard(text) == text
