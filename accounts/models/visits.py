"""Visits: support looking at a district's console as its admin sees it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.models import District

VISIT_LASTS = timedelta(minutes=60)
"""After this a visit ends by itself."""


class ConsoleVisit(models.Model):
    """One person of support looking at one district's console, read-only.

    Whoever may add one may look. It is over at `ends_at`, or before: then `ended_at`
    and `ended_by` say when and how.
    """

    class End(models.TextChoices):
        """How a visit ended."""

        VISITOR = "visitor", "Ended by the visitor"
        SIGNED_OUT = "signed_out", "The visitor signed out"
        TIME_UP = "time_up", "The time was up"
        NO_RIGHT = "no_right", "The visitor may no longer look"

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="console_visits"
    )
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="console_visits",
    )
    reason = models.TextField()
    begun_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=16, choices=End.choices, blank=True)

    class Meta:
        """Newest first; those not ended are few."""

        ordering = ["-begun_at", "-id"]
        indexes = [
            models.Index(
                fields=["ends_at"],
                condition=Q(ended_at__isnull=True),
                name="visits_not_ended",
            )
        ]

    def __str__(self) -> str:
        """Return who looks at which district."""
        return f"{self.visitor} at {self.district}"
