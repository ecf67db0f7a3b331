"""Districts, the schools on both sides, their matches, and the audit trail."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from schools.encryption import EncryptedTextField


class DistrictState(models.TextChoices):
    """Where a district stands on its way to launch (product.md)."""

    REQUESTED = "requested", "Requested"
    ACTIVATED = "activated", "Activated"
    SETTING_UP = "setting_up", "Setting up"
    READY = "ready", "Ready for launch"
    LAUNCHED = "launched", "Launched"
    DISCONNECTED = "disconnected", "Disconnected"


STATE_FACTS = (
    (DistrictState.DISCONNECTED, "disconnected_at", True),
    (DistrictState.REQUESTED, "activated_at", False),
    (DistrictState.LAUNCHED, "launched_at", True),
    (DistrictState.READY, "first_final_at", True),
    (DistrictState.SETTING_UP, "setup_begun_at", True),
)
"""Each state with the fact that makes it: whether that time is known, or not yet.

A district is in the first that fits, else activated. No state is stored: what is
stored are the times of deeds. A pause is no state, it stands beside one.
"""


def place_on_the_way() -> Case:
    """Return the place of a district's state among DistrictState's, for a query."""
    places = list(DistrictState)
    facts = [
        When(**{f"{fact}__isnull": not is_known}, then=Value(places.index(state)))
        for state, fact, is_known in STATE_FACTS
    ]
    activated = Value(places.index(DistrictState.ACTIVATED))
    return Case(*facts, default=activated, output_field=models.IntegerField())


class Districts(models.QuerySet["District"]):
    """Districts, with what follows from their facts."""

    def in_state(self, state: str) -> "Districts":
        """Return those that are in a state."""
        place = list(DistrictState).index(DistrictState(state))
        return self.alias(place=place_on_the_way()).filter(place=place)


class District(models.Model):
    """One customer: its way to launch, its tie to Clever, its choices.

    The token is encrypted at rest and never shown. `setup_begun_at`, `first_final_at`
    and `uses_sso` are facts written from above (matching, the import, the settings
    page) that lower layers need.
    """

    State = DistrictState

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=255)
    nces_id = models.CharField(max_length=64, blank=True)
    time_zone = models.CharField(max_length=64, default="America/Los_Angeles")
    activated_at = models.DateTimeField(null=True, blank=True)
    setup_begun_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When its first schools were matched or its settings saved.",
    )
    launch_date = models.DateField(null=True, blank=True)
    materials_reviewed_at = models.DateTimeField(null=True, blank=True)
    launched_at = models.DateTimeField(null=True, blank=True)
    disconnected_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    sync_paused_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Set by an undo: no periodic sync until Resume or a new final.",
    )
    uses_sso = models.BooleanField(null=True, blank=True)
    first_final_at = models.DateTimeField(null=True, blank=True)
    matches_verified_at = models.DateTimeField(null=True, blank=True)
    matches_verified_by = models.CharField(
        max_length=255,
        blank=True,
        help_text="Who said that schools are matched correctly; kept as text.",
    )

    clever_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    clever_token = EncryptedTextField(blank=True, default="")
    clever_state = models.CharField(max_length=16, blank=True)
    clever_last_sync = models.DateTimeField(null=True, blank=True)
    clever_checked_at = models.DateTimeField(null=True, blank=True)
    event_cursor = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = Districts.as_manager()

    class Meta:
        """Districts read by name; a permission for each kind of support's deeds."""

        ordering = ["name"]
        permissions = [
            ("activate_district", "Can activate districts"),
            ("move_launch_date", "Can move launch dates"),
            ("review_materials", "Can say that launch materials are reviewed"),
            ("launch_district", "Can launch districts"),
            ("pause_district", "Can pause and resume districts and their syncs"),
            ("rotate_token", "Can replace Clever tokens by Clever's newest"),
        ]

    def __str__(self) -> str:
        """Return the district's name."""
        return self.name

    @property
    def state(self) -> DistrictState:
        """Where it stands, by the facts of STATE_FACTS."""
        for state, fact, is_known in STATE_FACTS:
            if (getattr(self, fact) is not None) is is_known:
                return state
        return DistrictState.ACTIVATED

    @property
    def opens_clever_sign_in(self) -> bool:
        """Whether its people may sign in with Clever.

        From the launch on, unless it has said that they sign in by e-mail.
        """
        return self.state == DistrictState.LAUNCHED and self.uses_sso is not False

    @property
    def is_paused(self) -> bool:
        """Whether syncs and finals are stopped (sign-in is not)."""
        return self.paused_at is not None


