"""The project: settings, addresses, the task queue, the dashboard, support's pages."""

from navsync.celery import app as celery_app

__all__ = ["celery_app"]
