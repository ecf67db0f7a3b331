"""Nothing is added to a district that was disconnected, and nothing of it is edited."""

from django.db.models import F, Model, QuerySet

from schools.errors import RefusedError
from schools.models import District

NOT_CONNECTED = (
    "This district was disconnected from Clever, so nothing is added to it, loaded or "
    "edited any more. Connect the district again first."
)
"""What whoever does something to such a district is told."""

NOT_LISTED = (
    "Choose one of the connected districts. To one that was disconnected from Clever "
    "nothing is added any more until it is connected again."
)
"""What a form says to whoever chose another."""


def connected_districts() -> QuerySet[District]:
    """Return the districts to which something may be added, by name."""
    return District.objects.filter(disconnected_at=None).order_by("name")


def was_disconnected(thing: Model | None) -> bool:
    """Return whether a thing is a district that was disconnected, or belongs to one."""
    of = thing if isinstance(thing, District) else getattr(thing, "district", None)
    return isinstance(of, District) and of.disconnected_at is not None


def check_connected(district: District) -> None:
    """Raise RefusedError if a district is disconnected by now.

    Called first in the transaction that writes: nobody disconnects it until the commit,
    nor takes a turn (`schools.services.facts.take_turns`).
    """
    connected = District.objects.filter(pk=district.pk, disconnected_at=None)
    if not connected.update(name=F("name")):
        raise RefusedError(NOT_CONNECTED)
