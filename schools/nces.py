"""NCES ids as schools write them down, brought to one form or found to be no id."""

import re
import unicodedata
from dataclasses import dataclass

PUBLIC_LENGTH = 12
"""Digits of a public school's id (NCESSCH): 7 of the district, 5 of the school."""

_DISTRICT = re.compile(r"[0-9]{7}")
_MISSING_CODES = frozenset({"M", "N", "-1", "-2", "-9"})
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]")
_DECIMAL_TAIL = re.compile(r"\.0+$")
_EXPONENT = re.compile(r"[0-9.,]+E\+?[0-9]+")
_PUBLIC = re.compile(r"[0-9]{9,12}")
# Private schools' ids (PSS) hold a digit; eight letters are a word such as "NOTFOUND".
_PRIVATE = re.compile(r"(?=.*[0-9])[0-9A-Z]{8}")


@dataclass(frozen=True, slots=True)
class NcesId:
    """An NCES id as given (`raw`), as compared (`value`), and what lies between.

    `value` is empty where `raw` is no NCES id; then `problem` ends the sentence that
    says why ("is in exponent notation, so its last digits are lost"). `steps` are
    clauses about what was done to an id ("the lost leading zero is put back").
    """

    raw: str
    value: str
    steps: tuple[str, ...] = ()
    problem: str = ""


def normalise_nces_id(raw: str) -> NcesId:
    """Bring an NCES id to the form in which ids are compared.

    Spaces, hyphens and a trailing ".0" go; 9 to 11 digits get back the leading zeros
    that a spreadsheet dropped; 8 characters (private schools) stay. Missing-value codes
    (M, N, -1, -2, -9), exponent notation, ids ending in 000000 (what exponent notation
    leaves when it is read back) and anything of another shape are no id: `value` is "".
    """
    raw = raw.strip()
    compact = _SPACES.sub("", unicodedata.normalize("NFKC", raw)).upper()
    if not compact:
        return NcesId(raw, "", problem="is empty")
    if _DECIMAL_TAIL.sub("", _HYPHENS.sub("-", compact)) in _MISSING_CODES:
        return NcesId(raw, "", problem="is a code for a missing value")
    joined = _HYPHENS.sub("", compact)
    text = _DECIMAL_TAIL.sub("", joined)
    if _EXPONENT.fullmatch(text):
        return NcesId(
            raw, "", problem="is in exponent notation, so its last digits are lost"
        )
    if not (_PUBLIC.fullmatch(text) or _PRIVATE.fullmatch(text)):
        return NcesId(raw, "", problem="has neither 12 digits nor 8 characters")
    if text.endswith("000000"):
        return NcesId(raw, "", problem="ends in 000000, so its last digits seem lost")
    value = text.zfill(PUBLIC_LENGTH) if _PUBLIC.fullmatch(text) else text
    return NcesId(raw, value, _steps_taken(raw, joined, text, value))


def is_district_id(text: str) -> bool:
    """Say whether a text is a district's NCES id (LEAID): 7 digits, zeros included."""
    return bool(_DISTRICT.fullmatch(text))


def _steps_taken(raw: str, joined: str, text: str, value: str) -> tuple[str, ...]:
    steps = []
    if len(joined) < len(raw):
        steps.append("spaces and hyphens are dropped")
    if text != joined:
        steps.append("the trailing .0 is dropped")
    lost = len(value) - len(text)
    if lost == 1:
        steps.append("the lost leading zero is put back")
    elif lost:
        steps.append(f"the {lost} lost leading zeros are put back")
    return tuple(steps)
