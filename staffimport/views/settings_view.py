"""The Import Staff Data page as its templates take it."""

from dataclasses import dataclass, field

import msgspec

from schools.models import District
from staffimport.core.values import Assignment, Level
from staffimport.gate import final_gate
from staffimport.models import ImportSettings
from staffimport.queries.bench import BenchView, bench_view, try_title
from staffimport.queries.settings_page import Lists, newest_test, read_lists
from staffimport.queries.workbench import titles_now
from staffimport.settings.changes import APPLIES_TO, Joined, changes
from staffimport.settings.draft import Draft, KeywordDraft, draft_of, rules_of
from staffimport.settings.draft import settings_of as file_of
from staffimport.settings.file import SettingsFile

CHANGES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the keyword table."""

    draft: KeywordDraft
    place: int
    people: int | None
    is_first: bool
    is_last: bool
    is_changed: bool

    @property
    def name(self) -> str:
        """Return what its buttons and fields call the row."""
        return self.draft.name if self.draft.keyword.strip() else "new keyword"


@dataclass(frozen=True, slots=True)
class Given:
    """What a request adds to the draft.

    Faults by field, the title it tried, what to say, and the id of what has the focus.
    """

    faults: dict[str, str] = field(default_factory=dict)
    tried: str = ""
    said: str = ""
    focus: str = ""
    joined: Joined | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """The default of one level: its title, the suffix of its fields, what it gives.

    `roles` are those of that level, and the one that is given now.
    """

    title: str
    suffix: str
    assignment: Assignment
    roles: list[str]


def context_of(
    district: District,
    stored: ImportSettings,
    draft: Draft,
    base: SettingsFile,
    given: Given,
) -> dict[str, object]:
    """Return all the page shows of a draft that began as `base`."""
    lists = read_lists(district)
    found = changes(base, file_of(draft))
    titles = titles_now(district, stored)
    levels = lists.choices.levels
    rules = rules_of(draft, levels)
    bench = (
        bench_view(titles, rules_of(draft_of(base), levels), rules) if titles else None
    )
    test = newest_test(district)
    return {
        "draft": draft,
        "base": msgspec.json.encode(base).decode(),
        "rows": _rows(draft, base, bench),
        "applies_to": [(key.value, word) for key, word in APPLIES_TO.items()],
        "roles": _names([role.name for role in lists.roles], draft, "user_role"),
        "functions": _names(lists.functions, draft, "job_function"),
        "defaults": [
            Defaults(title, level, given, _roles_of(lists, level, given))
            for title, level, given in (
                ("School accounts", "school", draft.school),
                ("District accounts", "district", draft.district),
            )
        ],
        "lists": lists,
        "protected": _protected(lists, draft),
        "changes": found[:CHANGES_NAMED],
        "change_count": len(found),
        "more_changes": max(0, len(found) - CHANGES_NAMED),
        "view": bench,
        "unrestricted": _unrestricted(bench),
        "faults": given.faults,
        "tried": given.tried,
        "trials": try_title(given.tried, rules),
        "said": given.said,
        "focus": given.focus,
        "joined": given.joined,
        "stored": stored,
        "test": test,
        "gate": final_gate(district),
    }


def _rows(draft: Draft, base: SettingsFile, bench: BenchView | None) -> list[Row]:
    saved = [_content(row) for row in draft_of(base).keywords]
    last = len(draft.keywords)
    return [
        Row(
            row,
            place,
            bench.bench.of_keyword[place - 1] if bench else None,
            is_first=place == 1,
            is_last=place == last,
            is_changed=_content(row) not in saved,
        )
        for place, row in enumerate(draft.keywords, 1)
    ]


def _content(row: KeywordDraft) -> tuple[str, str, Assignment]:
    return row.keyword, row.applies_to, row.assignment


def _names(known: list[str], draft: Draft, which: str) -> list[str]:
    """Return the names a list offers, and those the draft has that are none of them."""
    assignments = [row.assignment for row in draft.keywords]
    assignments += [draft.school, draft.district]
    typed = {getattr(assignment, which) for assignment in assignments} - {""}
    return [*known, *sorted(typed - set(known))]


def _roles_of(lists: Lists, level: str, given: Assignment) -> list[str]:
    """Return the roles that accounts of a level may have, and the one given now."""
    levels = lists.choices.levels
    fitting = [name for name, own in levels.items() if own in (level, "both")]
    return [*fitting, *{given.user_role} - {"", *fitting}]


def _protected(lists: Lists, draft: Draft) -> list[tuple[str, str, bool]]:
    """Return each role with how many hold it and whether it is protected."""
    told = []
    for role in lists.roles:
        number = "1 account" if role.accounts == 1 else f"{role.accounts:,} accounts"
        own = "" if role.is_built_in else ", your own role"
        told.append((role.name, number + own, role.name in draft.protected_roles))
    gone = set(draft.protected_roles) - {role.name for role in lists.roles}
    return told + [(name, "no role here any more", True) for name in sorted(gone)]


def _unrestricted(bench: BenchView | None) -> int:
    """Return how many district accounts a test would create now."""
    if bench is None:
        return 0
    counts = bench.titles.counts
    return sum(c.created for c in counts if c.level is Level.DISTRICT)
