"""The title workbench in words: what each title leads to, and what an edit changes."""

from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import ordinal

from staffimport.core.keywords import not_counting
from staffimport.core.titles import TitleDecision, TitleRules
from staffimport.core.values import Assignment, Level, Settings
from staffimport.core.workbench import Bench, TitleLine, judge
from staffimport.queries.workbench import Titles

SHOWN = 12
MOST_SHOWN = 200
NO_TITLE = "(no title in Clever)"
_LEVELS = {Level.SCHOOL: "School staff", Level.DISTRICT: "District staff"}


@dataclass(frozen=True, slots=True)
class BenchLine:
    """One title: who holds it, what a new account gets and why; `was` before the edit.

    `gets` is role and lists; `by` the sentence on the keyword that decides.
    """

    title: str
    people: int
    level: str
    is_new: bool
    holders: str
    gets: str
    by: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class BenchGroup:
    """Lines under one heading: the first ones, the rest, and how many are left out."""

    first: list[BenchLine]
    rest: list[BenchLine]
    left_out: int

    @property
    def number(self) -> int:
        """Return how many titles the group has."""
        return len(self.first) + len(self.rest) + self.left_out


@dataclass(frozen=True, slots=True)
class BenchView:
    """The workbench as the page shows it."""

    titles: Titles
    bench: Bench
    changed: BenchGroup
    unmapped: BenchGroup
    decided: BenchGroup


@dataclass(frozen=True, slots=True)
class Trial:
    """What a tried title leads to at one level."""

    level: str
    gets: str
    by: str


def bench_view(titles: Titles, saved: Settings, edited: Settings) -> BenchView:
    """Return the workbench for edited settings beside saved ones."""
    bench = judge(titles.counts, saved, edited)
    order = [keyword.keyword for keyword in edited.keywords]

    def group(lines: list[TitleLine]) -> BenchGroup:
        said = [_line(line, titles.new, order) for line in lines[:MOST_SHOWN]]
        # What nobody has seen yet comes first.
        said.sort(key=lambda line: not line.is_new)
        return BenchGroup(said[:SHOWN], said[SHOWN:], len(lines) - len(said))

    return BenchView(
        titles, bench, group(bench.changed), group(bench.unmapped), group(bench.decided)
    )


def all_lines(titles: Titles, saved: Settings) -> list[BenchLine]:
    """Return every title as saved settings decide it, those without keyword first."""
    bench = judge(titles.counts, saved, saved)
    order = [keyword.keyword for keyword in saved.keywords]
    lines = [*bench.unmapped, *bench.decided]
    return [_line(line, titles.new, order) for line in lines]


def try_title(title: str, edited: Settings) -> list[Trial]:
    """Return what a title would lead to, once if it is the same at both levels."""
    words = " ".join(title.split())
    if not words:
        return []
    order = [keyword.keyword for keyword in edited.keywords]
    rules = TitleRules(edited)
    trials = [
        Trial(name, gets(decision.assignment), _by(decision, order))
        for level, name in _LEVELS.items()
        for decision in [rules.decide(level, (words,))]
    ]
    first, second = trials
    if (first.gets, first.by) == (second.gets, second.by):
        return [Trial("School and district staff", first.gets, first.by)]
    return trials


def gets(assignment: Assignment) -> str:
    """Return what a new account gets: "Counselor, Counselor List"."""
    said = [assignment.user_role or "no user role"]
    if assignment.job_function:
        said.append(f"function {assignment.job_function}")
    said += ["Teacher List"] if assignment.teacher_list else []
    said += ["Counselor List"] if assignment.counselor_list else []
    return ", ".join(said)


def _line(line: TitleLine, new: frozenset[str], order: list[str]) -> BenchLine:
    count = line.count
    was = ""
    if line.before is not None:
        by = f"by “{line.before.keyword}”" if line.before.keyword else "the default"
        was = f"{gets(line.before.assignment)}, {by}"
    return BenchLine(
        title=line.title or NO_TITLE,
        people=count.people,
        level="" if count.level is Level.SCHOOL else "District staff",
        is_new=any(title in new for title in count.titles),
        holders=_holders(line),
        gets=gets(line.decision.assignment),
        by=_by(line.decision, order),
        was=was,
    )


def _holders(line: TitleLine) -> str:
    """Return what becomes of those who hold the title, as a sentence."""
    count = line.count
    so = "so" if line.decision.keyword else "with the default"
    parts = [
        (count.created, f"would be created {so}"),
        (count.kept, "keeps the role they have" if count.kept == 1 else _KEEP),
        (count.waiting, f"{_is(count.waiting)} not decided yet"),
        (count.outside, f"{_is(count.outside)} at no school of the import"),
    ]
    said = ", ".join(f"{number:,} {words}" for number, words in parts if number)
    hold = "holds" if count.people == 1 else "hold"
    what = "this title" if line.title else "no title"
    mend = "" if line.title else " Mend in Clever: enter a title."
    return f"{count.people:,} {hold} {what}: {said}.{mend}"


_KEEP = "keep the role they have"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _by(decision: TitleDecision, order: list[str]) -> str:
    """Return which keyword decides, its place, and which others fit."""
    passed = decision.passed_over
    why = f"{not_counting(passed)} " if passed else ""
    if not decision.keyword:
        return f"{why}The default." if passed else "No keyword fits: the default."
    place = ordinal(order.index(decision.keyword) + 1)
    also = ", ".join(f"“{k}” ({ordinal(order.index(k) + 1)})" for k in decision.also)
    verb = "fits" if len(decision.also) == 1 else "fit"
    rest = f"; {also} also {verb}, further down" if also else ""
    return f"{why}By “{decision.keyword}” ({place}){rest}."
