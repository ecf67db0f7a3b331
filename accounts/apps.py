"""Django's entry for the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the app and its primary key type."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
