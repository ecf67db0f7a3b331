"""A district leaves, and may come back until its data is deleted.

Each verb writes the fact it makes and its audit entry. What hangs on them in upper apps
(runs, mails, the export) is done by the services there that call these, in the same
transaction. What can't be done raises RefusedError, and nothing is changed.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NoReturn

from django.db import transaction
from django.utils import timezone

from schools import refusals
from schools.audit import SCHEDULE, Actor, record
from schools.clever_connection import (
    check_token,
    district_tokens,
    has_application,
    note_answer,
)
from schools.errors import RefusedError, refuse_for
from schools.leaving import deletion_due_at, disconnected_before
from schools.models import AuditEntry, District
from schools.services.facts import write_facts
from schools.written import given_reason

ASKED_TO_LEAVE = "asked to be disconnected"
DISCONNECTED = "disconnected district"
RECONNECTED = "reconnected district"
DELETED = "deleted district"


def ask_to_leave(district: District, actor: Actor, why: str) -> AuditEntry:
    """Keep that the district asks support to disconnect it; return the entry."""
    why = given_reason(why)
    refuse_for(refusals.for_disconnection(district))
    return record(district, actor, ASKED_TO_LEAVE, district.name, note=why)


def disconnect_district(district: District, actor: Actor, why: str) -> None:
    """Take a district's token away: no pull, no sync and no sign-in with Clever.

    Everything else of it stays until the retention time is over.
    """
    why = given_reason(why)
    refuse_for(refusals.for_disconnection(district))
    before, now = district.state, timezone.now()
    with transaction.atomic():
        write_facts(
            district,
            disconnected_at=now,
            clever_token="",
            token_refused_at=None,
            event_cursor="",
        )
        due = deletion_due_at(district)
        record(
            district,
            actor,
            DISCONNECTED,
            district.name,
            changes={
                "state": [before.value, district.state.value],
                "clever_token": ["(secret)", "(removed)"],
                "deletion": [None, due and due.isoformat(timespec="minutes")],
            },
            note=why,
        )


def reconnect_district(
    district: District, actor: Actor, why: str, token: str = ""
) -> None:
    """Connect a district again that was disconnected, with a token Clever takes.

    Without `token` Clever is asked for the district's. The periodic sync stays off
    until somebody resumes it, or a new final import: much may have changed meanwhile.
    Raises RefusedError, and CleverError when Clever refuses the token or can't be
    reached.
    """
    why = given_reason(why)
    refuse_for(refusals.for_return(district))
    clever_id = district.clever_id
    if not clever_id:
        _refuse(f"{district} has no Clever ID, so no token can be its own.")
    token = token.strip() or _token_in_clever(district, clever_id)
    found = check_token(token, clever_id)
    was_imported, now = district.first_final_at is not None, timezone.now()
    with transaction.atomic():
        write_facts(
            district,
            disconnected_at=None,
            sync_paused_at=now if was_imported else district.sync_paused_at,
            clever_token=token,
            token_refused_at=None,
        )
        note_answer(district, found, now)
        district.save(
            update_fields=["clever_state", "clever_last_sync", "clever_checked_at"]
        )
        record(
            district,
            actor,
            RECONNECTED,
            district.name,
            changes={
                "state": [District.State.DISCONNECTED.value, district.state.value],
                "clever_token": [None, "(secret)"],
            },
            note=why,
        )


def begin_deletion(now: datetime, keep: Collection[int] = ()) -> list[District]:
    """Mark the districts whose retention time is over; return all that are to go.

    Those that an earlier deletion left half gone are among them; none of the others
    with the keys in `keep`. From the mark on a district can't come back.
    """
    due = District.objects.filter(disconnected_at__lte=disconnected_before(now))
    new = due.filter(deletion_begun_at=None).exclude(pk__in=keep)
    new.update(deletion_begun_at=now)
    begun = District.objects.filter(
        disconnected_at__isnull=False, deletion_begun_at__isnull=False
    )
    return list(begun.defer("clever_token").order_by("pk"))


def finish_deletion(district: District) -> bool:
    """Delete a district of which nothing else is left; return whether it was there.

    What stays is one entry that names the district and none of its people.
    """
    left = District.objects.filter(pk=district.pk, deletion_begun_at__isnull=False)
    since = district.disconnected_at
    with transaction.atomic():
        deleted, _ = left.delete()
        if deleted:
            record(
                None,
                SCHEDULE,
                DELETED,
                district.name,
                changes={"clever_id": [district.clever_id, None]},
                note=f"Disconnected on {since:%Y-%m-%d}; the retention time is over.",
            )
    return bool(deleted)


def _token_in_clever(district: District, clever_id: str) -> str:
    """Return the token Clever has for a district. Raises RefusedError, CleverError."""
    if not has_application():
        _refuse(
            "NavSync has no Clever application, so it can't ask for the token. Enter "
            "the district's token."
        )
    tokens = [t for t in district_tokens(clever_id) if t.district_id == clever_id]
    if not tokens:
        _refuse(
            f"Clever has no token for {district}. The district connects NavSync in the "
            "Clever Dashboard first."
        )
    return tokens[-1].access_token


def _refuse(sentence: str) -> NoReturn:
    raise RefusedError(sentence)
