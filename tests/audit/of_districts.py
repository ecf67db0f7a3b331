"""Deeds about districts, their schools and matches."""

from datetime import timedelta

from django.utils import timezone

from clever.oauth import DistrictToken
from navsync.leaving import verbs
from schools.models import CleverSchool
from schools.services import (
    districts,
    leaving,
    lifecycle,
    loading,
    match_edits,
    matches,
    requests,
    setting_up,
    tokens,
    wishes,
)
from tests.audit.world import WHY, Deed, World

CONFIRMED = lifecycle.Confirmation("Lee Park", clever_account=True, subscription=True)


def create(w: World) -> Deed:
    """Take a district on."""
    w.clever_says()
    return lambda: districts.create_district(
        slug="elm", name="Elm", clever_id="c-elm", token="n" * 40, actor=w.dana
    )


def activate(w: World) -> Deed:
    """Activate a request."""
    w.facts(activated_at=None)
    return lambda: lifecycle.activate_district(w.oak, w.dana, CONFIRMED)


def move_date(w: World) -> Deed:
    """Move the launch date."""
    to = (timezone.now() + timedelta(days=30)).date()
    return lambda: lifecycle.move_launch_date(w.oak, to, w.dana, WHY)


def decline(w: World) -> Deed:
    """Say no to the wish for another launch date."""
    to = (timezone.now() + timedelta(days=30)).date()
    lifecycle.ask_for_launch_date(w.oak, to, w.dana, WHY)
    return lambda: wishes.decline_wish(w.oak, wishes.ANOTHER_DATE, w.dana, WHY)


def take_back_wish(w: World) -> Deed:
    """Withdraw the wish to be disconnected."""
    leaving.ask_to_leave(w.oak, w.dana, WHY)
    return lambda: wishes.take_back_wish(w.oak, wishes.TO_LEAVE, w.dana)


def take_back_review(w: World) -> Deed:
    """Say that materials are not reviewed after all."""
    w.facts(materials_reviewed_at=timezone.now())
    return lambda: lifecycle.take_back_materials_review(w.oak, w.dana, WHY)


def launch(w: World) -> Deed:
    """Launch a district that lacks nothing."""
    w.facts(materials_reviewed_at=timezone.now())
    return lambda: lifecycle.launch_district(w.oak, w.dana, WHY)


def resume(w: World) -> Deed:
    """End a pause."""
    w.facts(paused_at=timezone.now())
    return lambda: lifecycle.resume_district(w.oak, w.dana, WHY)


def resume_sync(w: World) -> Deed:
    """Let syncs go on after an undo."""
    w.facts(sync_paused_at=timezone.now())
    return lambda: setting_up.resume_sync(w.oak, w.dana)


def reconnect(w: World) -> Deed:
    """Take a district back."""
    w.facts(disconnected_at=timezone.now())
    w.clever_says()
    return lambda: leaving.reconnect_district(w.oak, w.dana, WHY)


def reconnect_all(w: World) -> Deed:
    """Take a district back, in all of the apps."""
    w.facts(disconnected_at=timezone.now())
    w.clever_says()
    return lambda: verbs.reconnect(w.oak, w.dana, WHY)


def load(w: World) -> Deed:
    """Load a school from a file."""
    file = b"school_id,name,nces_id,address,city,state,zip\nN,North,,,,,\n"
    return lambda: loading.load_schools(w.oak, file, w.dana)


def save_edits(w: World) -> Deed:
    """Take a match apart on Match Schools."""
    edit = match_edits.MatchEdit(w.match.clever_school_id, w.school.pk, 0)
    return lambda: match_edits.save_edits(w.oak, [edit], w.dana)


def match_automatically(w: World) -> Deed:
    """Match what has one name on both sides."""
    w.match.delete()
    return lambda: matches.match_automatically(w.oak, w.dana)


def set_match(w: World) -> Deed:
    """Match by hand."""
    other = CleverSchool.objects.create(district=w.oak, clever_id="o", name="Other")
    return lambda: matches.set_match(w.oak, w.school, other, w.dana)


def unlock(w: World) -> Deed:
    """Unlock a match that a final import has used."""
    w.match.imported_at = timezone.now()
    w.match.save()
    return lambda: matches.unlock_match(w.oak, w.match, w.dana, WHY)


def edit_matches(w: World) -> Deed:
    """Reset a match among others."""
    ids = [w.school.school_id]
    return lambda: matches.edit_matches(w.oak, resets=ids, pairs=[], actor=w.dana)


def request(w: World) -> Deed:
    """Record an unknown owner of a token."""
    owner = requests.Owner(DistrictToken("c-elm", "n" * 40), None)
    return lambda: requests.record_request(owner, w.dana)


def read_token(w: World) -> Deed:
    """Read a token again that was refused."""
    w.clever_says()
    return lambda: tokens.read_token_again(w.oak, w.dana)


def rotate(w: World) -> Deed:
    """Ask for the newest token."""
    w.clever_says()
    return lambda: tokens.rotate_token(w.oak, w.dana, WHY)


def renew(w: World) -> Deed:
    """Store the tokens of Clever's list."""
    listed = [DistrictToken(str(w.oak.clever_id), "n" * 40)]
    return lambda: tokens.renew_tokens(listed, w.dana)


DEEDS = {
    districts.create_district: create,
    lifecycle.activate_district: activate,
    lifecycle.move_launch_date: move_date,
    lifecycle.ask_for_launch_date: lambda w: (
        lambda: lifecycle.ask_for_launch_date(w.oak, None, w.dana, WHY)
    ),
    wishes.decline_wish: decline,
    wishes.take_back_wish: take_back_wish,
    lifecycle.mark_materials_reviewed: lambda w: (
        lambda: lifecycle.mark_materials_reviewed(w.oak, w.dana, WHY)
    ),
    lifecycle.take_back_materials_review: take_back_review,
    lifecycle.launch_district: launch,
    lifecycle.pause_district: lambda w: (
        lambda: lifecycle.pause_district(w.oak, w.dana, WHY)
    ),
    lifecycle.resume_district: resume,
    setting_up.resume_sync: resume_sync,
    leaving.ask_to_leave: lambda w: lambda: leaving.ask_to_leave(w.oak, w.dana, WHY),
    leaving.disconnect_district: lambda w: (
        lambda: leaving.disconnect_district(w.oak, w.dana, WHY)
    ),
    leaving.reconnect_district: reconnect,
    verbs.disconnect: lambda w: lambda: verbs.disconnect(w.oak, w.dana, WHY),
    verbs.reconnect: reconnect_all,
    loading.load_schools: load,
    match_edits.save_edits: save_edits,
    match_edits.verify_matches: lambda w: (
        lambda: match_edits.verify_matches(w.oak, w.dana)
    ),
    matches.match_automatically: match_automatically,
    matches.set_match: set_match,
    matches.reset_match: lambda w: lambda: matches.reset_match(w.oak, w.school, w.dana),
    matches.unlock_match: unlock,
    matches.edit_matches: edit_matches,
    requests.record_request: request,
    tokens.read_token_again: read_token,
    tokens.rotate_token: rotate,
    tokens.renew_tokens: renew,
}
