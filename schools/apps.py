"""Django's entry for the app."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """Names the app and its primary key type."""

    name = "schools"
    verbose_name = "Districts and schools"
    default_auto_field = "django.db.models.BigAutoField"
