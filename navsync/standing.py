"""Where a district stands on its way to launch, and who must act next."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from navsync.templatetags.console import day, in_sentence, long_day, moment
from schools.clock import day_in
from schools.launch import has_passed
from schools.models import District
from staffimport.gate import TEST_LASTS
from staffimport.models import ImportRun
from staffimport.wording import PROGRESS_LABELS, counted

YOU = "You"
SUPPORT = "Naviance Support"
SUPPORT_NEXT = "Naviance Support acts next"
YOU_NEXT = "You act next"


@dataclass(frozen=True, slots=True)
class Facts:
    """All the standing depends on.

    `test` is the newest succeeded test unless a final has followed it; `gate` are the
    sentences that refuse a final import now; `held` and `conflicts` wait for the admin.
    """

    district: District
    now: datetime
    clever_schools: int = 0
    matched_schools: int = 0
    settings_saved_at: datetime | None = None
    test: ImportRun | None = None
    gate: tuple[str, ...] = ()
    under_way: tuple[ImportRun, ...] = ()
    held: int = 0
    conflicts: int = 0

    @property
    def is_imported(self) -> bool:
        """Whether a final has run and no newer test waits to become one."""
        return self.district.first_final_at is not None and self.test is None


@dataclass(frozen=True, slots=True)
class Step:
    """One way point: done, now or later, with a line about it and who acts."""

    name: str
    state: str
    line: str
    who: str


@dataclass(frozen=True, slots=True)
class Next:
    """Who acts next and what they do; `url` leads there, or a button starts a test.

    `until` says by when, and what comes then; `late` that the launch date has passed,
    and why nothing was launched.
    """

    title: str
    text: str
    label: str = ""
    url: str = ""
    starts_test: bool = False
    until: str = ""
    late: str = ""

    @property
    def is_yours(self) -> bool:
        """Whether it is the district's admin who acts."""
        return self.title == YOU_NEXT


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
    """Return the seven way points, one of them "now" until the launch, and the next."""
    points = [*_set_up(facts), *_launch(facts.district)]
    current = next((i for i, (_, done, *_x) in enumerate(points) if not done), 7)
    steps = tuple(
        Step(name, _state(i, current), line, who)
        for i, (name, _done, line, who) in enumerate(points)
    )
    return Standing(steps, _next(facts))


def _state(index: int, current: int) -> str:
    if index == current:
        return "now"
    return "done" if index < current else "later"


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
    line = day(launched) or long_day(district.launch_date) or "No date yet"
    return [
        (
            "Materials review",
            bool(reviewed or launched),
            day(reviewed) or "After the import",
            SUPPORT,
        ),
        ("Launch", launched is not None, line, SUPPORT),
    ]


def _matched_line(facts: Facts) -> str:
    if not facts.clever_schools:
        return "Not read from Clever yet"
    return f"{facts.matched_schools} of {facts.clever_schools} matched"


def _tested_line(facts: Facts) -> str:
    return "Reviewed and imported" if facts.is_imported else "Not run yet"


def _review_line(facts: Facts) -> str:
    if facts.is_imported:
        return day(facts.district.first_final_at)
    waiting = facts.held + facts.conflicts
    return f"{counted(waiting, 'row')} to decide" if waiting else "After the test"


def _next(facts: Facts) -> Next:
    district = facts.district
    if district.disconnected_at is not None:
        text = "Your district is disconnected from Clever. Nothing is imported now."
        return Next(SUPPORT_NEXT, text)
    if district.activated_at is None:
        text = (
            "Support confirms your request with you, then activates the district and "
            "sets its launch date."
        )
        return Next(SUPPORT_NEXT, text)
    if district.is_paused:
        text = "Your district is paused: syncs and final imports wait. Sign-in works."
        return Next(SUPPORT_NEXT, text)
    if facts.under_way:
        return _watch(facts.under_way[0])
    if facts.is_imported:
        return _after_final(facts)
    return _by_the_launch(facts, _before_final(facts))


