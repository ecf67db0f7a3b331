"""Who must act next in a district, and with what."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from navsync.templatetags.console import in_sentence, long_day, moment
from schools.clock import day_in
from schools.launch import has_passed
from schools.models import District
from staffimport.core.explain import listed
from staffimport.gate import good_until
from staffimport.models import ImportRun
from staffimport.wording import PROGRESS_LABELS, counted

SUPPORT_NEXT = "Naviance Support acts next"
YOU_NEXT = "You act next"
NONE_STORED = (
    "NavSync has no access token for your district’s data in Clever, so nothing can be "
    "read. Naviance Support stores it when your district has connected NavSync in the "
    "Clever Dashboard."
)
NOT_ACCEPTED = (
    "Clever refuses NavSync’s access token for your district, so nothing can be read. "
    "Support stores the current one; check in the Clever Dashboard that your district "
    "is still connected to NavSync."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """All the standing depends on.

    `test` is the newest succeeded test unless a final has followed it; `gate` are the
    sentences that refuse a final import now; `held` and `conflicts` wait for the admin,
    and so do `others`, such as "2 unmatched schools". `lacks_token` says that NavSync
    has no token of the district, `was_undone` that its final import was undone.
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
    others: tuple[str, ...] = ()
    lacks_token: bool = False
    was_undone: bool = False

    @property
    def token_trouble(self) -> str:
        """Return why nothing can be read from Clever until support acts, or ""."""
        if self.lacks_token:
            return NONE_STORED
        return NOT_ACCEPTED if self.district.token_refused_at else ""

    @property
    def is_imported(self) -> bool:
        """Whether a final has run and no newer test waits to become one."""
        return self.district.first_final_at is not None and self.test is None


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


def next_step(facts: Facts) -> Next:
    """Return who acts next and what they do."""
    district = facts.district
    if district.disconnected_at is not None:
        text = (
            "Your district is disconnected from Clever. You can look at everything and "
            "change nothing."
        )
        return Next("Nothing to do", text, "What happens when", reverse("leaving"))
    if district.activated_at is None:
        text = (
            "Support confirms your request with you, then activates the district and "
            "sets its launch date."
        )
        return Next(SUPPORT_NEXT, text)
    if district.is_paused:
        text = "Your district is paused: syncs and final imports wait."
        if district.launched_at is not None:
            text += " Sign-in works."
        return Next(SUPPORT_NEXT, text, "See why", reverse("launch"))
    if facts.under_way:
        return _watch(facts.under_way[0])
    if facts.token_trouble:
        following = Next(SUPPORT_NEXT, facts.token_trouble)
    elif facts.is_imported:
        return _after_final(facts)
    else:
        following = _before_final(facts)
    return following if facts.is_imported else _by_the_launch(facts, following)


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
    return _before_test(facts) if facts.test is None else _after_test(facts, facts.test)


def _before_test(facts: Facts) -> Next:
    if not facts.clever_schools:
        text = (
            "Nothing is read from Clever yet. On Readiness click Check now: it reads "
            "your schools and staff and says what to mend. Then match your schools."
        )
        return Next(YOU_NEXT, text, "Check your data", reverse("staffimport:readiness"))
    if not facts.matched_schools:
        text = (
            "No Clever school is matched with a Naviance school yet, so nobody can be "
            "imported. Match them first."
        )
        return Next(YOU_NEXT, text, "Match Schools", reverse("schools:match_schools"))
    if not facts.settings_saved_at:
        text = (
            "Say what new accounts get for each title, then click Save & Begin Test "
            "Import. A test changes nothing in Naviance."
        )
        url = reverse("staffimport:settings")
        return Next(YOU_NEXT, text, "Import Staff Data", url)
    text = (
        "Begin a test import. It reads schools and staff from Clever, matches them "
        "and shows what an import would do. It changes nothing in Naviance."
    )
    return Next(YOU_NEXT, text, "Begin Test Import", starts_test=True)


def _after_test(facts: Facts, test: ImportRun) -> Next:
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
        _review(facts, test),
        "Review results",
        reverse("staffimport:run", args=[test.pk]),
        until=_test_lasts(facts, test),
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
    end = in_sentence(moment(good_until(test)))
    return f"Before {end}: then the test is older than 48 hours and must be run again."


def _after_final(facts: Facts) -> Next:
    """Return what waits for the admin, and besides what is left until the launch."""
    rest, undecided = _until_launched(facts), _undecided(facts)
    if not undecided and not facts.others:
        return rest
    sentences = []
    if undecided:
        text = f"Decide the {undecided}: each says what becomes of it until you do."
        sentences.append(text)
    if facts.others:
        is_one = len(facts.others) == 1 and facts.others[0].startswith("1 ")
        also = " also" if undecided else ""
        verb = "waits" if is_one else "wait"
        sentences.append(f"{listed(facts.others)}{also} {verb} for you.")
    return replace(
        rest,
        title=YOU_NEXT,
        text=" ".join([*sentences, rest.text]),
        label="See what waits",
        url=f"{reverse('home')}#todo",
    )


def _until_launched(facts: Facts) -> Next:
    district = facts.district
    if district.launched_at:
        text = "Your district is launched. "
        if district.sync_paused_at is None:
            text += "Syncs keep your staff in step with Clever."
        else:
            text += "The periodic sync is stopped until you resume it."
        return Next("Nothing to do", text)
    launch, is_reviewed = district.launch_date, district.materials_reviewed_at
    if has_passed(district, day_in(district, facts.now)):
        lacks = "" if is_reviewed else " Your launch materials are not reviewed yet."
        text = "Your staff are imported. Support reviews your materials and launches."
        return Next(SUPPORT_NEXT, text, late=f"{long_day(launch)}.{lacks}")
    if is_reviewed is None:
        text = "Your staff are imported. Support reviews your launch materials."
        until = f"The launch date is {long_day(launch)}." if launch else ""
        return Next(SUPPORT_NEXT, text, until=until)
    when = f" Launch is on {long_day(launch)}." if launch else ""
    return Next("Nothing to do until the launch", f"Everything is ready.{when}")
