"""What the setup, finals and undos do to a district's way, and to its periodic sync.

The deeds of support and of the schedule are in `lifecycle`; these follow from what
happens elsewhere and are written in its transaction, with who and why.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from schools import refusals
from schools.audit import Actor, record
from schools.errors import refuse_for
from schools.models import District
from schools.services.facts import read_facts, take_turns, write_facts
from schools.written import visible_text

SETUP_BEGUN = "began setup"
READY = "made ready for launch"
NOT_READY = "made unready for launch"
SYNC_PAUSED = "paused sync"
SYNC_RESUMED = "resumed sync"


def resume_sync(district: District, actor: Actor, why: str = "") -> None:
    """Let the periodic sync go on that an undo stopped (product.md, "Undo").

    The district's own admins, whose undo it was, need no reason.
    """
    refuse_for(refusals.for_resuming_sync(district))
    with transaction.atomic():
        write_facts(district, sync_paused_at=None)
        _record_sync(district, actor, SYNC_RESUMED, visible_text(why))


def note_setup_begun(district: District, actor: Actor, why: str) -> None:
    """Note that the setup has begun: first schools are matched, or settings saved.

    `why` says which, as a sentence. Does nothing the second time. Call it inside the
    transaction of the change.
    """
    now, before = timezone.now(), district.state
    begun = District.objects.filter(pk=district.pk, setup_begun_at=None)
    if begun.update(setup_begun_at=now):
        district.setup_begun_at = now
        _record_state(district, actor, SETUP_BEGUN, before, why)


def note_final(district: District, actor: Actor, final: str, now: datetime) -> None:
    """Note that a final import was applied: syncs go on, the first makes it ready.

    `final` names the import. Call it inside the transaction of its apply.
    """
    take_turns(district)
    read_facts(district)
    before, was_paused = district.state, district.sync_paused_at is not None
    district.sync_paused_at = None
    district.first_final_at = district.first_final_at or now
    district.save(update_fields=["sync_paused_at", "first_final_at"])
    note = f"{final} was applied."
    if district.state != before:
        _record_state(district, actor, READY, before, note)
    if was_paused:
        _record_sync(district, actor, SYNC_RESUMED, note)


def note_undo(
    district: District,
    actor: Actor,
    undone: str,
    applied_at: datetime | None,
    now: datetime,
) -> bool:
    """Note that an import was undone: the periodic sync stops until it is resumed.

    `undone` names the import, `applied_at` is when it was applied. Returns whether it
    was the first final, without which the district is ready no more. Call it inside
    the transaction of the undo.
    """
    take_turns(district)
    read_facts(district)
    before, note = district.state, f"{undone} was undone."
    was_first = applied_at is not None and district.first_final_at == applied_at
    if was_first:
        district.first_final_at = None
    if district.state != before:
        _record_state(district, actor, NOT_READY, before, note)
    if district.sync_paused_at is None:
        _record_sync(district, actor, SYNC_PAUSED, note)
    district.sync_paused_at = now
    district.save(update_fields=["sync_paused_at", "first_final_at"])
    return was_first


def _record_sync(district: District, actor: Actor, verb: str, note: str) -> None:
    is_paused = verb == SYNC_PAUSED
    changes: dict[str, list[object]] = {"sync paused": [not is_paused, is_paused]}
    record(district, actor, verb, district.name, changes=changes, note=note)


def _record_state(
    district: District, actor: Actor, verb: str, before: str, note: str = ""
) -> None:
    """Keep a step on the way, with the state where that has changed by it."""
    after = district.state.value
    changes: dict[str, list[object]] = {}
    if after != before:
        changes["state"] = [str(before), after]
    record(district, actor, verb, district.name, changes=changes, note=note)
