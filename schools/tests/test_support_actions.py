"""Support's actions on districts, each with its reason on a page of its own."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from schools.audit import Actor
from schools.models import District
from schools.services import leaving, lifecycle
from schools.tests.acting import LIST, on_its_way, page, text_of
from tests.cast import make_admin

pytestmark = pytest.mark.django_db

ACTIVATION = {
    "confirmed_with": "Lee Park, superintendent",
    "clever_account": "on",
    "subscription": "on",
    "why": "By telephone",
}


def test_a_request_is_activated_with_whom_it_was_confirmed(support, maple):
    asked = support.get(page("activate", maple))
    sent = support.post(page("activate", maple), ACTIVATION, follow=True)

    maple.refresh_from_db()
    entry = maple.audit_entries.get()
    assert 'name="confirmed_with"' in text_of(asked)
    assert maple.state == "activated"
    assert (entry.actor_name, entry.note) == ("sam@navsync.example", "By telephone")
    assert entry.changes["confirmed_with"] == [None, "Lee Park, superintendent"]
    assert sent.redirect_chain == [(f"{LIST}{maple.pk}/change/", 302)]
    assert "Maple Valley is activated." in text_of(sent)


@pytest.mark.parametrize(
    "missing", ["confirmed_with", "clever_account", "subscription"]
)
def test_an_activation_asks_for_all_it_needs_and_keeps_what_was_typed(
    support, maple, missing
):
    given = {name: value for name, value in ACTIVATION.items() if name != missing}

    answer = support.post(page("activate", maple), given)

    maple.refresh_from_db()
    assert answer.status_code == 200
    assert "Correct what is marked below." in text_of(answer)
    assert "By telephone" in text_of(answer)
    assert maple.state == "requested"


def test_requests_are_activated_one_by_one_each_confirmed_with_its_own(
    support, maple, cedar
):
    listed = text_of(support.get(LIST))
    both = support.post(page("activate", maple, cedar), ACTIVATION)

    maple.refresh_from_db()
    assert 'value="pause"' in listed
    assert 'value="activate"' not in listed
    assert both.status_code == 404
    assert maple.state == "requested"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff"], ids=ascii)
def test_who_confirmed_and_why_are_not_written_with_invisible_characters(
    support, maple, cedar, hidden
):
    on_its_way(cedar)

    activated = support.post(
        page("activate", maple), {**ACTIVATION, "confirmed_with": hidden}
    )
    paused = support.post(page("pause", cedar), {"why": hidden})
    support.post(page("pause", cedar), {"why": f"Clever{hidden} is down"})

    maple.refresh_from_db()
    assert maple.state == "requested"
    for answer in (activated, paused):
        assert "This field is required." in text_of(answer)
    assert cedar.audit_entries.get().note == "Clever is down"


def test_what_is_refused_stays_on_the_page_with_the_reason(support, maple):
    on_its_way(maple)
    yesterday = timezone.localdate() - timedelta(days=2)

    answer = support.post(
        page("move-launch-date", maple),
        {"launch_date": yesterday.isoformat(), "why": "They asked for it"},
    )

    assert "is past in Maple Valley. Choose today or a later day." in text_of(answer)
    assert "They asked for it" in text_of(answer)
    assert maple.audit_entries.count() == 0


@pytest.mark.parametrize(
    ("name", "facts", "fact", "is_there"),
    [
        ("mark-materials-reviewed", {}, "materials_reviewed_at", True),
        (
            "take-back-materials-review",
            {"materials_reviewed_at": timezone.now()},
            "materials_reviewed_at",
            False,
        ),
        ("launch", {"materials_reviewed_at": timezone.now()}, "launched_at", True),
        ("pause", {}, "paused_at", True),
        ("resume", {"paused_at": timezone.now()}, "paused_at", False),
        ("resume-sync", {"sync_paused_at": timezone.now()}, "sync_paused_at", False),
    ],
)
def test_each_action_does_its_deed_for_a_reason(
    support, maple, name, facts, fact, is_there
):
    on_its_way(maple, **facts)
    without = support.post(page(name, maple), {"why": " "})
    assert maple.audit_entries.count() == 0

    support.post(page(name, maple), {"why": "They asked for it"})

    maple.refresh_from_db()
    assert "This field is required." in text_of(without)
    assert (getattr(maple, fact) is not None) is is_there
    assert maple.audit_entries.get().note == "They asked for it"


def test_support_chooses_which_wish_it_declines(support, maple):
    on_its_way(maple)
    dana = Actor("Dana Whitfield")
    leaving.ask_to_leave(maple, dana, "We change")
    alone = text_of(support.get(page("decline-wish", maple)))
    lifecycle.ask_for_launch_date(maple, None, dana, "We are ready")
    both = text_of(support.get(page("decline-wish", maple)))

    unchosen = support.post(page("decline-wish", maple), {"why": "Not now"})
    sent = support.post(
        page("decline-wish", maple),
        {"wish": "asked to be disconnected", "why": "They stay"},
        follow=True,
    )

    early = "To launch as soon as possible, asked by Dana Whitfield"
    assert "To be disconnected, asked by Dana Whitfield" in alone
    assert "Choose a wish" not in alone
    assert "Choose a wish" in both
    assert early in both
    assert "This field is required." in text_of(unchosen)
    told = "The wish of Maple Valley to be disconnected is declined."
    assert told in text_of(sent)
    newest = maple.audit_entries.first()
    assert (newest.verb, newest.note) == ("declined to disconnect", "They stay")
    assert early in text_of(support.get(page("decline-wish", maple)))


def test_a_resume_says_that_the_launch_date_has_passed(support, maple, cedar):
    yesterday = timezone.localdate() - timedelta(days=2)
    on_its_way(maple, paused_at=timezone.now(), launch_date=yesterday)
    on_its_way(cedar, paused_at=timezone.now())

    sent = support.post(page("resume", maple, cedar), {"why": "Up again"}, follow=True)

    date = f"{yesterday:%B} {yesterday.day}, {yesterday.year}"
    assert f"Maple Valley is resumed. Its launch date, {date}, has" in text_of(sent)
    assert "Cedar Ridge is resumed.<" in text_of(sent)


def test_the_list_leads_to_the_page_for_all_that_are_ticked(support, maple, cedar):
    on_its_way(maple)
    on_its_way(cedar)
    chosen = {"action": "pause", "_selected_action": [maple.pk, cedar.pk]}

    asked = support.post(LIST, chosen, follow=True)
    address = asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"]
    sent = support.post(address, {"why": "Clever is down"}, follow=True)

    assert "Maple Valley" in text_of(asked)
    assert "Cedar Ridge" in text_of(asked)
    assert sent.redirect_chain[-1][0] == LIST
    assert "Maple Valley is paused." in text_of(sent)
    assert District.objects.filter(paused_at__isnull=False).count() == 2


def test_of_several_those_that_can_not_be_are_named_and_the_others_done(
    support, maple, cedar
):
    on_its_way(maple, paused_at=timezone.now())
    on_its_way(cedar)

    sent = support.post(page("pause", maple, cedar), {"why": "x"}, follow=True)

    assert "Cedar Ridge is paused." in text_of(sent)
    assert "Maple Valley is paused already." in text_of(sent)


def test_a_page_of_ours_may_be_the_way_back_but_none_of_another_host(support, maple):
    on_its_way(maple)

    ours = support.post(page("pause", maple, back="/admin/"), {"why": "x"})
    theirs = support.post(
        page("resume", maple, back="https://evil.example/"), {"why": "x"}
    )

    assert ours["Location"] == "/admin/"
    assert theirs["Location"] == f"{LIST}{maple.pk}/change/"


def test_a_districts_page_offers_what_suits_it_and_tells_its_way(support, maple):
    support.post(page("activate", maple), ACTIVATION)

    shown = text_of(support.get(f"{LIST}{maple.pk}/change/"))

    assert ">Move launch date</a>" in shown
    assert ">Activate</a>" not in shown
    assert "By telephone" in shown


def test_an_action_without_a_district_leads_back_and_says_what_to_do(support):
    board = reverse("admin:schools_district_board")

    answer = support.get(f"{LIST}action/pause/?next={board}", follow=True)

    assert answer.redirect_chain[-1][0] == board
    assert "Tick the districts first" in text_of(answer)


def test_a_refusal_that_begins_with_its_district_names_it_once(support, maple, cedar):
    sent = support.post(page("pause", maple, cedar), {"why": "x"}, follow=True)

    assert "Maple Valley is not activated yet." in text_of(sent)
    assert "Maple Valley: " not in text_of(sent)


def test_a_moved_date_is_said(support, maple):
    on_its_way(maple)
    to = timezone.localdate() + timedelta(days=30)

    sent = support.post(
        page("move-launch-date", maple),
        {"launch_date": to.isoformat(), "why": "Holidays"},
        follow=True,
    )

    told = f"The launch date of Maple Valley is moved to {to:%B} {to.day}, {to.year}."
    assert told in text_of(sent)


def test_of_several_each_refusal_names_its_district(support, maple, cedar):
    on_its_way(maple, first_final_at=None, clever_token="m")
    on_its_way(cedar, first_final_at=None, clever_token="c")

    page_of_both = text_of(
        support.post(page("start-sync", maple, cedar), {"why": "x"}, follow=True)
    )

    assert "Maple Valley: " in page_of_both
    assert "Cedar Ridge: " in page_of_both


@pytest.mark.parametrize(
    "address", ["/made-up/?district=1", "/pause/?district=", "/pause/?district=x"]
)
def test_an_address_without_action_or_district_is_no_page(support, maple, address):
    assert support.get(f"{LIST}action{address}").status_code == 404


def test_who_lacks_an_actions_permission_has_no_such_button(client, settings, maple):
    settings.SUPPORT_MFA_REQUIRED = False
    reader = User.objects.create_user("ann@navsync.example", "secret", is_staff=True)
    may = ["view_district", "move_launch_date"]
    reader.user_permissions.add(*Permission.objects.filter(codename__in=may))
    client.force_login(reader)
    on_its_way(maple)

    refused = [
        client.get(page("pause", maple)),
        client.post(page("pause", maple), {"why": "x"}),
    ]
    shown = text_of(client.get(f"{LIST}{maple.pk}/change/"))
    listed = text_of(client.get(LIST))

    assert [answer.status_code for answer in refused] == [403, 403]
    assert "/action/pause/" not in shown
    assert "/action/move-launch-date/" in shown
    assert 'value="pause"' not in listed
    assert 'value="move-launch-date"' in listed
    maple.refresh_from_db()
    assert not maple.is_paused


def test_a_district_admin_is_sent_to_sign_in(client, maple):
    client.force_login(make_admin(maple))

    answer = client.get(page("pause", maple))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:login"))


def test_the_list_narrows_to_a_state_and_sorts_by_the_way(support, maple, cedar):
    on_its_way(maple)

    narrowed = support.get(LIST, {"state": "ready"}).context["cl"].queryset
    unknown = support.get(LIST, {"state": "made-up"}, follow=True)
    columns = ["name", "slug", "state"]
    by_state = support.get(LIST, {"o": f"-{columns.index('state') + 1}"})

    assert list(narrowed) == [maple]
    assert unknown.status_code == 200
    assert list(by_state.context["cl"].queryset) == [maple, cedar]
