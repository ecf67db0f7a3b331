"""School names and addresses folded, so that one school written two ways is equal."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

LEVELS = frozenset(
    [
        "elementary",
        "high",
        "intermediate",
        "junior",
        "middle",
        "primary",
        "secondary",
        "senior",
    ]
)
"""Words that tell schools of one name apart: Lincoln Elementary is not Lincoln High."""

# The page of matches folds all schools of a district each time it is shown.
_KEPT = 16_384

_GENERIC = LEVELS | {"academy", "and", "at", "center", "for", "of", "school", "the"}

# "St" may be Saint or Street, so both become "st" and nothing has to be guessed.
_SAME_WORD = {
    "acad": "academy",
    "alt": "alternative",
    "avenue": "ave",
    "centre": "center",
    "cntr": "center",
    "ctr": "center",
    "doctor": "dr",
    "elem": "elementary",
    "es": "elementary",
    "fort": "ft",
    "heights": "hts",
    "intl": "international",
    "jr": "junior",
    "mem": "memorial",
    "mid": "middle",
    "mount": "mt",
    "ms": "middle",
    "prep": "preparatory",
    "prim": "primary",
    "saint": "st",
    "sch": "school",
    "schl": "school",
    "sec": "secondary",
    "sr": "senior",
    "street": "st",
}
_SEVERAL_WORDS = {
    "hs": ("high",),
    "jhs": ("junior", "high"),
    "shs": ("senior", "high"),
}
_STREET_WORD = {
    "avenue": "ave",
    "av": "ave",
    "boulevard": "blvd",
    "circle": "cir",
    "court": "ct",
    "drive": "dr",
    "east": "e",
    "highway": "hwy",
    "lane": "ln",
    "north": "n",
    "parkway": "pkwy",
    "place": "pl",
    "road": "rd",
    "saint": "st",
    "south": "s",
    "square": "sq",
    "street": "st",
    "west": "w",
}
_APOSTROPHES = re.compile("['`\u00b4\u02bb\u02bc\u2018\u2019]")
_WORD = re.compile(r"[a-z]+|[0-9]+[a-z]*")
_ZIP = re.compile(r"[0-9]{4,5}")


@lru_cache(maxsize=_KEPT)
def fold_name(name: str) -> str:
    """Fold a school's name to the form in which names are compared ("" if empty).

    Case, punctuation, accents and a leading "The" don't count; "HS", "H.S." and "High"
    are "High School", "Elem" is "Elementary School", "MS" "Middle School", "St." is
    "Saint", "Jr" "Junior", "&" is "and", "P.S. 012" and "Public School 12" are "PS 12".
    """
    words = _join_initials(_words(name))
    words = _fold_numbers(words)
    expanded: list[str] = []
    for word in words:
        expanded += _SEVERAL_WORDS.get(word, (_SAME_WORD.get(word, word),))
    expanded = _fold_numbered_kinds(expanded)
    if len(expanded) > 1 and expanded[0] == "the":
        del expanded[0]
    return " ".join(_without_school(expanded))


@lru_cache(maxsize=_KEPT)
def fold_address(address: str) -> str:
    """Fold a street address: "410 Lincoln Avenue" and "410 LINCOLN AVE." are equal."""
    return " ".join(_STREET_WORD.get(word, word) for word in _words(address))


def fold_zip(zip_code: str) -> str:
    """Give the five digits of a ZIP or ZIP+4 code, a lost leading zero put back."""
    found = _ZIP.match(zip_code.strip())
    return found.group().zfill(5) if found else ""


def levels_of(folded: str) -> frozenset[str]:
    """Give the words of a folded name that say which grades a school has."""
    return LEVELS.intersection(folded.split())


def numbers_of(folded: str) -> frozenset[str]:
    """Give the numbers in a folded name: {"12"} for "ps 12"."""
    return frozenset(re.findall(r"\b[0-9]+", folded))


def traits_of(folded: str) -> frozenset[str]:
    """Cut a folded name into pieces to compare: its numbers and three-letter pieces.

    Words that most schools have (School, High, Academy) are left out, unless the name
    has no others. Pieces of letters survive typing errors and "North Side"/"Northside".
    """
    words = [word for word in folded.split() if not word[0].isdigit()]
    own = "".join(word for word in words if word not in _GENERIC) or "".join(words)
    padded = f"^{own}$" if own else ""
    pieces = {padded[start : start + 3] for start in range(len(padded) - 2)}
    return frozenset(pieces | {f"#{number}" for number in numbers_of(folded)})


def _words(text: str) -> list[str]:
    """Split into lower-case ASCII words and numbers ("K8" and "K-8" are "k", "8")."""
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text))
    if not text.isascii():
        # Emoji and marks like the registered sign would be spelled out as words.
        kept = (char for char in text if unicodedata.category(char) not in {"So", "Cf"})
        text = anyascii("".join(kept))
    plain = text.lower().replace("'", "").replace("&", " and ")
    return _WORD.findall(plain)


def _join_initials(words: list[str]) -> list[str]:
    """Join single letters that follow each other: "p", "s" is "ps"."""
    joined: list[str] = []
    open_initials = False
    for word in words:
        is_initial = len(word) == 1 and word.isalpha()
        if is_initial and open_initials:
            joined[-1] += word
        else:
            joined.append(word)
        open_initials = is_initial
    return joined


def _fold_numbers(words: list[str]) -> list[str]:
    """Drop leading zeros, and "No." or "Number" before a number."""
    folded = []
    for word, following in pairwise([*words, ""]):
        if word in {"no", "number"} and following[:1].isdigit():
            continue
        folded.append(word.lstrip("0") or "0" if word[0].isdigit() else word)
    return folded


def _fold_numbered_kinds(words: list[str]) -> list[str]:
    """Write "public school 12" as "ps 12" and "is 5" as "intermediate 5"."""
    folded: list[str] = []
    for word in words:
        if word[0].isdigit() and folded[-2:] == ["public", "school"]:
            folded[-2:] = ["ps"]
        elif word[0].isdigit() and folded[-1:] == ["is"]:
            folded[-1:] = ["intermediate"]
        folded.append(word)
    return folded


def _without_school(words: list[str]) -> list[str]:
    """Drop "school" where it adds nothing: after a level, and at the end."""
    kept: list[str] = []
    for position, word in enumerate(words):
        is_last = position == len(words) - 1
        if word == "school" and kept and (is_last or kept[-1] in LEVELS):
            continue
        kept.append(word)
    return kept
