"""The data that a leaving district takes along."""

from django.db import models
from django.utils import timezone

from schools.models import District


class DistrictExport(models.Model):
    """A ZIP of everything a disconnected district may take along.

    A worker makes it: `begun_at` says since when, `made_at` that it is there, with its
    `size` in bytes. It lies in the database in `parts`, where every web server reaches
    it, and goes with the district.
    """

    district = models.OneToOneField(
        District, on_delete=models.CASCADE, related_name="export"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    contents = models.JSONField(
        default=dict, blank=True, help_text="How many lines each file has."
    )

    class Meta:
        """Newest first."""

        ordering = ["-asked_at"]

    def __str__(self) -> str:
        """Return whose data it is."""
        return f"Data of {self.district}"


class ExportPart(models.Model):
    """One piece of an export's file."""

    export = models.ForeignKey(
        DistrictExport, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        """In the order of the file."""

        ordering = ["export", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["export", "number"], name="one_part_per_number"
            )
        ]

    def __str__(self) -> str:
        """Return which piece it is."""
        return f"Part {self.number} of {self.export_id}"
