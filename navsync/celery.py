"""The Celery application that workers and beat start from (`celery -A navsync`)."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.loaders.app import AppLoader
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.transport import TRANSPORT_ALIASES

from navsync.starting import check_before_serving, ending_in_a_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navsync.settings")

# kombu's own file transport writes messages in place and loses some.
TRANSPORT_ALIASES["filesystem"] = "navsync.broker:Transport"


class Loader(AppLoader):
    """Lets workers and beat end with a sentence when they can't start."""

    def config_from_object(self, obj: object, silent: bool = False) -> None:  # noqa: FBT001, FBT002 - Celery's own
        """Read the settings."""
        with ending_in_a_sentence():
            super().config_from_object(obj, silent=silent)

    def on_worker_init(self) -> None:
        """Look at the database before the first task; beat does so too."""
        with ending_in_a_sentence():
            check_before_serving()


app = Celery("navsync", loader="navsync.celery:Loader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def use_our_logging(**_: object) -> None:
    """Log in workers and beat as everywhere else; Celery would set up its own."""
    dictConfig(settings.LOGGING)
