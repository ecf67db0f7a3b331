"""A district's way to launch: deeds of support, of the district and of the schedule.

Each writes the fact it makes and its audit entry with who, when and why; the district
reads them in its history. The rules are in `schools.launch` and
`schools.refusals`; each is judged by facts that `write_facts` holds to. What can't be
done raises RefusedError, and nothing is changed.
"""

from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from django.db import transaction
from django.utils import timezone

from schools import launch, refusals
from schools.audit import Actor, record
from schools.clock import day_in, full_day
from schools.errors import RefusedError, refuse_for
from schools.models import AuditEntry, District
from schools.services.facts import write_facts
from schools.written import given_reason, visible_text

ACTIVATED = "activated district"
MOVED_DATE = "moved launch date"
ASKED_FOR_DATE = "asked for launch date"
REVIEWED = "marked materials reviewed"
REVIEW_TAKEN_BACK = "took back materials review"
LAUNCHED = "launched district"
PAUSED = "paused district"
RESUMED = "resumed district"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """With whom a request was confirmed, and which prerequisites were.

    Both must be there (manual, "Staff Integration Prerequisites").
    """

    confirmed_with: str
    clever_account: bool
    subscription: bool


def activate_district(
    district: District, actor: Actor, confirmed: Confirmation, why: str = ""
) -> None:
    """Activate a requested district; the launch date is 28 days on, in its own time."""
    refuse_for(refusals.for_activation(district))
    if not visible_text(confirmed.confirmed_with):
        _refuse("Say with whom in the district the request was confirmed.")
    if not (confirmed.clever_account and confirmed.subscription):
        sentence = (
            f"{district.name} needs both before it is activated: an active Clever "
            "account, and a Naviance for Districts subscription. Confirm them first."
        )
        _refuse(sentence)
    now = timezone.now()
    first_date = launch.first_launch_date(district, now)
    with transaction.atomic():
        write_facts(district, activated_at=now, launch_date=first_date)
        record_activation(district, actor, confirmed, why)


def record_activation(
    district: District, actor: Actor, confirmed: Confirmation | None, note: str
) -> None:
    """Keep that a district was activated; without `confirmed` nobody was asked."""
    changes: dict[str, list[object]] = {
        "state": ["requested", "activated"],
        "launch_date": [None, _iso(district.launch_date)],
    }
    if confirmed is not None:
        changes |= {
            "confirmed_with": [None, visible_text(confirmed.confirmed_with)],
            "clever_account": [None, confirmed.clever_account],
            "subscription": [None, confirmed.subscription],
        }
    note = visible_text(note)
    record(district, actor, ACTIVATED, district.name, changes=changes, note=note)


def move_launch_date(district: District, to: date, actor: Actor, why: str) -> None:
    """Set another launch date: today or later in the district's own calendar."""
    why = given_reason(why)
    refuse_for(refusals.beside_the_way(district))
    _refuse_date(district, to)
    before = district.launch_date
    with transaction.atomic():
        write_facts(district, launch_date=to)
        changes: dict[str, list[object]] = {"launch_date": [_iso(before), _iso(to)]}
        record(district, actor, MOVED_DATE, district.name, changes=changes, note=why)


def ask_for_launch_date(
    district: District, wanted: date | None, actor: Actor, why: str
) -> AuditEntry:
    """Keep that the district asks support for another date, and return the entry.

    `wanted` None asks for a launch as soon as it can be, for which a final import must
    have run. Support answers by moving the date or by launching.
    """
    why = given_reason(why)
    refuse_for(refusals.beside_the_way(district))
    if wanted is not None:
        _refuse_date(district, wanted)
    elif district.first_final_at is None:
        sentence = (
            "An early launch needs a final import first. Complete it, then ask again, "
            "or ask for another date."
        )
        _refuse(sentence)
    changes: dict[str, list[object]] = {
        "wanted_launch_date": [_iso(district.launch_date), as_wished(wanted)]
    }
    return record(
        district, actor, ASKED_FOR_DATE, district.name, changes=changes, note=why
    )


def as_wished(wanted: date | None) -> str:
    """Return a wished launch date as the audit trail has it."""
    return _iso(wanted) or "as soon as possible"


def mark_materials_reviewed(district: District, actor: Actor, why: str) -> None:
    """Say that the launch materials are ready: on its date the district launches."""
    why = given_reason(why)
    refuse_for(refusals.for_review(district))
    with transaction.atomic():
        write_facts(district, materials_reviewed_at=timezone.now())
        record(
            district,
            actor,
            REVIEWED,
            district.name,
            changes={"reviewed": [False, True]},
            note=why,
        )


def take_back_materials_review(district: District, actor: Actor, why: str) -> None:
    """Say that the launch materials are not ready after all: nothing launches."""
    why = given_reason(why)
    refuse_for(refusals.for_taking_back_review(district))
    with transaction.atomic():
        write_facts(district, materials_reviewed_at=None)
        record(
            district,
            actor,
            REVIEW_TAKEN_BACK,
            district.name,
            changes={"reviewed": [True, False]},
            note=why,
        )


def launch_district(district: District, actor: Actor, why: str) -> None:
    """Open sign-in with Clever, before the launch date or on it."""
    why = given_reason(why)
    refuse_for(launch.launch_lacks(district))
    with transaction.atomic():
        before = district.state
        write_facts(district, launched_at=timezone.now())
        record(
            district,
            actor,
            LAUNCHED,
            district.name,
            changes={"state": [before.value, district.state.value]},
            note=why,
        )


def pause_district(district: District, actor: Actor, why: str) -> None:
    """Stop syncs and final imports until `resume_district`; sign-in goes on."""
    why = given_reason(why)
    refuse_for(refusals.for_pause(district))
    with transaction.atomic():
        write_facts(district, paused_at=timezone.now())
        record(
            district,
            actor,
            PAUSED,
            district.name,
            changes={"paused": [False, True]},
            note=why,
        )


def resume_district(district: District, actor: Actor, why: str) -> None:
    """End a pause; the periodic sync goes on unless an undo stopped it."""
    why = given_reason(why)
    refuse_for(refusals.for_resume(district))
    with transaction.atomic():
        write_facts(district, paused_at=None)
        record(
            district,
            actor,
            RESUMED,
            district.name,
            changes={"paused": [True, False]},
            note=why,
        )


def _refuse(sentence: str) -> NoReturn:
    raise RefusedError(sentence)


def _refuse_date(district: District, wanted: date) -> None:
    today = day_in(district, timezone.now())
    if wanted < today:
        sentence = (
            f"{full_day(wanted)} is past in {district}. Choose today or a later day."
        )
        _refuse(sentence)
    if wanted > today + launch.LONGEST_WAY:
        sentence = (
            f"{full_day(wanted)} is more than a year away. Choose a day within a year."
        )
        _refuse(sentence)
    if wanted == district.launch_date:
        sentence = f"{full_day(wanted)} is the launch date already. Choose another day."
        _refuse(sentence)


def _iso(day: date | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"