def _by_the_launch(facts: Facts, following: Next) -> Next:
    """Return a step of the setup with the launch date, by which it must be done."""
    launch, now = facts.district.launch_date, facts.now
    if launch is None or facts.district.launched_at is not None:
        return following
    if has_passed(facts.district, day_in(facts.district, now)):
        late = f"{long_day(launch)}. No final import has run yet."
        return replace(following, late=late)
    if following.until:
        return following
    return replace(following, until=f"By the launch date, {long_day(launch)}.")


def _watch(run: ImportRun) -> Next:
    return Next(
        f"{run}: {run.get_state_display()}",
        "Nothing to do until it ends. It goes on by itself when you leave.",
        PROGRESS_LABELS.get(ImportRun.Kind(run.kind), "Check progress"),
        reverse("staffimport:run", args=[run.pk]),
    )


def _before_final(facts: Facts) -> Next:
    if facts.test is None and facts.clever_schools and not facts.matched_schools:
        text = (
            "No Clever school is matched with a Naviance school yet, so nobody can be "
            "imported. Match them first."
        )
        return Next(YOU_NEXT, text, "Match Schools", reverse("schools:match_schools"))
    if facts.test is None and facts.clever_schools and not facts.settings_saved_at:
        text = (
            "Say what new accounts get for each title, then click Save & Begin Test "
            "Import. A test changes nothing in Naviance."
        )
        url = reverse("staffimport:settings")
        return Next(YOU_NEXT, text, "Import Staff Data", url)
    if facts.test is None:
        text = (
            "Begin a test import. It reads schools and staff from Clever, matches them "
            "and shows what an import would do. It changes nothing in Naviance."
        )
        return Next(YOU_NEXT, text, "Begin Test Import", starts_test=True)
    if facts.matched_schools == 0:
        text = (
            "No Clever school is matched with a Naviance school, so nobody can be "
            "imported. Match them, then run the test again."
        )
        return Next(YOU_NEXT, text, "Run the test again", starts_test=True)
    if facts.gate:
        text = " ".join(facts.gate)
        return Next(YOU_NEXT, text, "Run the test again", starts_test=True)
    return Next(
        YOU_NEXT,
        _review(facts, facts.test),
        "Review results",
        reverse("staffimport:run", args=[facts.test.pk]),
        until=_test_lasts(facts, facts.test),
    )


def _review(facts: Facts, test: ImportRun) -> str:
    things = _undecided(facts)
    what = f"Decide the {things}" if things else "Review the results"
    return f"{what} of test {test.pk}, then click Start Import."


def _undecided(facts: Facts) -> str:
    """Return what waits for a decision: "14 held rows and 1 conflict"."""
    kinds = ((facts.held, "held row"), (facts.conflicts, "conflict"))
    return " and ".join(counted(number, noun) for number, noun in kinds if number)


def _test_lasts(facts: Facts, test: ImportRun) -> str:
    end = in_sentence(moment((test.pulled_at or facts.now) + TEST_LASTS))
    return f"Before {end}: then the test is older than 48 hours and must be run again."


def _after_final(facts: Facts) -> Next:
    district = facts.district
    if facts.held or facts.conflicts:
        text = f"Decide the {_undecided(facts)}. Nothing happens to them until you do."
        return Next(YOU_NEXT, text, "See what waits", f"{reverse('home')}#todo")
    if district.launched_at:
        return Next(
            "Nothing to do",
            "Your district is launched. Syncs keep your staff in step with Clever.",
        )
    launch, is_reviewed = district.launch_date, district.materials_reviewed_at
    if has_passed(district, day_in(district, facts.now)):
        lacks = "" if is_reviewed else " Your launch materials are not reviewed yet."
        text = "Your staff are imported. Support reviews your materials and launches."
        return Next(SUPPORT_NEXT, text, late=f"{long_day(launch)}.{lacks}")
    if is_reviewed is None:
        text = "Your staff are imported. Support reviews your launch materials."
        until = f"By the launch date, {long_day(launch)}." if launch else ""
        return Next(SUPPORT_NEXT, text, until=until)
    when = f" Launch is on {long_day(launch)}." if launch else ""
    return Next("Nothing to do until the launch", f"Everything is ready.{when}")
