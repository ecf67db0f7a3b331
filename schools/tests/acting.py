"""Districts on their way, and the pages of support's actions on them."""

from datetime import timedelta

from django.utils import timezone

from schools.models import District
from schools.support_actions import find_action
from schools.support_pages import action_address

LIST = "/admin/schools/district/"


def page(name, *districts, back=""):
    action = find_action(name)
    assert action is not None
    return action_address(action, districts, back)


def text_of(answer):
    return answer.content.decode()


def on_its_way(district, **facts):
    now = timezone.now()
    fields = {
        "activated_at": now,
        "first_final_at": now,
        "launch_date": (now + timedelta(days=20)).date(),
        **facts,
    }
    District.objects.filter(pk=district.pk).update(**fields)
    district.refresh_from_db()
    return district
