"""Django's entry for the app."""

from django.apps import AppConfig


class StaffImportConfig(AppConfig):
    """Names the app and its primary key type."""

    name = "staffimport"
    default_auto_field = "django.db.models.BigAutoField"
