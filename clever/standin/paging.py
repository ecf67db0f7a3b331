"""Clever's paging: cursors, limit, count and the relative links of a page.

Source: dev.clever.com/docs/paging-and-limits. Records ascend by id; `next` is absent
on the last page and `prev` on the first, but a page reached through one cursor always
offers the way back, even where nothing is left there.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from clever.standin.refusals import RefusedError

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
LAST = "last"
CURSORS = ("starting_after", "ending_before")

Link = dict[str, str]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Where a page starts and how long it may be; at most one cursor is set."""

    limit: int = DEFAULT_LIMIT
    starting_after: str = ""
    ending_before: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The ids on one page, and whether links lead on and back."""

    ids: Sequence[str]
    has_previous: bool
    has_next: bool


def parse_page_request(query: Mapping[str, str]) -> PageRequest:
    """Read limit and cursors; refuses with 413 above the maximum, else 400."""
    after = _cursor(query, "starting_after")
    before = _cursor(query, "ending_before")
    if after and before:
        raise RefusedError(400, "Use only one of starting_after and ending_before")
    return PageRequest(_limit(query.get("limit")), after, before)


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"[0-9]+", text) or not text.strip("0"):
        raise RefusedError(400, "limit must be a whole number from 1 to 10000")
    digits = text.lstrip("0")
    if len(digits) > len(str(MAX_LIMIT)) or int(digits) > MAX_LIMIT:
        raise RefusedError(413, f"limit must not be above {MAX_LIMIT}")
    return int(digits)


def _cursor(query: Mapping[str, str], name: str) -> str:
    cursor = query.get(name, "")
    is_last = cursor == LAST and name == "ending_before"
    if cursor and not is_last and not re.fullmatch(r"[0-9a-f]{24}", cursor):
        raise RefusedError(400, f"{name} is not a valid id")
    return cursor


def cut(ids: Sequence[str], wanted: PageRequest) -> Page:
    """Return the page of the ascending ids that the request asks for."""
    if wanted.ending_before:
        is_last = wanted.ending_before == LAST
        end = len(ids) if is_last else bisect_left(ids, wanted.ending_before)
        start = max(0, end - wanted.limit)
        return Page(ids[start:end], has_previous=start > 0, has_next=not is_last)
    start = bisect_right(ids, wanted.starting_after) if wanted.starting_after else 0
    end = start + wanted.limit
    return Page(
        ids[start:end],
        has_previous=bool(wanted.starting_after),
        has_next=end < len(ids),
    )


def page_links(path: str, query: Sequence[tuple[str, str]], page: Page) -> list[Link]:
    """Return self, prev and next; the caller's other parameters are kept in each."""
    links = [{"rel": "self", "uri": uri(path, query)}]
    kept = [pair for pair in query if pair[0] not in CURSORS]
    if page.has_previous and page.ids:
        cursor = ("ending_before", page.ids[0])
        links.append({"rel": "prev", "uri": uri(path, [*kept, cursor])})
    if page.has_next and page.ids:
        cursor = ("starting_after", page.ids[-1])
        links.append({"rel": "next", "uri": uri(path, [*kept, cursor])})
    return links


def uri(path: str, query: Sequence[tuple[str, str]]) -> str:
    """Return the relative address of a path with its parameters in this order."""
    return f"{path}?{urlencode(query)}" if query else path
