"""Staff accounts: one person at one school, or at the district."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Left, StrIndex
from django.utils import timezone

from accounts.models.roles import JobFunction, UserRole, Zone
from schools.models import District, School

NAME_KEY_LENGTH = 120


def _first_line(field: str) -> Left:
    """Return the field's text up to its first line break."""
    return Left(field, StrIndex(Concat(field, Value("\n")), Value("\n")) - 1)


class StaffAccount(models.Model):
    """One person at one school, or at the district (school empty).

    `clever_id` ties it to a Clever user. `revision` counts edits: an import that
    planned on an older revision holds its row instead of overwriting. Whoever writes
    names, title, e-mail or employee id writes `search_text`, too.
    """

    class Status(models.TextChoices):
        """Inactive means archived: account, history and role stay."""

        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"

    class Origin(models.TextChoices):
        """How the account came to be; one added by hand starts as "leave alone"."""

        IMPORT = "import", "Clever import"
        LOADED = "loaded", "Loaded by Support"
        MANUAL = "manual", "Added by hand"

    class InactiveCause(models.TextChoices):
        """Why an account is inactive; only one deactivated by hand stays so."""

        RUN = "run", "Archived by an import"
        LOADED = "loaded", "Loaded as inactive"
        MANUAL = "manual", "Deactivated by hand"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # An import writes accounts by the ten thousand: no index that nobody looks things
    # up by. A district's accounts are found by `staff_by_name`.
    district = models.ForeignKey(
        District,
        on_delete=models.CASCADE,
        related_name="staff_accounts",
        db_index=False,
    )
    school = models.ForeignKey(
        School,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="staff_accounts",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="staff_accounts",
        db_index=False,
    )
    clever_id = models.CharField(max_length=64, blank=True)
    first_name = models.CharField(max_length=255, blank=True)
    middle_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    job_title = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    employee_id = models.CharField(max_length=128, blank=True)
    job_function = models.ForeignKey(
        JobFunction,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    user_role = models.ForeignKey(
        UserRole,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="staff_accounts",
    )
    teacher_list = models.BooleanField(default=False)
    counselor_list = models.BooleanField(default=False)
    zone = models.ForeignKey(
        Zone,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    status = models.CharField(
        max_length=16, choices=Status.choices, default=Status.ACTIVE
    )
    inactive_cause = models.CharField(
        max_length=16, choices=InactiveCause.choices, blank=True
    )
    inactive_at = models.DateTimeField(null=True, blank=True)
    inactive_by = models.CharField(
        max_length=255, blank=True, help_text="Who deactivated it, in words."
    )
    origin = models.CharField(
        max_length=16, choices=Origin.choices, default=Origin.LOADED
    )
    loaded_as = models.CharField(
        max_length=32,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Digest of the file's row, to know it again after Clever changed it.",
    )
    pinned_fields = models.JSONField(default=list, blank=True)
    search_text = models.TextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="What a search looks in (accounts.searching), the name in line 1.",
    )
    name_key = models.GeneratedField(
        expression=Left(_first_line("search_text"), NAME_KEY_LENGTH),
        output_field=models.CharField(max_length=NAME_KEY_LENGTH),
        db_persist=True,
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One account per Clever id and school, and per Clever id at the district."""

        ordering = ["last_name", "first_name", "id"]
        constraints = [
            # Also finds one person's accounts, whatever the school: those at the
            # district, which it doesn't limit, are in its index.
            models.UniqueConstraint(
                fields=["clever_id", "school"],
                condition=~Q(clever_id=""),
                name="one_account_per_clever_id_and_school",
            ),
            models.UniqueConstraint(
                fields=["district", "clever_id"],
                condition=Q(school__isnull=True) & ~Q(clever_id=""),
                name="one_district_account_per_clever_id",
            ),
        ]
        indexes = [
            # Nobody has signed in yet with most accounts that an import writes.
            models.Index(
                fields=["user"], condition=Q(user__isnull=False), name="staff_by_user"
            ),
            # The staff list: one district's accounts by name, or by their last change.
            models.Index(fields=["district", "name_key", "id"], name="staff_by_name"),
            models.Index(
                fields=["district", "updated_at", "id"], name="staff_by_change"
            ),
        ]

    def __str__(self) -> str:
        """Return last and first name."""
        return listed_name(self.first_name, self.last_name)


def listed_name(first_name: str, last_name: str) -> str:
    """Return a name as lists show it: last name first."""
    return f"{last_name}, {first_name}".strip(", ")
