"""Tells people what became of a launch: the district is launched, or its date passed.

Beat calls both again and again; the outbox makes each mail once.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from accounts import outbox
from accounts.recipients import import_managers
from schools import launch
from schools.clock import day_in, zone_of
from schools.models import District
from schools.services.due_launches import stop_over_date

MORNING = time(8)
"""From then on, in the district, its admins are written to about a date."""

IS_NEWS = timedelta(days=3)
"""Whoever becomes an admin later learns it from the console, not by mail."""


def tell_of_launches(now: datetime) -> int:
    """Tell the admins of districts that were just launched; return how many mails."""
    launched = District.objects.filter(
        launched_at__range=(now - IS_NEWS, now), disconnected_at=None
    )
    return sum(_tell_launched(district) for district in launched.defer("clever_token"))


def tell_of_passed_dates(now: datetime) -> int:
    """Tell who can act that a launch date has passed; return how many mails.

    Support is told of each such district, its admins where their final import is what
    was lacking. Not while it is paused: nobody expects a launch then.
    """
    passed = District.objects.filter(
        launch_date__range=((now - IS_NEWS).date(), now.date()),
        launched_at=None,
        disconnected_at=None,
        paused_at=None,
    )
    return sum(_tell_passed(district, now) for district in passed.defer("clever_token"))


def _tell_launched(district: District) -> int:
    told = 0
    with transaction.atomic():
        for person in import_managers(district):
            told += outbox.post(
                district,
                "launched",
                person.address,
                "launched",
                {"person": person},
            )
    return told


def _tell_passed(district: District, now: datetime) -> int:
    local = now.astimezone(zone_of(district))
    if not launch.has_passed(district, day_in(district, now)) or local.time() < MORNING:
        return 0
    topic = f"launch date passed: {district.launch_date:%Y-%m-%d}"
    with transaction.atomic():
        told = outbox.post(
            district,
            topic,
            settings.SUPPORT_EMAIL,
            "launch_date_passed_support",
            {
                "lacks": launch.launch_lacks(district),
                "stop": stop_over_date(district),
            },
        )
        if district.first_final_at is not None:
            return told
        return told + sum(
            outbox.post(
                district,
                topic,
                person.address,
                "launch_date_passed",
                {"person": person},
            )
            for person in import_managers(district)
        )
