"""Roles with their rights, job functions, and zones."""

from django.db import models

from schools.models import District, School


class Right(models.TextChoices):
    """What a user role may let its holder do."""

    MANAGE_DATA_IMPORT = "manage_data_import", "Manage data import"
    MANAGE_STAFF = "manage_staff", "Manage staff accounts"
    MANAGE_ROLES = "manage_roles", "Manage user roles"
    VIEW_STUDENTS = "view_students", "View students"
    EDIT_STUDENTS = "edit_students", "Edit students"
    VIEW_REPORTS = "view_reports", "View reports"


# Rights over other people: nobody gives more of them than they have, and they work for
# accounts at the district alone.
OVER_OTHERS = (Right.MANAGE_DATA_IMPORT, Right.MANAGE_STAFF, Right.MANAGE_ROLES)

# What they are over is the district's as a whole, so a zone leaves nothing of them.
OF_THE_WHOLE_DISTRICT = frozenset({Right.MANAGE_DATA_IMPORT, Right.MANAGE_ROLES})


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
    """The schools whose staff a district account sees; without any nobody's."""

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
