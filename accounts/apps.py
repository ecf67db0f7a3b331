"""Django's entry for the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the app and its primary key type."""

    name = "accounts"
    verbose_name = "People and roles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have changes of passwords and second factors noted in the audit trail."""
        from accounts import credential_notes  # noqa: PLC0415 — models are ready now

        credential_notes.connect()
