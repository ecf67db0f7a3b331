"""Which of its actions support is offered for a district as it stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from schools.audit import Actor
from schools.clock import day_in, full_day
from schools.models import District, SchoolMatch
from schools.services import leaving
from schools.support_actions import suitable_actions
from schools.tests.acting import LIST, on_its_way, page, text_of
from tests.cast import make_match, make_school

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({"activated_at": None, "first_final_at": None}, "activate"),
        (
            {"first_final_at": None},
            "move-launch-date mark-materials-reviewed pause start-test",
        ),
        (
            {"materials_reviewed_at": timezone.now(), "paused_at": timezone.now()},
            "move-launch-date take-back-materials-review resume unlock-match "
            "start-test",
        ),
        (
            {"materials_reviewed_at": timezone.now()},
            "move-launch-date take-back-materials-review launch pause unlock-match "
            "start-test start-sync",
        ),
        (
            {"launched_at": timezone.now(), "uses_sso": False},
            "pause unlock-match start-test start-sync",
        ),
        ({"disconnected_at": timezone.now()}, ""),
    ],
)
def test_actions_suit_the_state(maple, facts, names):
    on_its_way(maple, **facts)
    match = make_match(maple.schools.first() or make_school(maple))
    SchoolMatch.objects.filter(pk=match.pk).update(imported_at=maple.first_final_at)
    lead = User(is_superuser=True)

    suitable = {action.name for action in suitable_actions(maple, lead)}

    connected = {"rotate-token", "disconnect"}
    others = {"reconnect", "invite-admin"}
    assert suitable - connected - others == set(names.split())
    assert ("invite-admin" in suitable) is (maple.state != "requested")
    assert (suitable >= connected) is (maple.disconnected_at is None)
    assert ("reconnect" in suitable) is (maple.disconnected_at is not None)


def test_an_action_that_suits_no_district_says_why_and_has_no_button(
    support, maple, cedar
):
    on_its_way(maple, first_final_at=None)
    on_its_way(cedar, paused_at=timezone.now(), materials_reviewed_at=timezone.now())

    shown = text_of(support.get(page("launch", maple, cedar)))

    assert "No final import has run in Maple Valley" in shown
    assert "Cedar Ridge is paused. Resume it first." in shown
    assert f'<a class="button" href="{LIST}">Back</a>' in shown
    assert 'name="why"' not in shown
    assert 'value="Launch now"' not in shown


@pytest.mark.parametrize(
    ("name", "facts", "why"),
    [
        ("activate", {}, "is ready for launch already; only a requested district"),
        ("move-launch-date", {"launched_at": NOW}, "is launched already."),
        ("decline-wish", {}, "has no wish that waits for an answer."),
        ("take-back-materials-review", {}, "are not marked as reviewed."),
        ("launch", {}, "are not marked as reviewed. Review them, then mark"),
        ("pause", {"paused_at": NOW}, "is paused already."),
        ("resume", {}, "is not paused."),
        ("resume-sync", {}, "is on already."),
        ("unlock-match", {}, "No school match of Maple Valley is locked."),
        ("rotate-token", {"disconnected_at": NOW}, "is not connected with Clever"),
        ("start-test", {"disconnected_at": NOW}, "was disconnected from Clever."),
        ("start-sync", {"paused_at": NOW}, "is paused. Resume it first."),
        ("disconnect", {"disconnected_at": NOW}, "is disconnected already."),
        ("reconnect", {}, "is not disconnected."),
        ("resend-invitations", {}, "has not said that its staff sign in by e-mail."),
    ],
)
def test_who_is_about_to_ask_in_vain_reads_once_why(support, maple, name, facts, why):
    on_its_way(maple, **facts)

    asked = text_of(support.get(page(name, maple)))

    assert asked.count(why) == 1
    assert "Contact Naviance Support" not in asked


@pytest.mark.parametrize("name", ["launch", "pause"])
def test_who_asks_in_vain_reads_once_why(support, maple, name):
    on_its_way(maple, disconnected_at=NOW)

    refused = text_of(support.post(page(name, maple), {"why": "x"}))

    assert refused.count("Maple Valley was disconnected from Clever.") == 1
    assert "It does not suit" not in refused


def test_who_disconnects_reads_before_who_asked_for_it_and_what_comes(
    support, maple, settings
):
    settings.RETENTION_DAYS = 90
    on_its_way(maple)
    unasked = text_of(support.get(page("disconnect", maple)))
    leaving.ask_to_leave(maple, Actor("Dana Whitfield"), "We close in June")

    asked = text_of(support.get(page("disconnect", maple)))

    day, gone = day_in(maple, NOW), day_in(maple, NOW + timedelta(days=90))
    assert "The district has not asked for it." in unasked
    assert f"Dana Whitfield asked for it on {full_day(day)}: We close" in asked
    assert f"Disconnected today, it is deleted on {full_day(gone)}." in asked


def test_an_action_that_suits_some_is_asked_for_them(support, maple, cedar):
    on_its_way(maple, materials_reviewed_at=timezone.now())
    on_its_way(cedar)

    shown = text_of(support.get(page("launch", maple, cedar)))

    assert "It does not suit Cedar Ridge (cedar) as it stands" in shown
    assert 'value="Launch now"' in shown


def test_a_launch_that_would_be_refused_is_not_offered(support, maple):
    on_its_way(maple)
    before = text_of(support.get(f"{LIST}{maple.pk}/change/"))
    on_its_way(maple, materials_reviewed_at=timezone.now())
    after = text_of(support.get(f"{LIST}{maple.pk}/change/"))

    assert ">Launch now</a>" not in before
    assert ">Launch now</a>" in after


def test_districts_of_one_name_are_told_apart_where_an_action_is_asked(
    support, maple, cedar
):
    District.objects.filter(pk=cedar.pk).update(name="Maple Valley", clever_id="c7")

    shown = text_of(support.get(page("pause", maple, cedar)))
    alone = text_of(support.get(page("disconnect", cedar)))

    assert "Maple Valley</a> (maple" in shown
    assert "Maple Valley</a> (cedar, Clever ID c7)" in shown
    assert "Maple Valley</a> (cedar, Clever ID c7)" in alone
