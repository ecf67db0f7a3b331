"""What waits for the admin of a district, and where it is decided."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from accounts.models import Invitation
from accounts.queries.invitations import EXPIRED, counts
from navsync.templatetags.console import day, in_sentence
from schools.models import CleverSchool, District
from staffimport.core.explain import FIELD_WORDS, listed
from staffimport.models import FieldDrift, ImportResult, ImportRun
from staffimport.queries.runs import rows_waiting
from staffimport.queries.workbench import unmapped_new_titles
from staffimport.store.load import places
from staffimport.store.settings import get_settings
from staffimport.wording import counted

NAMES_SHOWN = 3

HELD_WORDS = {
    ImportResult.HeldReason.CHANGED: "changed since your test",
    ImportResult.HeldReason.BRAKE: "by the brake",
    ImportResult.HeldReason.SOURCE: "by missing data in Clever",
    ImportResult.HeldReason.RELINK: "by a new Clever ID",
    ImportResult.HeldReason.PAIR: "in pairs",
    ImportResult.HeldReason.ROLLOVER: "by sections that are gone",
    ImportResult.HeldReason.EDITED: "edited during the run",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some things that wait: how many, what, and where to decide them ("" nowhere).

    `since` is when the oldest of them came up, where that is known.
    """

    count: int
    kind: str
    title: str
    text: str
    label: str = ""
    url: str = ""
    since: datetime | None = None

    @property
    def named(self) -> str:
        """Return how many of what, within a sentence: "2 unmatched schools"."""
        return f"{self.count:,} {self.title[0].lower()}{self.title[1:]}"


def held_rows(district: District, test: ImportRun | None) -> list[Waiting]:
    """Return the held rows that wait, one entry for each run, newest first."""
    groups = (
        rows_waiting(district, test)
        .order_by("-run_id", "held_reason")
        .values_list("run_id", "run__finished_at", "held_reason")
        .annotate(number=Count("pk"))
    )
    by_run: dict[tuple[int, datetime | None], dict[str, int]] = defaultdict(dict)
    for run, since, reason, number in groups:
        by_run[run, since][reason] = number
    return [_held(run, since, reasons) for (run, since), reasons in by_run.items()]


def conflicts(run: ImportRun | None) -> list[Waiting]:
    """Return the conflicts of the run whose rows are the newest."""
    count = run.counts.get("conflict", 0) if run else 0
    if run is None or not count:
        return []
    url = f"{reverse('staffimport:run', args=[run.pk])}?outcome=conflict"
    text = "Two accounts for one person, or two people for one account."
    title = "Conflict" if count == 1 else "Conflicts"
    since = run.finished_at
    return [Waiting(count, "conflict", title, text, "Decide", url, since)]


def unmatched_schools(district: District) -> list[Waiting]:
    """Return the schools that Clever shares and no Naviance school is matched with."""
    names = list(
        CleverSchool.objects.filter(
            district=district, is_shared=True, match__isnull=True
        )
        .order_by("name")
        .values_list("name", flat=True)
    )
    if not names:
        return []
    one = len(names) == 1
    text = f"{_some(names)}: {'its' if one else 'their'} staff are skipped until "
    text += "it is matched." if one else "they are matched."
    title = "Unmatched school" if one else "Unmatched schools"
    url = f"{reverse('schools:match_schools')}?show=unmatched"
    return [Waiting(len(names), "warn", title, text, "Match Schools", url)]


def schools_not_imported(district: District) -> list[Waiting]:
    """Return the matched schools that no final import has included yet.

    Before the first one that is no news; afterwards a sync leaves them out, without a
    word elsewhere (product.md, "Test, final, sync"). Schools that the settings leave
    out are meant to be.
    """
    if not district.first_final_at:
        return []
    names = sorted(
        place.name
        for place in places(district, get_settings(district))
        if place.clever_id and place.included and not place.covered
    )
    if not names:
        return []
    one = len(names) == 1
    text = (
        f"{_some(names)}: matched, or unlocked by Support, since the last final "
        "import. A sync leaves "
        f"{'it' if one else 'them'} out until a new test and a final import "
        f"include {'it' if one else 'them'}."
    )
    title = "School not imported yet" if one else "Schools not imported yet"
    url = reverse("staffimport:settings")
    return [Waiting(len(names), "warn", title, text, "Import Staff Data", url)]


