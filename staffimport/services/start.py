"""Starts runs: check, test, final, sync.

Each returns the run that was queued, or the one of its kind that is under way already,
so a double click gives the same run. A worker carries it out; it waits in the queue
while another run of the district is running.
"""

from django.db import transaction
from django.utils import timezone

from schools.audit import Actor
from schools.models import District
from staffimport import runs, tasks
from staffimport.errors import NotReady
from staffimport.gate import (
    Gate,
    connection_reasons,
    final_gate,
    sync_reasons,
    test_reasons,
)
from staffimport.models import ImportResult, ImportRun
from staffimport.services.decision_rights import beyond_rights

__all__ = [
    "Gate",
    "final_gate",
    "start_check",
    "start_final",
    "start_sync",
    "start_test",
]

Kind = ImportRun.Kind


def start_check(district: District, actor: Actor, *, send: bool = True) -> ImportRun:
    """Queue a check: pull from Clever, and match schools.

    `send` False leaves it to the caller to have it carried out. Raises NotReady.
    """
    _refuse(connection_reasons(district))
    return _queue(district, Kind.CHECK, actor, send=send)


def start_test(
    district: District, actor: Actor, *, send: bool = True, why: str = ""
) -> ImportRun:
    """Queue a test import, which changes no account. Raises NotReady.

    `send` False leaves it to the caller to have it carried out; `why` is the reason
    support gives.
    """
    _refuse(test_reasons(district))
    return _queue(district, Kind.TEST, actor, send=send, why=why)


def start_final(
    district: District, actor: Actor, *, include_held: bool = False, send: bool = True
) -> ImportRun:
    """Queue the final import that follows the newest test.

    `include_held` releases what the brake would hold, for which the admin gave a tick
    of its own; no more than they could approve. `send` False leaves it to the caller to
    have it carried out. Raises NotReady with what stands in the way, such as a sentence
    of `final_gate`.
    """
    existing = runs.under_way(district, Kind.FINAL)
    if existing is not None:
        return existing
    gate = final_gate(district)
    _refuse(gate.reasons)
    if include_held and gate.test is not None:
        _refuse(_beyond_rights(gate.test, actor))
    return _queue(
        district,
        Kind.FINAL,
        actor,
        base_run=gate.test,
        include_held=include_held,
        send=send,
    )


def start_sync(
    district: District, actor: Actor, *, send: bool = True, why: str = ""
) -> ImportRun:
    """Queue a sync, which a district has from its first final import on.

    `send` and `why` are as in `start_test`. Raises NotReady.
    """
    _refuse(sync_reasons(district))
    return _queue(district, Kind.SYNC, actor, send=send, why=why)


def _beyond_rights(test: ImportRun, actor: Actor) -> list[str]:
    """Return why the actor can't release all that the brake holds."""
    braked = test.results.filter(
        state=ImportResult.State.HELD, held_reason=ImportResult.HeldReason.BRAKE
    )
    beyond = beyond_rights(test.district, list(braked), actor)
    return [
        f"Not all that is held is yours to release. {sentence} Or leave them held."
        for sentence in [*beyond.values()][:1]
    ]


def _refuse(reasons: list[str] | tuple[str, ...]) -> None:
    if reasons:
        raise NotReady(" ".join(reasons))


def _queue(  # noqa: PLR0913 - what a run is asked for with
    district: District,
    kind: str,
    actor: Actor,
    *,
    send: bool,
    base_run: ImportRun | None = None,
    include_held: bool = False,
    why: str = "",
) -> ImportRun:
    with transaction.atomic():
        asked = runs.request(
            district,
            kind,
            actor,
            timezone.now(),
            base_run=base_run,
            include_held=include_held,
            why=why,
        )
        if asked.is_new and send:
            tasks.send_on_commit(asked.run.pk)
    return asked.run
