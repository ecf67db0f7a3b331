"""The Celery application that workers and beat start from (`celery -A navsync`)."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navsync.settings")

# kombu's own file transport writes messages in place and loses some.
TRANSPORT_ALIASES["filesystem"] = "navsync.broker:Transport"

app = Celery("navsync")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def use_our_logging(**_: object) -> None:
    """Log in workers and beat as everywhere else; Celery would set up its own."""
    dictConfig(settings.LOGGING)
