"""Django's entry for the app."""

from django.apps import AppConfig


class StaffImportConfig(AppConfig):
    """Names the app and its primary key type."""

    name = "staffimport"
    verbose_name = "Imports"
    default_auto_field = "django.db.models.BigAutoField"
