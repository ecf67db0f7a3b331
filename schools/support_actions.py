"""What support does on a district's way to launch, each asked for with its reason.

One list for the Django admin and whatever other pages support gets: an action's form,
which districts it is for, and the service that carries it out. `support_pages` shows
the page on which the reason is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django import forms

from schools import launch
from schools.audit import Actor
from schools.models import District
from schools.services import lifecycle

Given = dict[str, object]


class ReasonForm(forms.Form):
    """Asks why; enough for most actions."""

    why = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="The district reads it in its history, with your name.",
    )


class ActivateForm(forms.Form):
    """Asks with whom the request was confirmed, and for both prerequisites."""

    confirmed_with = forms.CharField(
        max_length=200,
        label="Confirmed with",
        help_text="Name and position of the person in the district.",
    )
    clever_account = forms.BooleanField(
        label="The district has an active Clever account"
    )
    subscription = forms.BooleanField(
        label="The district has a Naviance for Districts subscription"
    )
    why = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="The district reads it in its history, with your name.",
    )


class LaunchDateForm(ReasonForm):
    """Asks for the new launch date."""

    launch_date = forms.DateField(
        label="New launch date",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="By the district’s own calendar.",
    )
    field_order = ["launch_date", "why"]


@dataclass(frozen=True, slots=True)
class SupportAction:
    """One action: `name` is its word in addresses, `label` that of its button.

    `explanation` says what it does, `done` what was done (with the district for {}).
    `suits` tells for which districts it makes sense; `carry_out` gets the district, who
    asks and the form's cleaned data, and raises RefusedError where it can't be done.
    """

    name: str
    label: str
    explanation: str
    done: str
    suits: Callable[[District], bool]
    carry_out: Callable[[District, Actor, Given], None]
    form: type[forms.Form] = ReasonForm


def _activate(district: District, actor: Actor, given: Given) -> None:
    confirmed = lifecycle.Confirmation(
        str(given["confirmed_with"]),
        clever_account=bool(given["clever_account"]),
        subscription=bool(given["subscription"]),
    )
    lifecycle.activate_district(district, actor, confirmed, str(given["why"]))


def _move(district: District, actor: Actor, given: Given) -> None:
    to = given["launch_date"]
    if isinstance(to, date):
        lifecycle.move_launch_date(district, to, actor, str(given["why"]))


def _for_a_reason(
    verb: Callable[[District, Actor, str], None],
) -> Callable[[District, Actor, Given], None]:
    def carry_out(district: District, actor: Actor, given: Given) -> None:
        verb(district, actor, str(given["why"]))

    return carry_out


def _is_requested(district: District) -> bool:
    return district.activated_at is None and district.disconnected_at is None


def _awaits_review(district: District) -> bool:
    return launch.is_on_its_way(district) and district.materials_reviewed_at is None


def _is_reviewed(district: District) -> bool:
    return launch.is_on_its_way(district) and district.materials_reviewed_at is not None


def _may_pause(district: District) -> bool:
    return _is_active(district) and not district.is_paused


def _may_resume(district: District) -> bool:
    return _is_active(district) and district.is_paused


def _has_stopped_sync(district: District) -> bool:
    return _is_active(district) and district.sync_paused_at is not None


def _is_active(district: District) -> bool:
    return district.activated_at is not None and district.disconnected_at is None


ACTIONS = (
    SupportAction(
        "activate",
        "Activate",
        "The launch date is set 28 days from today. The district can set up.",
        "{} is activated.",
        _is_requested,
        _activate,
        ActivateForm,
    ),
    SupportAction(
        "move-launch-date",
        "Move launch date",
        "The district launches on that day if its materials are marked as reviewed.",
        "The launch date of {} is moved.",
        launch.is_on_its_way,
        _move,
        LaunchDateForm,
    ),
    SupportAction(
        "mark-materials-reviewed",
        "Mark materials reviewed",
        "On its launch date the district then launches by itself.",
        "The materials of {} are marked as reviewed.",
        _awaits_review,
        _for_a_reason(lifecycle.mark_materials_reviewed),
    ),
    SupportAction(
        "take-back-materials-review",
        "Take back materials review",
        "The district no longer launches by itself until they are reviewed again.",
        "The materials of {} are no longer marked as reviewed.",
        _is_reviewed,
        _for_a_reason(lifecycle.take_back_materials_review),
    ),
    SupportAction(
        "launch",
        "Launch now",
        "The district’s staff can sign in with Clever at once.",
        "{} is launched.",
        launch.is_on_its_way,
        _for_a_reason(lifecycle.launch_district),
    ),
    SupportAction(
        "pause",
        "Pause",
        "Syncs and final imports stop until somebody resumes; sign-in goes on.",
        "{} is paused.",
        _may_pause,
        _for_a_reason(lifecycle.pause_district),
    ),
    SupportAction(
        "resume",
        "Resume",
        "Syncs and final imports go on.",
        "{} is resumed.",
        _may_resume,
        _for_a_reason(lifecycle.resume_district),
    ),
    SupportAction(
        "resume-sync",
        "Resume periodic sync",
        "The periodic sync that an undo stopped goes on: what was undone may come "
        "again. The district can do it itself.",
        "The periodic sync of {} goes on.",
        _has_stopped_sync,
        _for_a_reason(lifecycle.resume_sync),
    ),
)


def suitable_actions(district: District) -> list[SupportAction]:
    """Return the actions that make sense for a district now, in their order."""
    return [action for action in ACTIONS if action.suits(district)]


def find_action(name: str) -> SupportAction | None:
    """Return the action with this name, None if there is none."""
    return next((action for action in ACTIONS if action.name == name), None)
