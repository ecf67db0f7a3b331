"""Stand-ins for what people are called, good for planning with and nothing else.

Equal texts get equal stand-ins and different ones different ones; what the rules of
matching look at stays: length, case, accents, punctuation, leading zeros, suffixes,
the shape of an address. Each set of stand-ins comes of a random key; without the key
nobody gets back to the texts.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, count, islice, pairwise
from string import ascii_lowercase, digits

from staffimport.core.folding import (
    SUFFIXES,
    clean,
    email_key,
    employee_id_key,
    first_name_key,
    last_name_key,
    without_zeros,
    words,
)
from staffimport.core.people import NAME_LENGTH

_NONZERO = digits.replace("0", "")
_FOREIGN = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"
# All of them combine with any letter, and folding drops them.
_MARKS = [chr(code) for code in range(0x300, 0x315)]
_TRIES = 64
_HIDDEN = "□"  # for a letter that folding can't spell

# Parts of addresses that tell of no person; the last are answers left open.
PUBLIC = frozenset(
    [
        *("com", "edu", "example", "gov", "invalid", "k12", "net", "org", "test", "us"),
        *("gmail", "hotmail", "icloud", "outlook", "yahoo"),
        *(
            "admin",
            "attendance",
            "contact",
            "counseling",
            "front",
            "help",
            "hr",
            "info",
        ),
        *("library", "mail", "main", "noreply", "nurse", "office", "principal"),
        *("registrar", "school", "secretary", "staff", "support", "teacher"),
        *("a", "n", "na", "nil", "none", "null", "unknown"),
    ]
)


class Letters:
    """Stand-ins letter for letter: a letter for a letter, a digit for a digit.

    Zeros and everything that is neither stay. `kept` texts stay as they are, and are
    nobody's stand-in.
    """

    def __init__(self, key: bytes, kept: Iterable[str] = ()) -> None:
        """Take the key, at most 64 bytes of it."""
        self._key = key
        self._known = {text: text for text in kept}
        self._taken = set(self._known)

    def of(self, text: str) -> str:
        """Return the stand-in of a text in lower case."""
        found = self._known.get(text)
        if found is None:
            made = (self._make(text, attempt) for attempt in count())
            found = next(each for each in made if each not in self._taken)
            self._known[text] = found
            self._taken.add(found)
        return found

    def _make(self, text: str, attempt: int) -> str:
        # Where nearly all short ones are taken, a longer one is.
        shape = text + "x" * (attempt // _TRIES)
        numbers = _numbers(self._key, f"{attempt}|{text}", len(shape))
        made = []
        for char, number in zip(shape, numbers, strict=False):
            pool = _POOLS.get(char) or (_FOREIGN if char.isalpha() else char)
            made.append(pool[number % len(pool)])
        return "".join(made)


_POOLS = {
    **dict.fromkeys(ascii_lowercase, ascii_lowercase),
    **dict.fromkeys(_NONZERO, _NONZERO),
}


def _numbers(key: bytes, text: str, length: int) -> bytes:
    """Return at least so many numbers that tell nothing of the text without the key."""
    seed = text.encode("utf-8", "surrogatepass")
    found = hashlib.blake2b(seed, key=key).digest()
    while len(found) < length:
        found += hashlib.blake2b(found[-64:] + seed, key=key).digest()
    return found


def like(original: str, stand_in: str) -> str:
    """Return a stand-in in lower case with the capitals of the original."""
    if len(original) != len(stand_in) or original.islower():
        return stand_in
    pairs = zip(original, stand_in, strict=True)
    return "".join(s.upper() if o.isupper() else s for o, s in pairs)


class Names:
    """Stand-ins for names; names that fold to the same go on doing so.

    "O'Brien", "OBRIEN" and "O Brien" compare as one, and so does a name that stands in
    one field with one that stands in two. So a name's letters are stood in for piece by
    piece, cut wherever any name is: all names must be learnt before the first is asked.
    """

    def __init__(self, key: bytes) -> None:
        """Take the key, at most 64 bytes of it."""
        self._letters = Letters(key, SUFFIXES)
        self._cuts: dict[str, set[int]] = defaultdict(set)
        self._pieces: dict[str, tuple[str, ...]] = {}
        self._variants: dict[str, int] = {}

    def learn(self, first: str, last: str) -> None:
        """Take note of where a first and a last name are cut into words."""
        first, last = clean(first, NAME_LENGTH), clean(last, NAME_LENGTH)
        self._cut(words(first))
        parts = words(last)
        self._cut(parts)
        while parts and parts[-1] in SUFFIXES:
            parts.pop()
            self._cut(parts)
        self._cut([first_name_key(first), last_name_key(last)])

    def _cut(self, parts: list[str]) -> None:
        parts = [part for part in parts if part]
        if len(parts) > 1:
            self._cuts["".join(parts)].update(accumulate(map(len, parts[:-1])))

    def of(self, text: str) -> str:
        """Return the stand-in of a name, with its shape."""
        text = _fit(text)
        folded = "".join(words(text))
        letters = "".join(map(self._letters.of, self._cut_up(folded)))
        clusters = list(_clusters(text))
        spelled = ["".join(words(cluster)) for cluster in clusters]
        if "".join(spelled) != folded:
            return letters  # spelled otherwise as a whole: its shape can't be kept
        rest = iter(letters)
        dressed = [
            self._dress(cluster, "".join(islice(rest, len(part))))
            for cluster, part in zip(clusters, spelled, strict=True)
        ]
        return "".join([*dressed, *rest])

    def _cut_up(self, folded: str) -> tuple[str, ...]:
        found = self._pieces.get(folded)
        if found is None:
            places = [0, *sorted(self._cuts.get(folded, ())), len(folded)]
            parts = [folded[a:b] for a, b in pairwise(places)]
            if len(parts) > 1:
                parts = list(chain.from_iterable(map(self._cut_up, parts)))
            found = self._pieces[folded] = tuple(part for part in parts if part)
        return found

    def _dress(self, cluster: str, letters: str) -> str:
        """Give letters the capitals and the accent of what they stand for."""
        if not letters:
            hidden = any(map(str.isalnum, cluster))
            return _HIDDEN + self._accent(cluster) if hidden else cluster
        if cluster[0].isupper():
            letters = letters.capitalize()
        return letters if cluster.isascii() else letters + self._accent(cluster)

    def _accent(self, cluster: str) -> str:
        """Return marks that tell what is written alike from what is not."""
        number = self._variants.setdefault(cluster.lower(), len(self._variants))
        marks = _MARKS[number % len(_MARKS)]
        while number := number // len(_MARKS):
            marks += _MARKS[number % len(_MARKS)]
        return marks


def _fit(text: str) -> str:
    """Return a name or title as it is compared: cut where it is too long to store."""
    return clean(text, NAME_LENGTH) if len(text) > NAME_LENGTH else text


def _clusters(text: str) -> Iterator[str]:
    """Yield each character with the marks that belong to it."""
    cluster = ""
    for char in text:
        if cluster and unicodedata.category(char)[0] != "M":
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


class Addresses:
    """Stand-ins for e-mail addresses: part by part between dots, dashes and the "@".

    Public parts ("gmail", "org", "office") stay; so does what is no address and stands
    for nothing.
    """

    _PART = re.compile(r"[^\W_]+")

    def __init__(self, key: bytes) -> None:
        """Take the key, at most 64 bytes of it."""
        self._letters = Letters(key, PUBLIC)

    def of(self, text: str) -> str:
        """Return the stand-in of an address."""
        if not email_key(text):
            return text
        return self._PART.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        return like(found[0], self._letters.of(found[0].casefold()))


class EmployeeIds:
    """Stand-ins for employee ids: zeros stay, so that lost ones are still lost."""

    def __init__(self, key: bytes) -> None:
        """Take the key, at most 64 bytes of it."""
        self._letters = Letters(key)

    def of(self, text: str) -> str:
        """Return the stand-in of an employee id."""
        inner = clean(text, len(text))
        key = employee_id_key(inner)
        if not key:
            return text
        body = without_zeros(key)
        stand_in = like(inner, key[: len(key) - len(body)] + self._letters.of(body))
        return text.replace(inner, stand_in, 1) if inner in text else stand_in


class Titles:
    """Stand-ins for job titles: word by word; words in `kept` stay.

    `kept` are in lower case, such as those of title keywords and those that many
    people's titles hold.
    """

    def __init__(self, key: bytes, kept: Iterable[str]) -> None:
        """Take the key, at most 64 bytes of it, and the words that stay."""
        self._letters = Letters(key, kept)

    def of(self, text: str) -> str:
        """Return the stand-in of a title."""
        return WORD.sub(self._word, _fit(text))

    def _word(self, found: re.Match[str]) -> str:
        return like(found[0], self._letters.of(found[0].casefold()))


WORD = re.compile(r"\w+")
"""A word of a title, as keywords are compared with it."""


def ranked(texts: Iterable[str], made: Iterable[str]) -> dict[str, str]:
    """Return stand-ins for ids that stand in the same order as the ids themselves.

    Of two people who are alike in all else, the lower id decides.
    """
    return dict(zip(sorted(set(texts)), sorted(made), strict=True))