def new_titles(district: District) -> list[Waiting]:
    """Return the titles that are new in Clever and that no keyword fits."""
    titles = unmapped_new_titles(district)
    if not titles:
        return []
    one = len(titles) == 1
    text = (
        f"{_some(titles)}: no keyword fits, so whoever is created with "
        f"{'it' if one else 'them'} gets the default."
    )
    title = "New title" if one else "New titles"
    url = reverse("staffimport:settings")
    return [Waiting(len(titles), "info", title, text, "Map titles", url)]


def drifting(district: District) -> list[Waiting]:
    """Return the accounts whose pinned fields are not what Clever says."""
    drifts = FieldDrift.objects.filter(account__district=district)
    accounts = drifts.values("account").distinct().count()
    if not accounts:
        return []
    fields = drifts.values_list("field").annotate(number=Count("pk"))
    said = listed(
        f"{FIELD_WORDS.get(field, field).lower()} ({number:,})"
        for field, number in fields.order_by("-number", "field")
    )
    text = (
        f"Clever says something else of fields that are pinned by hand: {said}. They "
        "stay as they are until somebody follows Clever."
    )
    title = "Drifting account" if accounts == 1 else "Drifting accounts"
    url = f"{reverse('staffimport:staff')}?pins=drifting"
    return [Waiting(accounts, "drifting", title, text, "Look at them", url)]


def _some(names: Sequence[str]) -> str:
    """Return a few names, and how many more there are."""
    shown = list(names[:NAMES_SHOWN])
    if len(names) > NAMES_SHOWN:
        shown.append(f"{len(names) - NAMES_SHOWN} more")
    return listed(shown)


def invitations(district: District, now: datetime) -> list[Waiting]:
    """Return the invitations that reached nobody; none where Clever SSO is used."""
    if district.uses_sso is not False:
        return []
    found = counts(district, now)
    failed, expired = found[Invitation.State.FAILED], found[EXPIRED]
    unmailed = found[Invitation.State.UNMAILED]
    page = reverse("invitations")
    waiting = []
    if failed or expired:
        parts = ((failed, "failed", "failed"), (expired, EXPIRED, "expired unused"))
        words = listed(f"{number} {what}" for number, _, what in parts if number)
        state = next(state for number, state, _ in parts if number)
        title = "Invitation" if failed + expired == 1 else "Invitations"
        text = f"{words[0].upper()}{words[1:]}: send them again with a new link."
        url = f"{page}?state={state}"
        waiting.append(
            Waiting(failed + expired, "warn", title, text, "Send again", url)
        )
    if unmailed:
        title = "Person nobody can mail" if unmailed == 1 else "People nobody can mail"
        text = "Their address is missing, malformed or shared. Mend it in Clever."
        url = f"{page}?state={Invitation.State.UNMAILED}"
        waiting.append(
            Waiting(unmailed, "unmailed", title, text, "See who and why", url)
        )
    return waiting


def _held(run: int, since: datetime | None, reasons: dict[str, int]) -> Waiting:
    count = sum(reasons.values())
    why = ", ".join(
        f"{number} {HELD_WORDS[ImportResult.HeldReason(reason)]}"
        for reason, number in reasons.items()
    )
    text = f"In run {run}: {why}. {_until_decided(count, reasons)}"
    url = f"{reverse('staffimport:run', args=[run])}?state=held"
    title = "Held row" if count == 1 else "Held rows"
    return Waiting(count, "held", title, text, "Review held rows", url, since)


def _until_decided(count: int, reasons: dict[str, int]) -> str:
    """Return what becomes of held rows that nobody decides.

    Source: product.md, "The next sync takes 'changed since test' rows by itself, no
    others".
    """
    by_sync = reasons.get(ImportResult.HeldReason.CHANGED, 0)
    if not by_sync:
        return "Nothing happens to them until you approve or dismiss."
    takes = "The next sync takes what changed since your test, unless you dismiss it."
    if by_sync == count:
        return takes
    return f"{takes} Nothing happens to the others until you approve or dismiss."


def in_words(waiting: Sequence[Waiting]) -> str:
    """Return how much waits and since when: "20 things, oldest since Oct 9"."""
    if not waiting:
        return ""
    things = counted(sum(w.count for w in waiting), "thing")
    known = [w.since for w in waiting if w.since is not None]
    return f"{things}, oldest since {in_sentence(day(min(known)))}" if known else things
