"""Celery's entry points to mails and visits; beat calls them (navsync.periodic)."""

import logging

from celery import shared_task
from django.utils import timezone

from accounts import invitation_mail, outbox, password_reset  # noqa: F401 — a task
from accounts.services import launch, launch_news, visits
from clever.errors import CleverError

logger = logging.getLogger(__name__)


@shared_task
def look_for_requests() -> None:
    """Record the districts that are new in Clever's token list, and tell support."""
    try:
        found = launch.look_for_requests()
    except CleverError as error:
        # Not the workers' fault, and the next look is minutes away.
        logger.warning("Clever's list of districts can't be read: %s", error)
        return
    for district in found:
        logger.info("%s is requested.", district.slug)


@shared_task
def remind_of_launches() -> None:
    """Remind the admins of districts whose launch date comes near."""
    reminded = launch.remind_of_launches(timezone.now())
    logger.info("%s reminders of a launch made.", reminded)


@shared_task
def tell_of_launches() -> None:
    """Tell who was just launched, and whose launch date has passed."""
    now = timezone.now()
    told = launch_news.tell_of_launches(now) + launch_news.tell_of_passed_dates(now)
    logger.info("%s mails about launches made.", told)


@shared_task
def send_waiting_mails() -> None:
    """Send the mails that no worker was asked for, or whose mail server was down."""
    outbox.send_waiting(timezone.now())


@shared_task
def sweep_invitations() -> None:
    """Send invitations that no worker was asked for, and find those a dead one left."""
    if stuck := invitation_mail.find_stuck():
        logger.warning("%s invitations were left by a worker that died.", stuck)
    invitation_mail.send_waiting()


@shared_task
def end_overdue_visits() -> None:
    """End support's visits whose time is up, so that districts read when."""
    visits.end_overdue_visits(timezone.now())
