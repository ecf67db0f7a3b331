"""Where a district stands on its way to launch: its way points."""

from dataclasses import dataclass

from navsync.next_step import Facts, Next, next_step
from navsync.templatetags.console import day, in_sentence, long_day, moment
from schools.launch import is_on_its_way
from schools.models import District
from staffimport.wording import counted

YOU = "You"
SUPPORT = "Naviance Support"


@dataclass(frozen=True, slots=True)
class Step:
    """One way point: done, now or later, with a line about it and who acts."""

    name: str
    state: str
    line: str
    who: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The district's course and its next action."""

    steps: tuple[Step, ...]
    next: Next

    @property
    def is_complete(self) -> bool:
        """Whether the whole way is behind the district."""
        return all(step.state == "done" for step in self.steps)


def stand(facts: Facts) -> Standing:
    """Return the seven way points, one of them "now" until the launch, and the next.

    None is "now" in a disconnected district, where it is nobody's turn.
    """
    points = [*_set_up(facts), *_launch(facts.district)]
    current = next((i for i, (_, done, *_x) in enumerate(points) if not done), 7)
    states = [_state(i, current, is_done=p[1]) for i, p in enumerate(points)]
    if facts.district.disconnected_at is not None:
        states = ["later" if state == "now" else state for state in states]
    steps = tuple(
        Step(name, state, line, who)
        for state, (name, _done, line, who) in zip(states, points, strict=True)
    )
    return Standing(steps, next_step(facts))


def _state(index: int, current: int, *, is_done: bool) -> str:
    """Return how far a way point is; the launch stays done when a test follows it."""
    if index == current:
        return "now"
    return "done" if is_done or index < current else "later"


Point = tuple[str, bool, str, str]  # name, whether it is done, line, who acts


def _set_up(facts: Facts) -> list[Point]:
    activated, saved = facts.district.activated_at, facts.settings_saved_at
    imported, tested = facts.is_imported, facts.test is not None
    return [
        ("Activated", activated is not None, day(activated), SUPPORT),
        (
            "Match Schools",
            imported or facts.matched_schools > 0,
            _matched_line(facts),
            YOU,
        ),
        (
            "Import Staff Data",
            imported or tested or saved is not None,
            f"Settings saved {in_sentence(day(saved))}"
            if saved
            else "Settings not saved yet",
            YOU,
        ),
        (
            "Test import",
            imported or tested,
            moment(facts.test.pulled_at) if facts.test else _tested_line(facts),
            YOU,
        ),
        ("Review, then Start Import", imported, _review_line(facts), YOU),
    ]


def _launch(district: District) -> list[Point]:
    reviewed, launched = district.materials_reviewed_at, district.launched_at
    imported = district.first_final_at
    line = day(launched) or long_day(district.launch_date) or "No date yet"
    if district.is_paused and is_on_its_way(district):
        line = "Waits: the district is paused"
    return [
        (
            "Materials review",
            bool(reviewed or launched),
            day(reviewed) or ("Under way" if imported else "After the import"),
            SUPPORT,
        ),
        ("Launch", launched is not None, line, SUPPORT),
    ]


def _matched_line(facts: Facts) -> str:
    if not facts.clever_schools:
        return "Not read from Clever yet"
    return f"{facts.matched_schools} of {facts.clever_schools} matched"


def _tested_line(facts: Facts) -> str:
    if facts.is_imported:
        return "Reviewed and imported"
    return "Undone: run it again" if facts.was_undone else "Not run yet"


def _review_line(facts: Facts) -> str:
    if facts.is_imported:
        return day(facts.district.first_final_at)
    waiting = facts.held + facts.conflicts
    return f"{counted(waiting, 'row')} to decide" if waiting else "After the test"
