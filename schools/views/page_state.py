"""What the Match Schools page carries from one request to the next.

All of it lives in the page's one form, so that it works without script: the changes
that aren't saved, which row is open, and how the list is narrowed.
"""

import re
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from schools.queries.match_rows import Show
from schools.services.match_edits import MatchEdit

_EDIT = re.compile(r"\b(\d{1,18}):(\d{1,18}):(\d{1,18})")
_DEED = re.compile(r"([a-z]+)(?::(\d{1,18}))?(?::(\d{1,18}))?")
_OPEN = re.compile(r"(\d{1,18}):(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Deed:
    """The button that was pressed: its verb, for which row, and what was seen there.

    `row` is the primary key of a Clever school, `seen` of the school it was matched
    with on the page; 0 where there is none.
    """

    verb: str = ""
    row: int = 0
    seen: int = 0


@dataclass(frozen=True, slots=True)
class PageState:
    """The page between two requests.

    `edits` are by Clever school; `open` is the row whose choice is open, `seen` the
    match it was opened on; `find` narrows the choice, `choice` is what is picked in it.
    """

    edits: dict[int, MatchEdit] = field(default_factory=dict)
    open: int = 0
    seen: int = 0
    find: str = ""
    choice: int = 0
    q: str = ""
    show: Show = Show.ALL
    page: int = 1

    @property
    def edits_text(self) -> str:
        """Return the edits as `read_state` reads them."""
        edits = self.edits.values()
        return " ".join(f"{e.clever_school}:{e.base}:{e.wanted}" for e in edits)

    @property
    def open_text(self) -> str:
        """Return the open row as `read_state` reads it."""
        return f"{self.open}:{self.seen}" if self.open else ""

    def with_edit(self, edit: MatchEdit) -> "PageState":
        """Return the state with one more edit, in place of an earlier one."""
        return replace(self, edits={**self.edits, edit.clever_school: edit})

    def without_edit(self, row: int) -> "PageState":
        """Return the state without a row's edit."""
        edits = {pk: edit for pk, edit in self.edits.items() if pk != row}
        return replace(self, edits=edits)

    def opened(self, row: int, seen: int) -> "PageState":
        """Return the state with a row's choice open."""
        return replace(self, open=row, seen=seen, find="", choice=0)

    def closed(self) -> "PageState":
        """Return the state with no choice open."""
        return self.opened(0, 0)


def read_state(sent: QueryDict) -> PageState:
    """Return the state that a form or an address carries; what is no state is left."""
    listed = (MatchEdit(*map(int, e)) for e in _EDIT.findall(sent.get("edits", "")))
    edits = {edit.clever_school: edit for edit in listed}
    found = _OPEN.fullmatch(sent.get("open", ""))
    opened, seen = (int(found[1]), int(found[2])) if found else (0, 0)
    show = sent.get("show", "")
    return PageState(
        edits=edits,
        open=opened,
        seen=seen,
        find=sent.get("find", "")[:100],
        choice=_choice(sent, edits.get(opened)),
        q=sent.get("q", "")[:100],
        show=Show(show) if show in set(Show) else Show.ALL,
        page=_number(sent.get("page", "")) or 1,
    )


def _choice(sent: QueryDict, edit: MatchEdit | None) -> int:
    """Return the picked school: the list's, unless it shows the one picked before."""
    suggested, other = _number(sent.get("school", "")), _number(sent.get("other", ""))
    if suggested and edit is not None and other == edit.wanted:
        return suggested
    return other or suggested


def read_deed(sent: QueryDict) -> Deed:
    """Return which button was pressed; none where it is none of ours."""
    found = _DEED.fullmatch(sent.get("do", ""))
    if found is None:
        return Deed()
    return Deed(found[1], int(found[2] or 0), int(found[3] or 0))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004
