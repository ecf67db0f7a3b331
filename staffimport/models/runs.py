"""Runs, how far they are, and what each pulled from Clever."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.models import District


class RosterSnapshot(models.Model):
    """What one pull from Clever returned: one compressed msgpack blob."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="snapshots"
    )
    blob = models.BinaryField()
    counts = models.JSONField(default=dict)
    norm = models.JSONField(
        default=dict,
        blank=True,
        help_text="The counts the next pull is judged by; empty in old snapshots.",
    )
    titles = models.JSONField(
        default=list,
        blank=True,
        help_text="The distinct titles in it: those a later one has besides are new.",
    )
    taken_at = models.DateTimeField(default=timezone.now)
    readiness = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the readiness checks found, and when; empty before them.",
    )
    readiness_people = models.BinaryField(
        default=bytes, help_text="Whom each check concerns: compressed msgpack."
    )

    class Meta:
        """Newest first."""

        ordering = ["-taken_at", "-id"]
        indexes = [
            models.Index(fields=["district", "-taken_at"], name="snapshot_newest")
        ]

    def __str__(self) -> str:
        """Return when it was taken."""
        return f"Snapshot of {self.taken_at:%Y-%m-%d %H:%M}"


class ImportRun(models.Model):
    """One execution of an import; its constraints keep one running per district."""

    class Kind(models.TextChoices):
        """What a run does (product.md, "Words")."""

        CHECK = "check", "Check"
        TEST = "test", "Test import"
        FINAL = "final", "Final import"
        SYNC = "sync", "Sync"
        UNDO = "undo", "Undo"

    class State(models.TextChoices):
        """Life of a run."""

        QUEUED = "queued", "Queued"
        RUNNING = "running", "In Progress"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ENDED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="import_runs"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    requested_by_name = models.CharField(max_length=255)
    requested_from = models.GenericIPAddressField(null=True, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(
        blank=True, help_text="Why it failed, as a sentence for the admin."
    )
    error_is_unexpected = models.BooleanField(default=False)
    notices = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    timings = models.JSONField(default=dict, blank=True)
    proof = models.JSONField(default=dict, blank=True)
    snapshot = models.ForeignKey(
        RosterSnapshot,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
    )
    pulled_at = models.DateTimeField(null=True, blank=True)
    settings_fingerprint = models.CharField(max_length=64, blank=True)
    base_run = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followers",
        help_text="The test a final follows or a test plans again, or the run an undo "
        "takes back.",
    )
    include_held = models.BooleanField(default=False)
    applied_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last changed an account."
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one running and one queued per kind in a district."""

        ordering = ["-id"]
        permissions = [("start_importrun", "Can start tests and syncs of districts")]
        indexes = [
            models.Index(fields=["district", "-id"], name="runs_of_district"),
            # The newest of a kind, among years of syncs: support's board asks for all.
            models.Index(
                fields=["district", "kind", "state", "-id"], name="runs_by_kind"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["district"],
                condition=Q(state="running"),
                name="one_running_run_per_district",
            ),
            models.UniqueConstraint(
                fields=["district", "kind"],
                condition=Q(state="queued"),
                name="one_queued_run_per_kind",
            ),
        ]

    def __str__(self) -> str:
        """Return kind and number, as pages show it."""
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to the run."""
        return self.state in self.ENDED

    @property
    def is_repeat(self) -> bool:
        """Whether it plans an earlier test again, from what that one pulled."""
        return self.kind == self.Kind.TEST and self.base_run_id is not None

    @property
    def applies(self) -> bool:
        """Whether a run of this kind changes accounts."""
        return self.kind in (self.Kind.FINAL, self.Kind.SYNC, self.Kind.UNDO)


class RunProgress(models.Model):
    """Heartbeat and progress of a run, in a row of its own that nothing locks."""

    run = models.OneToOneField(
        ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="progress"
    )
    heartbeat_at = models.DateTimeField(default=timezone.now)
    step = models.CharField(max_length=32, blank=True)
    step_started_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    parts = models.JSONField(
        default=list,
        blank=True,
        help_text="What was pulled so far: [name, done, total or null].",
    )
    resumes_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When Clever, which can’t answer now, is asked again.",
    )

    class Meta:
        """Plural for the admin."""

        verbose_name_plural = "run progress"

    def __str__(self) -> str:
        """Return the step."""
        return self.step
