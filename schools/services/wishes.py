"""What a district wishes of support, which support grants by a deed or declines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from schools.audit import Actor, record
from schools.clock import day_in, full_day
from schools.errors import RefusedError
from schools.models import AuditEntry, District
from schools.services import leaving, lifecycle
from schools.services.facts import take_turns
from schools.written import given_reason


@dataclass(frozen=True, slots=True)
class Wish:
    """A kind of wish: the audit verbs that make, grant, decline and withdraw it."""

    asked: str
    granted: tuple[str, ...]
    declined: str
    taken_back: str

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the verbs after which nothing is wished any more."""
        return (*self.granted, self.declined, self.taken_back)

    @property
    def verbs(self) -> tuple[str, ...]:
        """Return the verbs of which the newest says how the wish stands."""
        return (self.asked, *self.answers)


ANOTHER_DATE = Wish(
    lifecycle.ASKED_FOR_DATE,
    (lifecycle.MOVED_DATE, lifecycle.LAUNCHED),
    "declined another launch date",
    "took back wish for another launch date",
)
TO_LEAVE = Wish(
    leaving.ASKED_TO_LEAVE,
    (leaving.DISCONNECTED, leaving.RECONNECTED),
    "declined to disconnect",
    "took back wish to be disconnected",
)
WISHES = (ANOTHER_DATE, TO_LEAVE)


def open_wish(district: District, wish: Wish) -> AuditEntry | None:
    """Return the entry of a wish that support has not answered yet, if there is one."""
    return unanswered(wish, _newest(district, wish))


def refusal(district: District, wish: Wish) -> AuditEntry | None:
    """Return the entry by which support declined the newest wish, if it did.

    None as soon as the district asks again or gets what it asked for.
    """
    return declined(wish, _newest(district, wish))


def unanswered(wish: Wish, entries: Iterable[AuditEntry]) -> AuditEntry | None:
    """Return the entry of a wish among a district's, newest first, if it is open."""
    return _standing(wish, entries, wish.asked)


def declined(wish: Wish, entries: Iterable[AuditEntry]) -> AuditEntry | None:
    """Return what `refusal` does, among a district's entries, newest first."""
    return _standing(wish, entries, wish.declined)


def _newest(district: District, wish: Wish) -> Iterable[AuditEntry]:
    return district.audit_entries.filter(verb__in=wish.verbs)[:1]


def _standing(
    wish: Wish, entries: Iterable[AuditEntry], verb: str
) -> AuditEntry | None:
    """Return the newest entry about a wish if it is of that verb."""
    newest = next((entry for entry in entries if entry.verb in wish.verbs), None)
    return newest if newest is not None and newest.verb == verb else None


def refuse_repeated(district: District, wish: Wish, asked: str = "") -> None:
    """Raise RefusedError if the district has an open wish for exactly that.

    `asked` is the date as `lifecycle.as_wished` gives it. Call it in the transaction
    in which the wish is made, when nobody else can make one.
    """
    entry = open_wish(district, wish)
    if entry is None:
        return
    _before, wanted = entry.changes.get("wanted_launch_date") or (None, "")
    if wanted == asked:
        day = full_day(day_in(district, entry.at))
        sentence = (
            f"You have asked for that already, on {day}. Naviance Support has it and "
            "has not answered yet."
        )
        raise RefusedError(sentence)


def districts_that(wish: Wish) -> set[int]:
    """Return the keys of the connected districts with such a wish unanswered."""
    entries = AuditEntry.objects.filter(
        verb__in=wish.verbs, district__disconnected_at=None
    )
    # In the order of time, so the newest of each district is what is left.
    newest = dict(entries.order_by("at", "pk").values_list("district_id", "verb"))
    return {pk for pk, verb in newest.items() if verb == wish.asked}


def in_words(wish: AuditEntry) -> str:
    """Return what a wish's entry asks for: "to launch on December 5, 2026"."""
    if "wanted_launch_date" not in wish.changes:
        return "to be disconnected"
    _before, wanted = wish.changes["wanted_launch_date"]
    try:
        return f"to launch on {full_day(date.fromisoformat(wanted))}"
    except ValueError:
        return f"to launch {wanted}"


def decline_wish(district: District, wish: Wish, actor: Actor, why: str) -> AuditEntry:
    """Say no to a wish of the district, which reads why; return the entry of the wish.

    What it asked for stays as it is. RefusedError if it doesn't wish that.
    """
    why = given_reason(why)
    with transaction.atomic():
        take_turns(district)
        wished = open_wish(district, wish)
        if wished is None:
            sentence = f"{district} has no such wish that waits for an answer."
            raise RefusedError(sentence)
        changes: dict[str, list[object]] = {"wish": [in_words(wished), "declined"]}
        record(district, actor, wish.declined, district.name, changes=changes, note=why)
    return wished


def take_back_wish(district: District, wish: Wish, actor: Actor) -> AuditEntry:
    """Withdraw the district's own wish; return its entry.

    RefusedError if it doesn't wish that any more: support may have answered.
    """
    with transaction.atomic():
        take_turns(district)
        wished = open_wish(district, wish)
        if wished is None:
            sentence = (
                "There is no such wish any more: it has been answered or taken back."
            )
            raise RefusedError(sentence)
        record(district, actor, wish.taken_back, district.name)
    return wished
