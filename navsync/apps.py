"""The project as a Django app, for the pages and commands that need every other app."""

from django.apps import AppConfig


class NavsyncConfig(AppConfig):
    """Dashboard, support's district page and whole-product commands."""

    name = "navsync"
    verbose_name = "NavSync"
