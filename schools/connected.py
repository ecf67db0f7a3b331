"""Nothing is added to a district that was disconnected, and nothing of it is edited."""

from django.db.models import Model, QuerySet

from schools.errors import RefusedError
from schools.models import District

NOT_CONNECTED = (
    "This district was disconnected from Clever, so nothing is added to it or loaded "
    "any more. Connect the district again first."
)
"""What a form says to whoever chose such a district."""


def connected_districts() -> QuerySet[District]:
    """Return the districts to which something may be added, by name."""
    return District.objects.filter(disconnected_at=None).order_by("name")


def was_disconnected(thing: Model | None) -> bool:
    """Return whether a thing is a district that was disconnected, or belongs to one."""
    of = thing if isinstance(thing, District) else getattr(thing, "district", None)
    return isinstance(of, District) and of.disconnected_at is not None


def check_connected(district: District) -> None:
    """Raise RefusedError if a district is disconnected by now: nothing is loaded."""
    if not connected_districts().filter(pk=district.pk).exists():
        sentence = (
            f"{district} was disconnected from Clever, so nothing is loaded into it "
            "any more. Connect the district again first."
        )
        raise RefusedError(sentence)
