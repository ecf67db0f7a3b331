"""What a district chose for its imports."""

from django.db import models

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
