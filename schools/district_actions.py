"""Support's actions on districts themselves: their way, matches and token."""

from collections.abc import Callable
from datetime import date
from typing import cast

from django.utils import timezone

from schools import launch, refusals
from schools.audit import Actor
from schools.clock import day_in, full_day
from schools.models import District, SchoolMatch
from schools.services import lifecycle, setting_up, wishes
from schools.services.matches import unlock_match
from schools.services.tokens import rotate_token
from schools.support_actions import Given, SupportAction
from schools.support_forms import ActivateForm, DeclineForm, LaunchDateForm, UnlockForm


def _activate(district: District, actor: Actor, given: Given) -> str:
    confirmed = lifecycle.Confirmation(
        str(given["confirmed_with"]),
        clever_account=bool(given["clever_account"]),
        subscription=bool(given["subscription"]),
    )
    lifecycle.activate_district(district, actor, confirmed, str(given["why"]))
    return f"{district} is activated."


def _move(district: District, actor: Actor, given: Given) -> str:
    to = cast("date", given["launch_date"])
    lifecycle.move_launch_date(district, to, actor, str(given["why"]))
    return f"The launch date of {district} is moved to {full_day(to)}."


def _decline(district: District, actor: Actor, given: Given) -> str:
    wish = next(wish for wish in wishes.WISHES if wish.asked == given["wish"])
    declined = wishes.decline_wish(district, wish, actor, str(given["why"]))
    return f"The wish of {district} {wishes.in_words(declined)} is declined."


def _resume(district: District, actor: Actor, given: Given) -> str:
    lifecycle.resume_district(district, actor, str(given["why"]))
    passed, today = district.launch_date, day_in(district, timezone.now())
    if passed is None or not launch.has_passed(district, today):
        return f"{district} is resumed."
    return (
        f"{district} is resumed. Its launch date, {full_day(passed)}, has passed: "
        "launch the district now, or move the date."
    )


def _unlock(district: District, actor: Actor, given: Given) -> str:
    match = given["match"]
    if isinstance(match, SchoolMatch):
        unlock_match(district, match, actor, str(given["why"]))
    return f"{match} is unlocked in {district}: the district can edit the match."


def _rotate(district: District, actor: Actor, given: Given) -> str:
    if rotate_token(district, actor, str(given["why"])):
        return (
            f"Clever had a new token for {district}: it is stored, and Clever takes it."
        )
    return (
        f"Clever has no other token for {district} than the stored one, and takes it."
    )


def _for_a_reason(
    verb: Callable[[District, Actor, str], None], done: str
) -> Callable[[District, Actor, Given], str]:
    """Return what carries out a verb that takes a reason; `done` says it was done."""

    def carry_out(district: District, actor: Actor, given: Given) -> str:
        verb(district, actor, str(given["why"]))
        return done.format(district)

    return carry_out


def _wishes_in_words(district: District) -> list[str]:
    """Say what the district has asked for, who did, when and why."""
    found = (wishes.open_wish(district, wish) for wish in wishes.WISHES)
    return [
        f"{wish.actor_name} asked on {full_day(day_in(district, wish.at))} "
        f"{wishes.in_words(wish)}: {wish.note}"
        for wish in found
        if wish is not None
    ]


def _no_wish(district: District) -> list[str]:
    if why := refusals.disconnected(district):
        return why
    if any(wishes.open_wish(district, wish) for wish in wishes.WISHES):
        return []
    return [f"{district} has no wish that waits for an answer."]


def _no_locked_match(district: District) -> list[str]:
    if why := refusals.inactive(district):
        return why
    if district.school_matches.filter(imported_at__isnull=False).exists():
        return []
    return [f"No school match of {district} is locked."]


def _no_token_in_clever(district: District) -> list[str]:
    if district.clever_id and district.disconnected_at is None:
        return []
    return [f"{district} is not connected with Clever, so it has no token there."]


UNLOCK = SupportAction(
    "unlock-match",
    "Unlock a school match",
    "A final import has used the match, so the district can’t edit it any more. "
    "Unlocked, it can. Syncs leave the school alone from now on, until the "
    "district’s next final import, which locks the match again.",
    "schools.unlock_schoolmatch",
    _no_locked_match,
    _unlock,
    UnlockForm,
    is_for_one=True,
)

DISTRICT_ACTIONS = (
    SupportAction(
        "activate",
        "Activate",
        "The launch date is set 28 days from today. The district can set up.",
        "schools.activate_district",
        refusals.for_activation,
        _activate,
        ActivateForm,
        # Each request is confirmed with somebody of its own district.
        is_for_one=True,
    ),
    SupportAction(
        "move-launch-date",
        "Move launch date",
        "The district launches on that day if its materials are marked as reviewed.",
        "schools.move_launch_date",
        refusals.beside_the_way,
        _move,
        LaunchDateForm,
        about=_wishes_in_words,
    ),
    SupportAction(
        "decline-wish",
        "Decline a wish",
        "Another launch date, or to be disconnected: what the district asked for stays "
        "as it is, and it reads why.",
        "schools.move_launch_date",
        _no_wish,
        _decline,
        DeclineForm,
        is_for_one=True,
        about=_wishes_in_words,
    ),
    SupportAction(
        "mark-materials-reviewed",
        "Mark materials reviewed",
        "On its launch date the district then launches by itself.",
        "schools.review_materials",
        refusals.for_review,
        _for_a_reason(
            lifecycle.mark_materials_reviewed,
            "The materials of {} are marked as reviewed.",
        ),
    ),
    SupportAction(
        "take-back-materials-review",
        "Take back materials review",
        "The district no longer launches by itself until they are reviewed again.",
        "schools.review_materials",
        refusals.for_taking_back_review,
        _for_a_reason(
            lifecycle.take_back_materials_review,
            "The materials of {} are no longer marked as reviewed.",
        ),
    ),
    SupportAction(
        "launch",
        "Launch now",
        "If the district uses Clever SSO, its staff can sign in with Clever at once.",
        "schools.launch_district",
        launch.launch_lacks,
        _for_a_reason(lifecycle.launch_district, "{} is launched."),
    ),
    SupportAction(
        "pause",
        "Pause",
        "Syncs and final imports stop until somebody resumes; sign-in goes on.",
        "schools.pause_district",
        refusals.for_pause,
        _for_a_reason(lifecycle.pause_district, "{} is paused."),
    ),
    SupportAction(
        "resume",
        "Resume",
        "Syncs and final imports go on. A district whose launch date has passed does "
        "not launch by itself.",
        "schools.pause_district",
        refusals.for_resume,
        _resume,
    ),
    SupportAction(
        "resume-sync",
        "Resume periodic sync",
        "The periodic sync that an undo stopped goes on: what was undone may come "
        "again. The district can do it itself.",
        "schools.pause_district",
        refusals.for_resuming_sync,
        _for_a_reason(setting_up.resume_sync, "The periodic sync of {} goes on."),
    ),
    UNLOCK,
    SupportAction(
        "rotate-token",
        "Rotate token",
        "Clever is asked for the district’s access token by its Clever id. If it has "
        "given out another one and takes it, that one replaces the stored one.",
        "schools.rotate_token",
        _no_token_in_clever,
        _rotate,
    ),
)
