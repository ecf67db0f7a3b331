"""What support wants to know of a run, and the answer."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from staffimport.models.runs import ImportRun


class Inquiry(models.Model):
    """Support's question about a run; a worker answers it, changing nothing.

    `given` is what was to be noted when it was asked; `summary` and `content` are the
    answer: see `staffimport.inquiries`. It is kept for a week.
    """

    class Kind(models.TextChoices):
        """What is asked."""

        REPLAY = "replay", "Replay"
        BUNDLE = "bundle", "Redacted bundle"

    class State(models.TextChoices):
        """How far the answer is."""

        WAITING = "waiting", "Waiting"
        RUNNING = "running", "In progress"
        ANSWERED = "answered", "Answered"
        FAILED = "failed", "Failed"

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="inquiries"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_by_name = models.CharField(max_length=255)
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="Why there is no answer.")
    given = models.JSONField(default=dict, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    content = models.BinaryField(default=bytes)

    class Meta:
        """Newest first."""

        ordering = ["-asked_at", "-id"]
        verbose_name_plural = "inquiries"

    def __str__(self) -> str:
        """Return what is asked of which run."""
        return f"{self.get_kind_display()} of {self.run}"

    @property
    def is_under_way(self) -> bool:
        """Whether there is neither an answer nor a failure yet."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
