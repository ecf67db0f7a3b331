"""Title keywords: the first that fits a title decides what a new account gets.

Source: manual, "Run a Test Staff Import" steps 3 to 7; product.md, "Roles and lists".
"""

import re
from functools import lru_cache

import msgspec
from msgspec import UNSET

from staffimport.core.values import AppliesTo, Assignment, Keyword, Level, Settings


class TitleDecision(msgspec.Struct, frozen=True):
    """What a person's titles lead to at one level.

    `title` is the one that won, else the first; `keyword` is empty where the default
    applies; `also` are the other keywords that fit, in their order. `passed_over` fits
    before them all, but its role is for the other level alone.
    """

    title: str
    keyword: str
    assignment: Assignment
    also: tuple[str, ...] = ()
    passed_over: Keyword | None = None


def counts_at(keyword: Keyword, level: Level) -> bool:
    """Whether the keyword decides at the level: it and its role are for it."""
    return keyword.role_level in (UNSET, level) and _applies_at(keyword, level)


def _applies_at(keyword: Keyword, level: Level) -> bool:
    return keyword.applies_to in (AppliesTo.BOTH, AppliesTo(level.value))


def fits(keyword: str, title: str) -> bool:
    """Whether the keyword stands in the title as whole words, whatever the case."""
    return _pattern(keyword).search(folded(title)) is not None


@lru_cache(maxsize=4096)
def _pattern(keyword: str) -> re.Pattern[str]:
    text = folded(keyword)
    # An empty keyword must fit nothing, not everything.
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)" if text else r"(?!)")


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """Return a title or keyword as the two are compared."""
    return " ".join(text.casefold().split())


class TitleRules:
    """The keywords and defaults of one district, with decided titles remembered."""

    def __init__(self, settings: Settings) -> None:
        """Take keywords and defaults from the settings."""
        self._keywords = {
            level: [each for each in settings.keywords if _applies_at(each, level)]
            for level in Level
        }
        self._defaults = {
            Level.SCHOOL: settings.school_default,
            Level.DISTRICT: settings.district_default,
        }
        self._decided: dict[tuple[Level, tuple[str, ...]], TitleDecision] = {}

    def decide(self, level: Level, titles: tuple[str, ...]) -> TitleDecision:
        """Return what the titles, most telling first, lead to at the level."""
        key = (level, titles)
        decision = self._decided.get(key)
        if decision is None:
            decision = self._decided[key] = self._decide(level, titles)
        return decision

    def _decide(self, level: Level, titles: tuple[str, ...]) -> TitleDecision:
        hits = [
            (keyword, title)
            for keyword in self._keywords[level]
            if (title := next((t for t in titles if fits(keyword.keyword, t)), None))
        ]
        counting = [hit for hit in hits if counts_at(hit[0], level)]
        passed_over = hits[0][0] if hits[:1] != counting[:1] else None
        if not counting:
            shown = titles[0] if titles else ""
            default = self._defaults[level]
            return TitleDecision(shown, "", default, passed_over=passed_over)
        keyword, title = counting[0]
        also = tuple(other.keyword for other, _ in counting[1:])
        given = keyword.assignment
        return TitleDecision(title, keyword.keyword, given, also, passed_over)
