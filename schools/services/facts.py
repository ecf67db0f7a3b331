"""The facts of a district that the rules of its way ask, and how its deeds write them.

Two people, or somebody and the schedule, may act on a district at the same moment: who
is second has judged by facts that are no longer true.
"""

from django.db.models import F

from schools.errors import RefusedError
from schools.models import District

DECISIVE = (
    "activated_at",
    "first_final_at",
    "materials_reviewed_at",
    "launch_date",
    "launched_at",
    "paused_at",
    "sync_paused_at",
    "disconnected_at",
    "deletion_begun_at",
)
"""What decides whether a deed on a district's way may be done.

`setup_begun_at` is none of it: no rule asks how far a district's own setup is.
"""


def write_facts(district: District, **facts: object) -> None:
    """Write facts of a district if all that decide about it are as they were read.

    RefusedError if somebody was faster; then nothing is written.
    """
    seen = {name: getattr(district, name) for name in DECISIVE}
    if not District.objects.filter(pk=district.pk, **seen).update(**facts):
        sentence = (
            f"Somebody else changed {district} at this moment. Look at the district "
            "again before you go on."
        )
        raise RefusedError(sentence)
    for name, value in facts.items():
        setattr(district, name, value)


def read_facts(district: District) -> None:
    """Read again what decides about a district, such as after waiting for a turn."""
    district.refresh_from_db(fields=DECISIVE)


def take_turns(district: District) -> None:
    """Let nobody else add or remove accounts of the district until the commit.

    Nor make a wish in its name. What must stay true over several accounts or wishes (a
    last one, no second one) is looked up after this, inside the same transaction.
    """
    District.objects.filter(pk=district.pk).update(name=F("name"))
