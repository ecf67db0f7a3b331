"""The way to launch where people are written to: requests, wishes, reminders."""

import logging
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import outbox
from accounts.recipients import import_managers
from accounts.services.launch_news import MORNING
from accounts.services.roles import create_built_in_roles
from clever.errors import CleverError
from clever.oauth import DistrictToken
from schools import launch
from schools.audit import SCHEDULE, Actor
from schools.clever_connection import district_tokens, has_application
from schools.clock import day_in, zone_of
from schools.models import District
from schools.services import lifecycle, wishes
from schools.services.facts import read_facts, take_turns
from schools.services.requests import Owner, record_request, unknown_owners
from schools.services.tokens import renew_tokens

logger = logging.getLogger(__name__)


def look_for_requests() -> list[District]:
    """Ask Clever which districts connected; record the unknown ones and tell support.

    Tokens that Clever replaced are stored on the way. Returns the districts that are
    new. Does nothing without a Clever application. Raises CleverError, and an
    ExceptionGroup at the end if some could not be recorded, which keeps no other from
    it.
    """
    if not has_application():
        return []
    tokens = district_tokens()
    renew_tokens(tokens, SCHEDULE)
    found, errors = [], []
    for token in unknown_owners(tokens):
        try:
            district = _request(token)
        except Exception as error:
            logger.exception("Clever district %s is not recorded.", token.district_id)
            errors.append(error)
        else:
            found += [district] if district is not None else []
    if errors:
        msg = "Districts that are new in Clever's list can't be recorded"
        raise ExceptionGroup(msg, errors)
    return found


def ask_for_launch_date(
    district: District, wanted: date | None, actor: Actor, why: str
) -> None:
    """Ask support for another launch date, by mail; None: as soon as it can be.

    Raises RefusedError as `lifecycle.ask_for_launch_date` does, and for what is asked
    for already and not answered yet.
    """
    with transaction.atomic():
        take_turns(district)
        read_facts(district)
        wishes.refuse_repeated(
            district, wishes.ANOTHER_DATE, lifecycle.as_wished(wanted)
        )
        entry = lifecycle.ask_for_launch_date(district, wanted, actor, why)
        outbox.post(
            district,
            f"wish for a launch date: {entry.pk}",
            settings.SUPPORT_EMAIL,
            "launch_date_wanted",
            {"wanted": wanted, "who": actor, "why": entry.note},
        )


def remind_of_launches(now: datetime) -> int:
    """Remind the admins of districts that launch in 14, 7 or 1 day; return how many.

    They are reminded in the morning of the district's own day; who was reminded of a
    date is not reminded again.
    """
    soon = now.date() + timedelta(days=max(launch.REMINDED_DAYS_BEFORE) + 2)
    districts = District.objects.filter(
        launch_date__range=(now.date(), soon),
        launched_at=None,
        disconnected_at=None,
        paused_at=None,
    )
    return sum(_remind(district, now) for district in districts.defer("clever_token"))


def _request(token: DistrictToken) -> District | None:
    """Record an unknown owner; None if asking for them again later is better."""
    try:
        owner = Owner.of(token)
    except CleverError as error:
        logger.warning("A new district can't be read from Clever yet: %s", error)
        return None
    try:
        with transaction.atomic():
            district = record_request(owner, SCHEDULE)
            create_built_in_roles(district)
            contact = owner.found.district_contact if owner.found else None
            outbox.post(
                district,
                "requested in Clever",
                settings.SUPPORT_EMAIL,
                "district_requested",
                {"contact": contact},
            )
    except IntegrityError:
        if District.objects.filter(clever_id=token.district_id).exists():
            return None  # another worker was faster
        raise
    return district


def _remind(district: District, now: datetime) -> int:
    days = launch.reminder_due(district, day_in(district, now))
    local = now.astimezone(zone_of(district))
    if days is None or local.time() < MORNING:
        return 0
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    reminded = 0
    with transaction.atomic():
        for person in import_managers(district):
            reminded += outbox.post(
                district,
                f"launch on {district.launch_date:%Y-%m-%d} in {days} days",
                person.address,
                "launch_reminder",
                {"person": person, "days": days},
                send_until=tomorrow,
            )
    return reminded
