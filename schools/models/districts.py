"""Districts, and where each stands on its way to launch."""

from django.db import models
from django.db.models import Case, Value, When
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
    deletion_begun_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="From then on a disconnected district can't come back.",
    )
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
    token_refused_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when Clever refuses the token; none once it takes one.",
    )
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
            ("disconnect_district", "Can disconnect districts and take them back"),
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

    def are_matches_verified(self) -> bool:
        """Return whether the school matches are as somebody said they are correct."""
        if self.matches_verified_at is None:
            return False
        changes = [
            self.school_matches.aggregate(last=models.Max("matched_at"))["last"],
            self.school_match_resets.aggregate(last=models.Max("reset_at"))["last"],
        ]
        has_matches = changes[0] is not None
        return has_matches and max(filter(None, changes)) <= self.matches_verified_at
