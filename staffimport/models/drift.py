"""Where Clever says something else than a field that is pinned by hand."""

from django.db import models
from django.utils import timezone

from accounts.models import StaffAccount


class FieldDrift(models.Model):
    """One pinned field of one account, and what Clever says of it instead."""

    account = models.ForeignKey(
        StaffAccount, on_delete=models.CASCADE, related_name="drifts"
    )
    field = models.CharField(max_length=32)
    clever_value = models.CharField(max_length=320)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One drift per field."""

        constraints = [
            models.UniqueConstraint(
                fields=["account", "field"], name="one_drift_per_field"
            )
        ]

    def __str__(self) -> str:
        """Return what Clever says."""
        return f"{self.field}: {self.clever_value}"