class School(models.Model):
    """A school as Naviance knows it; `school_id` is its id in the district's files."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="schools"
    )
    school_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    nces_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=128, blank=True)
    state = models.CharField(max_length=64, blank=True)
    zip = models.CharField(max_length=16, blank=True)

    class Meta:
        """One school_id per district."""

        ordering = ["name", "school_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "school_id"], name="one_school_per_school_id"
            )
        ]

    def __str__(self) -> str:
        """Return the school's name."""
        return self.name


class CleverSchool(models.Model):
    """A school as the last pull from Clever showed it; kept when no longer shared.

    `staff_count` is a fact written from above (the import), None until people are read.
    """

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="clever_schools"
    )
    clever_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    nces_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=128, blank=True)
    state = models.CharField(max_length=64, blank=True)
    zip = models.CharField(max_length=16, blank=True)
    is_shared = models.BooleanField(default=True)
    staff_count = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="People Clever places there, as of the newest pull of people.",
    )
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One row per Clever id in a district."""

        ordering = ["name", "clever_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "clever_id"], name="one_clever_school_per_id"
            )
        ]

    def __str__(self) -> str:
        """Return the school's name in Clever."""
        return self.name


class SchoolMatch(models.Model):
    """Which Clever school is which Naviance school: one to one.

    `imported_at` is written by a final import; from then on the match is locked
    (manual: "After you import data, you can no longer edit the matched schools").
    """

    class Method(models.TextChoices):
        """How the pair was found."""

        NCES_ID = "nces_id", "NCES ID"
        NAME = "name", "School name"
        MANUAL = "manual", "By hand"

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="school_matches"
    )
    school = models.OneToOneField(
        School, on_delete=models.CASCADE, related_name="match"
    )
    clever_school = models.OneToOneField(
        CleverSchool, on_delete=models.CASCADE, related_name="match"
    )
    method = models.CharField(max_length=16, choices=Method.choices)
    reason = models.CharField(max_length=500, blank=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    matched_at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Plural for the admin; unlocking is support's."""

        verbose_name_plural = "school matches"
        permissions = [("unlock_schoolmatch", "Can unlock school matches")]

    def __str__(self) -> str:
        """Return both names, Clever's first."""
        return f"{self.clever_school} → {self.school}"

    @property
    def is_locked(self) -> bool:
        """Whether a final import has used the match."""
        return self.imported_at is not None


class SchoolMatchReset(models.Model):
    """A pair somebody took apart; it is never matched again by itself."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="school_match_resets"
    )
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    clever_school = models.ForeignKey(
        CleverSchool, on_delete=models.CASCADE, related_name="+"
    )
    reset_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reset_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One reset per pair."""

        constraints = [
            models.UniqueConstraint(
                fields=["school", "clever_school"], name="one_reset_per_pair"
            )
        ]

    def __str__(self) -> str:
        """Return both names, Clever's first."""
        return f"{self.clever_school} ≠ {self.school}"


class AuditEntry(models.Model):
    """One deed that meant something: who, when, from where, old → new. Append-only.

    It lives in the lowest app so that every app can write it; use `schools.audit`.
    """

    district = models.ForeignKey(
        District,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="audit_entries",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    actor_name = models.CharField(
        max_length=255, help_text="Kept as text, for when the account is gone."
    )
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True, blank=True)
    verb = models.CharField(max_length=64)
    target = models.CharField(max_length=255, blank=True)
    about = models.UUIDField(
        null=True, blank=True, help_text="Id of the staff account it is about, if any."
    )
    changes = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        """Newest first, read by district."""

        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["district", "-at"], name="audit_by_district"),
            # The timeline of one account.
            models.Index(
                fields=["about"], condition=Q(about__isnull=False), name="audit_about"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(verb=""), name="audit_has_a_verb")
        ]

    def __str__(self) -> str:
        """Return who did what to what."""
        return f"{self.actor_name} {self.verb} {self.target}".strip()
