"""NCES ids as they are typed, and what they are brought to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.nces import NcesId, normalise_nces_id

ZERO_BACK = "the lost leading zero is put back"
UNSPACED = "spaces and hyphens are dropped"
TAIL_DROPPED = "the trailing .0 is dropped"


@pytest.mark.parametrize(
    ("raw", "value", "steps"),
    [
        ("060000100001", "060000100001", ()),
        ("  060000100001 ", "060000100001", ()),
        ("60000100001", "060000100001", (ZERO_BACK,)),
        ("1000010001", "001000010001", ("the 2 lost leading zeros are put back",)),
        ("100001001", "000100001001", ("the 3 lost leading zeros are put back",)),
        ("0600001-00001", "060000100001", (UNSPACED,)),
        ("0600001\u201300001", "060000100001", (UNSPACED,)),
        ("06 00001\u00a000001", "060000100001", (UNSPACED,)),
        ("360000100001.0", "360000100001", (TAIL_DROPPED,)),
        ("600001-00001.0", "060000100001", (UNSPACED, TAIL_DROPPED, ZERO_BACK)),
        ("A9504443", "A9504443", ()),
        ("a9504443", "A9504443", ()),
        ("00012345", "00012345", ()),
        ("12345678", "12345678", ()),
        ("\uff10600001\uff10\uff10001", "060000100001", ()),
    ],
)
def test_an_id_is_brought_to_the_form_in_which_ids_are_compared(raw, value, steps):
    assert normalise_nces_id(raw) == NcesId(raw.strip(), value, steps)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("M", "missing value"),
        ("n", "missing value"),
        ("-1", "missing value"),
        (" -2 ", "missing value"),
        ("-9", "missing value"),
        ("-9.0", "missing value"),
        ("\u22129", "missing value"),
        ("3.60008E+11", "exponent"),
        ("3.60008e11", "exponent"),
        ("3,60008E+11", "exponent"),
        ("36000E07", "exponent"),
        ("360008000000", "ends in 000000"),
        ("60000000000", "ends in 000000"),
        ("000000000000", "ends in 000000"),
        ("01000000", "ends in 000000"),
        ("360008000000.0", "ends in 000000"),
        ("0600001", "neither 12 digits nor 8 characters"),
        ("1060000100001", "neither 12 digits nor 8 characters"),
        ("NOTFOUND", "neither 12 digits nor 8 characters"),
        ("06000010000A", "neither 12 digits nor 8 characters"),
        ("٠٦٠٠٠٠١٠٠٠٠١", "neither 12 digits nor 8 characters"),
    ],
)
def test_what_is_no_id_has_no_value_and_says_why(raw, why):
    result = normalise_nces_id(raw)

    assert result.value == ""
    assert why in result.problem


@given(st.text(max_size=16) | st.text("0123456789-. EMN", max_size=16))
def test_a_normalised_id_is_its_own_normal_form(raw):
    value = normalise_nces_id(raw).value

    assert normalise_nces_id(value).value == value
    assert len(value) in {0, 8, 12}
