"""Of two who act on a district at once, the second has judged by what is no more."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from schools.services import leaving, lifecycle, setting_up
from schools.services.facts import DECISIVE

pytestmark = pytest.mark.django_db

SAM, LEA = Actor("Sam Ortiz"), Actor("Lea Brandt")
NOW = datetime(2026, 10, 13, 16, 42, tzinfo=UTC)
TO = date(2026, 11, 9)
WHY = "A reason"

DEEDS = {
    "launch": lifecycle.launch_district,
    "pause": lifecycle.pause_district,
    "take back": lifecycle.take_back_materials_review,
    "move": lambda district, actor, why: lifecycle.move_launch_date(
        district, TO, actor, why
    ),
    "resume sync": setting_up.resume_sync,
    "disconnect": leaving.disconnect_district,
}


@pytest.fixture
def ready(maple):
    """Maple Valley lacks nothing for its launch."""
    facts = {
        "activated_at": NOW - timedelta(days=20),
        "first_final_at": NOW - timedelta(days=2),
        "materials_reviewed_at": NOW - timedelta(days=1),
        "launch_date": date(2026, 10, 19),
        "sync_paused_at": NOW,
    }
    District.objects.filter(pk=maple.pk).update(**facts)
    maple.refresh_from_db()
    return maple


@pytest.mark.parametrize(
    ("faster", "slower"),
    [
        ("disconnect", "launch"),
        ("disconnect", "move"),
        ("disconnect", "pause"),
        ("disconnect", "resume sync"),
        ("disconnect", "disconnect"),
        ("take back", "launch"),
        ("pause", "launch"),
        ("launch", "move"),
        ("launch", "take back"),
        ("launch", "disconnect"),
    ],
)
def test_who_acts_on_what_is_no_longer_true_is_told_to_look_again(
    ready, faster, slower
):
    seen_before = District.objects.get(pk=ready.pk)
    with time_machine.travel(NOW, tick=False):
        DEEDS[faster](ready, SAM, WHY)

        with pytest.raises(RefusedError, match="Somebody else changed Maple Valley"):
            DEEDS[slower](seen_before, LEA, WHY)

    stored = District.objects.get(pk=ready.pk)
    facts = {name: getattr(stored, name) for name in DECISIVE}
    assert facts == {name: getattr(ready, name) for name in DECISIVE}
    assert ready.audit_entries.count() == 1


def test_who_sets_up_meanwhile_keeps_support_from_nothing(ready):
    seen_before = District.objects.get(pk=ready.pk)
    setting_up.note_setup_begun(ready, SAM, "Saved.")

    lifecycle.pause_district(seen_before, SAM, WHY)

    assert District.objects.get(pk=ready.pk).is_paused
