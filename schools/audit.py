"""The one way to write the audit trail."""

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
    return AuditEntry.objects.create(
        district=district,
        actor_id=actor.user_id,
        actor_name=actor.name,
        address=actor.address,
        verb=verb,
        target=target[:255],
        about=about,
        changes=changes or {},
        note=note,
    )
