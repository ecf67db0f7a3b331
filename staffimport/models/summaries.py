"""What is kept of all of a run's rows, so that no page has to read them all."""

from django.db import models

from staffimport.models.runs import ImportRun


class RunSummary(models.Model):
    """What occurs in an ended run's rows, and the orders they can be sorted in.

    Made from the rows when the run has ended; `queries.summing` reads and writes it.
    """

    run = models.OneToOneField(
        ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="summary"
    )
    facets = models.BinaryField(help_text="What occurs how often, as msgpack.")
    by_outcome = models.BinaryField(help_text="Positions, four bytes each.")
    by_name = models.BinaryField()
    by_place = models.BinaryField()
    by_matched_by = models.BinaryField()

    class Meta:
        """Plural for the admin."""

        verbose_name_plural = "run summaries"

    def __str__(self) -> str:
        """Return whose it is."""
        return f"Summary of run {self.pk}"


class RunComparison(models.Model):
    """What differs between a run and the one it follows, as the rows stood then."""

    second = models.OneToOneField(
        ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    first = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    stamp = models.CharField(
        max_length=255, help_text="Another one once a row of either has another state."
    )
    found = models.BinaryField(help_text="The differences, as msgpack.")

    def __str__(self) -> str:
        """Return whose it is."""
        return f"Runs {self.first_id} and {self.pk} compared"
