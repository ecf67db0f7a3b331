"""The project as a Django app, for the pages and commands that need every other app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from navsync.support.groups import keep_groups


class NavsyncConfig(AppConfig):
    """Dashboard, support's district page and whole-product commands."""

    name = "navsync"
    verbose_name = "NavSync"

    def ready(self) -> None:
        """Have support's groups kept after each migration."""
        post_migrate.connect(keep_groups, dispatch_uid="navsync.support.groups")
