"""The rows of a run, and what admins decided about people and accounts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.models import District, School
from staffimport.models.runs import ImportRun


class ImportResult(models.Model):
    """One row of a run: one placement, or one account nobody in Clever holds.

    Values are as they are or would be after the run; roles, functions and zones are
    names, so that history reads the same after a rename. `account_id` is chosen at
    plan time and is no foreign key: the account of a created row does not exist yet.
    """

    class Outcome(models.TextChoices):
        """What becomes of the person or account."""

        CREATED = "created", "Created"
        MATCHED = "matched", "Matched"
        INACTIVE = "inactive", "Inactive"
        REACTIVATED = "reactivated", "Reactivated"
        RELINK = "relink", "Relink"
        CONFLICT = "conflict", "Conflict"
        SKIPPED = "skipped", "Skipped"

    class State(models.TextChoices):
        """How far the row has come."""

        PLANNED = "planned", "Planned"
        APPLIED = "applied", "Applied"
        HELD = "held", "Held"
        DISMISSED = "dismissed", "Dismissed"
        SUPERSEDED = "superseded", "Superseded"

    class HeldReason(models.TextChoices):
        """Why a row waits for the admin."""

        CHANGED = "changed_since_test", "Changed since your test"
        BRAKE = "brake", "Brake"
        SOURCE = "source", "Source"
        RELINK = "relink", "Relink"
        PAIR = "pair", "Pair"
        ROLLOVER = "rollover", "Sections gone"
        EDITED = "edited", "Edited during the run"

    # Rows come by the hundred thousand: no index but those somebody looks things up by.
    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="results", db_index=False
    )
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    state = models.CharField(max_length=16, choices=State.choices)
    held_reason = models.CharField(
        max_length=24, choices=HeldReason.choices, blank=True
    )
    reason_code = models.CharField(max_length=48, blank=True)
    reason = models.TextField()
    level = models.CharField(max_length=8)
    school = models.ForeignKey(
        School,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    clever_id = models.CharField(max_length=64, blank=True)
    account_id = models.UUIDField(null=True, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    first_name = models.CharField(max_length=255, blank=True)
    middle_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    job_title = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    employee_id = models.CharField(max_length=128, blank=True)
    job_function = models.CharField(max_length=128, blank=True)
    user_role = models.CharField(max_length=128, blank=True)
    teacher_list = models.BooleanField(default=False)
    counselor_list = models.BooleanField(default=False)
    zone = models.CharField(max_length=128, blank=True)
    matched_by = models.CharField(max_length=32, blank=True)
    keyword = models.CharField(max_length=100, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    details = models.JSONField(default=dict, blank=True)
    writes = models.BooleanField(
        default=False, help_text="Whether applying it changes an account."
    )
    gets_invitation = models.BooleanField(default=False)
    account_revision = models.PositiveIntegerField(default=0)
    previous_clever_id = models.CharField(max_length=64, blank=True)
    change_key = models.CharField(
        max_length=32,
        blank=True,
        help_text="Digest of the change and its cause: the same change in two runs.",
    )
    search_text = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=255, blank=True)

    class Meta:
        """Held rows first: the order the plan gave them."""

        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position"], name="one_result_per_position"
            )
        ]
        indexes = [
            # Held rows, and those that were, are few among millions.
            models.Index(
                fields=["run", "state"],
                condition=Q(state__in=["held", "dismissed", "superseded"]),
                name="results_set_apart",
            ),
            # The timeline of one account.
            models.Index(
                fields=["account_id"],
                condition=Q(writes=True),
                name="results_of_account",
            ),
        ]

    def __str__(self) -> str:
        """Return outcome and name."""
        return f"{self.outcome}: {self.last_name}, {self.first_name}"


class MatchDecision(models.Model):
    """What an admin decided about a person or account; holds for every later run."""

    class Kind(models.TextChoices):
        """What was decided."""

        SAME_PERSON = "same_person", "This is the same person"
        NOT_SAME = "not_same", "Not the same"
        LEAVE_ALONE = "leave_alone", "Never in Clever: leave alone"
        IN_CLEVER = "in_clever", "Should be in Clever"
        KEEP_ONE = "keep_one", "Keep this one, archive the other"

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="match_decisions"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    clever_id = models.CharField(max_length=64, blank=True)
    person_name = models.CharField(
        max_length=255, blank=True, help_text="Whose Clever ID it is, as it was then."
    )
    account_id = models.UUIDField()
    account_name = models.CharField(
        max_length=255, blank=True, help_text="Whose account it is, as it was then."
    )
    other_account_ids = models.JSONField(
        default=list, blank=True, help_text="The accounts to archive (keep one)."
    )
    cut_tie = models.BooleanField(
        default=False, help_text="Whether it untied the account from the person."
    )
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_by_name = models.CharField(max_length=255)
    decided_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_name = models.CharField(max_length=255, blank=True)

    class Meta:
        """One standing decision per person and account."""

        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "clever_id", "account_id"],
                condition=Q(revoked_at__isnull=True),
                name="one_standing_decision_per_pair",
            )
        ]

    def __str__(self) -> str:
        """Return what was decided."""
        return self.get_kind_display()
