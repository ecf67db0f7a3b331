"""Import settings, runs and their progress, results, snapshots and decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import JobFunction, UserRole, Zone
from schools.models import District, School


class ImportSettings(models.Model):
    """What a district chose on the Staff Import Settings page."""

    district = models.OneToOneField(
        District, on_delete=models.CASCADE, related_name="import_settings"
    )
    school_job_function = models.ForeignKey(
        JobFunction, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    school_user_role = models.ForeignKey(
        UserRole, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    school_teacher_list = models.BooleanField(default=False)
    school_counselor_list = models.BooleanField(default=False)
    district_job_function = models.ForeignKey(
        JobFunction, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    district_user_role = models.ForeignKey(
        UserRole, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    district_teacher_list = models.BooleanField(default=False)
    district_counselor_list = models.BooleanField(default=False)
    district_zone = models.ForeignKey(
        Zone, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    protected_roles = models.ManyToManyField(UserRole, blank=True, related_name="+")
    all_schools = models.BooleanField(default=True)
    schools = models.ManyToManyField(School, blank=True, related_name="+")
    teacher_fallback = models.BooleanField(default=True)
    limits = models.JSONField(default=dict, blank=True)
    covered_roles = models.JSONField(
        default=list,
        blank=True,
        help_text="Protected roles as the last final import had them, by name.",
    )
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.CharField(max_length=255, blank=True)

    class Meta:
        """Plural for the admin."""

        verbose_name_plural = "import settings"

    def __str__(self) -> str:
        """Return whose settings these are."""
        return f"Import settings of {self.district}"


class TitleKeyword(models.Model):
    """One title keyword: the first that fits a title decides a new account."""

    class AppliesTo(models.TextChoices):
        """Which placements the keyword is for."""

        SCHOOL = "school", "School staff"
        DISTRICT = "district", "District staff"
        BOTH = "both", "School and district staff"

    settings = models.ForeignKey(
        ImportSettings, on_delete=models.CASCADE, related_name="keywords"
    )
    position = models.PositiveIntegerField()
    keyword = models.CharField(max_length=100)
    applies_to = models.CharField(
        max_length=16, choices=AppliesTo.choices, default=AppliesTo.BOTH
    )
    job_function = models.ForeignKey(
        JobFunction, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    user_role = models.ForeignKey(
        UserRole, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    teacher_list = models.BooleanField(default=False)
    counselor_list = models.BooleanField(default=False)

    class Meta:
        """Ordered: the order decides."""

        ordering = ["position", "id"]

    def __str__(self) -> str:
        """Return the keyword."""
        return self.keyword


class RosterSnapshot(models.Model):
    """What one pull from Clever returned: one compressed msgpack blob."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="snapshots"
    )
    blob = models.BinaryField()
    counts = models.JSONField(default=dict)
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
        help_text="The test a final follows, or the run an undo takes back.",
    )
    include_held = models.BooleanField(default=False)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one running and one queued per kind in a district."""

        ordering = ["-id"]
        indexes = [models.Index(fields=["district", "-id"], name="runs_of_district")]
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

    class Meta:
        """Plural for the admin."""

        verbose_name_plural = "run progress"

    def __str__(self) -> str:
        """Return the step."""
        return self.step


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
            # Open held and dismissed rows of a district are few among millions.
            models.Index(
                fields=["run", "state"],
                condition=Q(state__in=["held", "dismissed"]),
                name="results_held_or_dismissed",
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
    account_id = models.UUIDField()
    other_account_ids = models.JSONField(
        default=list, blank=True, help_text="The accounts to archive (keep one)."
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
