"""Invitations: who is to set up a Naviance ID, and what became of the e-mail."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.staff import StaffAccount
from schools.models import District

INVITATION_LASTS = timedelta(days=7)
"""How long a link is good (product.md, "After the final")."""


class Invitation(models.Model):
    """The e-mail that lets one person of a district set up their Naviance ID.

    One per person: `person` is the Clever id, or the account's own where it has none.
    Each sending makes a new link, of which only a digest is kept, and moves
    `expires_at`. `problem` says why it failed, or why nobody can be mailed.
    """

    class State(models.TextChoices):
        """How far it has come. One that was sent may also have expired."""

        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        USED = "used", "Used"
        FAILED = "failed", "Failed"
        UNMAILED = "unmailed", "Nobody to mail"

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="invitations"
    )
    account = models.ForeignKey(
        StaffAccount, on_delete=models.CASCADE, related_name="invitations"
    )
    person = models.CharField(max_length=80)
    email = models.CharField(max_length=320, blank=True)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.WAITING
    )
    problem = models.TextField(blank=True, default="", db_default="")
    token_digest = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(
        null=True, blank=True, help_text="When it is tried again by itself, if ever."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        """One invitation per person; a link belongs to one of them."""

        ordering = ["-created_at", "-id"]
        permissions = [("send_invitation", "Can send invitations again")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "person"], name="one_invitation_per_person"
            ),
            models.UniqueConstraint(
                fields=["token_digest"],
                condition=~Q(token_digest=""),
                name="one_invitation_per_link",
            ),
        ]
        indexes = [
            # What the next minute sends or finds stuck: few among all.
            models.Index(
                fields=["state", "retry_at"],
                condition=Q(state__in=["waiting", "sending", "failed"]),
                name="invitations_to_send",
            ),
        ]

    def __str__(self) -> str:
        """Return who is invited."""
        return str(self.account)

    def has_expired(self, now: datetime) -> bool:
        """Return whether its link was sent and is too old by now."""
        if self.state != self.State.SENT or self.expires_at is None:
            return False
        return self.expires_at <= now


def person_key(account: StaffAccount) -> str:
    """Return whose account it is, as `Invitation.person` says it."""
    return account.clever_id or f"account {account.pk}"
