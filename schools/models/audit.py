"""The audit trail."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.models.districts import District

COMMAND_LINE, SCHEDULE = "Command line", "Schedule"
"""Actors that are no people: somebody at the server, and what runs by itself."""

_PROCESSES = {COMMAND_LINE: "the command line", SCHEDULE: "by itself"}


class AppendOnlyError(TypeError):
    """A program tried to change or delete entries of the audit trail."""

    def __init__(self) -> None:
        super().__init__("The audit trail is append-only: write another entry.")


class AuditEntries(models.QuerySet["AuditEntry"]):
    """Entries: they are read and appended, nothing else."""

    def update(self, **_kwargs: object) -> NoReturn:
        """Raise AppendOnlyError."""
        raise AppendOnlyError

    def bulk_update(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Raise AppendOnlyError."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Raise AppendOnlyError."""
        raise AppendOnlyError


class AuditEntry(models.Model):
    """One deed that meant something: who, when, from where, old → new. Append-only.

    It lives in the lowest app so that every app can write it; use `schools.audit`.
    PostgreSQL holds it to that by a trigger, too. An entry goes with its district when
    that is deleted, and forgets an actor whose identity is.
    """

    district = models.ForeignKey(
        District,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="audit_entries",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    actor_name = models.CharField(
        max_length=255, help_text="Kept as text, for when the account is gone."
    )
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True, blank=True)
    verb = models.CharField(max_length=64)
    target = models.CharField(max_length=255, blank=True)
    about = models.UUIDField(
        null=True, blank=True, help_text="Id of the staff account it is about, if any."
    )
    changes = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)

    objects = AuditEntries.as_manager()

    class Meta:
        """Newest first, read by district."""

        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["district", "-at"], name="audit_by_district"),
            # The timeline of one account.
            models.Index(
                fields=["about"], condition=Q(about__isnull=False), name="audit_about"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(verb=""), name="audit_has_a_verb")
        ]

    def __str__(self) -> str:
        """Return who did what to what."""
        return f"{self.actor_name} {self.verb} {self.target}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append the entry; raise AppendOnlyError for one that is there."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Raise AppendOnlyError."""
        raise AppendOnlyError

    @property
    def origin(self) -> str:
        """From where it was done: an address, the command line, or by itself."""
        return str(self.address or _PROCESSES.get(self.actor_name, ""))
