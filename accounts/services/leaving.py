"""What leaving means for people: who is told of it."""

from django.conf import settings
from django.db import transaction

from accounts import outbox
from accounts.recipients import import_managers
from schools.audit import Actor
from schools.leaving import deletion_day
from schools.models import District
from schools.services import leaving, wishes
from schools.services.facts import read_facts, take_turns


def ask_to_leave(district: District, actor: Actor, why: str) -> None:
    """Ask support, by mail, to disconnect the district.

    Raises RefusedError as `schools.services.leaving.ask_to_leave` does, and while an
    earlier wish has no answer yet.
    """
    with transaction.atomic():
        take_turns(district)
        read_facts(district)
        wishes.refuse_repeated(district, wishes.TO_LEAVE)
        entry = leaving.ask_to_leave(district, actor, why)
        outbox.post(
            district,
            f"wish to leave: {entry.pk}",
            settings.SUPPORT_EMAIL,
            "leaving_wanted",
            {"who": actor, "why": entry.note},
        )


def tell_disconnected(district: District, why: str) -> int:
    """Tell the district's admins what happens now and when; return how many.

    Call it inside the transaction that disconnects.
    """
    topic = f"disconnected: {district.disconnected_at:%Y-%m-%d %H:%M:%S}"
    return sum(
        outbox.post(
            district,
            topic,
            person.address,
            "disconnected",
            {"person": person, "why": why, "deletion_day": deletion_day(district)},
        )
        for person in import_managers(district)
    )
