"""The schools on both sides, and which is which."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from schools.models.districts import District


class ListedSchool(models.Model):
    """What either side says of a school, to tell it by."""

    name = models.CharField(max_length=255)
    nces_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=128, blank=True)
    state = models.CharField(max_length=64, blank=True)
    zip = models.CharField(max_length=16, blank=True)

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Return the school's name on its side."""
        return self.name


class School(ListedSchool):
    """A school as Naviance knows it; `school_id` is its id in the district's files."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="schools"
    )
    school_id = models.CharField(max_length=64)

    class Meta:
        """One school_id per district."""

        ordering = ["name", "school_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "school_id"], name="one_school_per_school_id"
            )
        ]


class CleverSchool(ListedSchool):
    """A school as the last pull from Clever showed it; kept when no longer shared.

    `staff_count` is a fact written from above (the import), None until people are read.
    """

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="clever_schools"
    )
    clever_id = models.CharField(max_length=64)
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
