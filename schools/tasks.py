"""Celery's entry points to the districts; beat calls them (navsync.periodic)."""

import logging

from celery import shared_task
from django.utils import timezone

from schools.services.due_launches import launch_due_districts

logger = logging.getLogger(__name__)


@shared_task
def launch_districts() -> None:
    """Launch the districts whose date is here and who lack nothing."""
    for district in launch_due_districts(timezone.now()):
        logger.info("%s is launched.", district.slug)
