"""What waits for the admin of a district: held rows, conflicts, unmatched schools."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from schools.models import CleverSchool, District
from staffimport.core.explain import listed
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.runs import rows_waiting
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
    """Some things that wait: how many, what, and where to decide them ("" nowhere)."""

    count: int
    kind: str
    title: str
    text: str
    label: str = ""
    url: str = ""


def held_rows(district: District, test: ImportRun | None) -> list[Waiting]:
    """Return the held rows that wait, one entry for each run, newest first."""
    groups = (
        rows_waiting(district, test)
        .order_by("-run_id", "held_reason")
        .values_list("run_id", "held_reason")
        .annotate(number=Count("pk"))
    )
    by_run: dict[int, dict[str, int]] = defaultdict(dict)
    for run, reason, number in groups:
        by_run[run][reason] = number
    return [_held(run, reasons) for run, reasons in by_run.items()]


def conflicts(run: ImportRun | None) -> list[Waiting]:
    """Return the conflicts of the run whose rows are the newest."""
    count = run.counts.get("conflict", 0) if run else 0
    if run is None or not count:
        return []
    url = f"{reverse('staffimport:run', args=[run.pk])}?outcome=conflict"
    text = "Two accounts for one person, or two people for one account."
    title = "Conflict" if count == 1 else "Conflicts"
    return [Waiting(count, "conflict", title, text, "Look at them", url)]


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
    shown = names[:NAMES_SHOWN]
    if len(names) > NAMES_SHOWN:
        shown.append(f"{len(names) - NAMES_SHOWN} more")
    one = len(names) == 1
    text = f"{listed(shown)}: {'its' if one else 'their'} staff are skipped until "
    text += "it is matched." if one else "they are matched."
    title = "Unmatched school" if one else "Unmatched schools"
    url = f"{reverse('schools:match_schools')}?show=unmatched"
    return [Waiting(len(names), "warn", title, text, "Match Schools", url)]


def _held(run: int, reasons: dict[str, int]) -> Waiting:
    count = sum(reasons.values())
    why = ", ".join(
        f"{number} {HELD_WORDS[ImportResult.HeldReason(reason)]}"
        for reason, number in reasons.items()
    )
    text = f"In run {run}: {why}. Nothing happens to them until you approve or dismiss."
    url = f"{reverse('staffimport:run', args=[run])}?state=held"
    title = "Held row" if count == 1 else "Held rows"
    return Waiting(count, "held", title, text, "Review held rows", url)


def in_words(waiting: list[Waiting]) -> str:
    """Return how much waits: "20 things"."""
    return counted(sum(w.count for w in waiting), "thing") if waiting else ""
