"""The one way to write the audit trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model

from schools.models import AuditEntry, District, audit


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a signed-in person, or a named process such as "Schedule".

    `user` is the accounts.User or None; `address` the remote IP address, if any.
    """

    name: str
    user: Model | None = None
    address: str | None = None

    @property
    def user_id(self) -> int | None:
        """Return the primary key of the signed-in person, None for a process."""
        return None if self.user is None else int(self.user.pk)


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to one staff account, as `record` takes it."""

    verb: str
    target: str
    about: UUID
    changes: dict[str, list[object]]


_AT_ONCE = 500

COMMAND_LINE = Actor(audit.COMMAND_LINE)
SCHEDULE = Actor(audit.SCHEDULE)


def record(  # noqa: PLR0913 — who did what to what, and what of it changed
    district: District | None,
    actor: Actor,
    verb: str,
    target: str = "",
    *,
    about: UUID | None = None,
    changes: dict[str, list[object]] | None = None,
    note: str = "",
) -> AuditEntry:
    """Append one entry to the audit trail and return it.

    `verb` is a past participle ("reset match"), `target` names the thing in words,
    `about` is the id of the staff account whose timeline it belongs to, if any;
    `changes` maps a field to [old, new] as JSON values. Call it inside the
    transaction of the change it tells of.
    """
    entry = _entry(district, actor, verb, target)
    entry.about, entry.changes, entry.note = about, changes or {}, note
    entry.save(force_insert=True)
    return entry


def record_each(district: District | None, actor: Actor, deeds: Iterable[Deed]) -> None:
    """Append an entry for each of many deeds, as `record` does, in few queries."""
    entries = []
    for deed in deeds:
        entry = _entry(district, actor, deed.verb, deed.target)
        entry.about, entry.changes = deed.about, deed.changes
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=_AT_ONCE)


def _entry(
    district: District | None, actor: Actor, verb: str, target: str
) -> AuditEntry:
    return AuditEntry(
        district=district,
        actor_id=actor.user_id,
        actor_name=actor.name,
        address=actor.address,
        verb=verb,
        target=target[:255],
    )
