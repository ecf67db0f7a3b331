"""Sign-in identities, roles and their rights, zones, and staff accounts."""

import uuid

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Left, StrIndex
from django.utils import timezone

from schools.models import District, School


class Right(models.TextChoices):
    """What a user role may let its holder do."""

    MANAGE_DATA_IMPORT = "manage_data_import", "Manage data import"
    MANAGE_STAFF = "manage_staff", "Manage staff accounts"
    MANAGE_ROLES = "manage_roles", "Manage user roles"
    VIEW_STUDENTS = "view_students", "View students"
    EDIT_STUDENTS = "edit_students", "Edit students"
    VIEW_REPORTS = "view_reports", "View reports"


class UserAccounts(BaseUserManager["User"]):
    """Makes sign-in identities; e-mail addresses are kept in lower case."""

    def create_user(
        self, email: str, password: str | None = None, **fields: object
    ) -> "User":
        """Create and return an identity; without a password nobody can sign in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: object
    ) -> "User":
        """Create and return one of our own people with every right."""
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True, **fields}
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the identity of an e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in identity (Naviance ID). One identity may hold several accounts."""

    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    is_staff = models.BooleanField(
        default=False, help_text="Naviance Support: may use the Django admin."
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        """Identities read by e-mail address."""

        ordering = ["email"]

    def __str__(self) -> str:
        """Return the name, or the e-mail address of somebody without one."""
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """Return the first name."""
        return self.first_name


class UserRole(models.Model):
    """A Naviance user role of one district, with its rights.

    `is_essential` roles are guarded by the brake: their last holders at a school
    are never removed unasked (product.md, "The brake").
    """

    class Level(models.TextChoices):
        """Where accounts with the role live."""

        SCHOOL = "school", "School"
        DISTRICT = "district", "District"
        BOTH = "both", "School and district"

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="user_roles"
    )
    name = models.CharField(max_length=128)
    level = models.CharField(max_length=16, choices=Level.choices, default=Level.BOTH)
    rights = models.JSONField(default=list, blank=True)
    is_built_in = models.BooleanField(default=False)
    is_essential = models.BooleanField(default=False)

    class Meta:
        """One name per district."""

        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"], name="one_role_per_name"
            )
        ]

    def __str__(self) -> str:
        """Return the role's name."""
        return self.name


class JobFunction(models.Model):
    """A Naviance job function of one district, such as "Counselor"."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="job_functions"
    )
    name = models.CharField(max_length=128)

    class Meta:
        """One name per district."""

        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"], name="one_function_per_name"
            )
        ]

    def __str__(self) -> str:
        """Return the function's name."""
        return self.name


class Zone(models.Model):
    """The schools a district account may see; a zone without schools sees none."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="zones"
    )
    name = models.CharField(max_length=128)
    schools = models.ManyToManyField(School, blank=True, related_name="zones")

    class Meta:
        """One name per district."""

        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"], name="one_zone_per_name"
            )
        ]

    def __str__(self) -> str:
        """Return the zone's name."""
        return self.name


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
    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="staff_accounts"
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
    )
    clever_id = models.CharField(max_length=64, blank=True)
    first_name = models.CharField(max_length=255, blank=True)
    middle_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    job_title = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=320, blank=True)
    employee_id = models.CharField(max_length=128, blank=True)
    job_function = models.ForeignKey(
        JobFunction, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
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
        Zone, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
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
            models.UniqueConstraint(
                fields=["school", "clever_id"],
                condition=Q(school__isnull=False) & ~Q(clever_id=""),
                name="one_account_per_clever_id_and_school",
            ),
            models.UniqueConstraint(
                fields=["district", "clever_id"],
                condition=Q(school__isnull=True) & ~Q(clever_id=""),
                name="one_district_account_per_clever_id",
            ),
        ]
        indexes = [
            # The staff list: one district's accounts by name.
            models.Index(fields=["district", "name_key", "id"], name="staff_by_name"),
            # The accounts of one person in Clever, whatever the school.
            models.Index(
                fields=["district", "clever_id"],
                condition=~Q(clever_id=""),
                name="staff_by_clever_id",
            ),
        ]

    def __str__(self) -> str:
        """Return last and first name."""
        return f"{self.last_name}, {self.first_name}".strip(", ")
