"""Celery's entry points to what takes all of the apps; beat calls them."""

import logging

from celery import shared_task
from django.utils import timezone

from navsync.leaving import export
from navsync.leaving.deletion import delete_departed

logger = logging.getLogger(__name__)


@shared_task
def make_missing_exports() -> None:
    """Make the exports of leaving districts that no worker has made."""
    if made := export.make_missing(timezone.now()):
        logger.info("%s exports made.", made)


@shared_task
def delete_departed_districts() -> None:
    """Delete the districts whose retention time is over."""
    for slug in delete_departed(timezone.now()):
        logger.info("%s is deleted.", slug)
