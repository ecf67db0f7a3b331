"""Messages NavSync sends, each of them once."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.models import District


class Mail(models.Model):
    """One message to one address about one thing of a district: sent once or never.

    `topic` names the thing ("launch in 7 days: 2026-10-19"); the database keeps a
    second message about it to the same address from being made. Whoever sends takes it
    first (`taken_at`). A mail that was taken but is not sent belongs to a program that
    died on it: it may have left or not, so it is not sent again.
    """

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="mails"
    )
    topic = models.CharField(max_length=100)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    send_until = models.DateTimeField(help_text="After that it would be out of date.")
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, help_text="Why the last try failed.")

    class Meta:
        """Newest first; one message about a thing to an address."""

        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "topic", "to"], name="one_mail_about_a_thing"
            )
        ]
        indexes = [
            models.Index(
                fields=["send_until"],
                condition=Q(taken_at__isnull=True),
                name="mails_to_send",
            )
        ]

    def __str__(self) -> str:
        """Return the subject."""
        return self.subject
