"""The audit trail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.models.districts import District


class AuditEntry(models.Model):
    """One deed that meant something: who, when, from where, old → new. Append-only.

    It lives in the lowest app so that every app can write it; use `schools.audit`.
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
