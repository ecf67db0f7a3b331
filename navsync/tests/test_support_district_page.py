"""A district's page for support: what is needed at a call, on one page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from accounts.models import Invitation, User
from navsync.support.groups import SUPPORT
from schools.audit import Actor, record
from schools.models import CleverSchool
from staffimport.models import ImportSettings
from tests.cast import (
    day,
    make_account,
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, settings):
    """Somebody of the group Support, signed in."""
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_user("sam@navsync.example", "secret", is_staff=True)
    user.groups.add(Group.objects.get(name=SUPPORT))
    client.force_login(user)
    return user


@pytest.fixture
def oak(db):
    """A district past its first final, with some of everything."""
    now = timezone.now()
    district = make_district(
        "oak",
        first_final_at=now,
        launch_date=day(9),
        clever_last_sync=now - timedelta(hours=3),
        uses_sso=False,
    )
    match = make_match(make_school(district))
    match.imported_at = now
    match.save()
    CleverSchool.objects.create(district=district, clever_id="c2", name="Adams Middle")
    final = make_run(district, "final", applied_at=now)
    held = {"state": "held", "held_reason": "brake", "last_name": "Vance"}
    make_rows(final, held, {"outcome": "conflict", "last_name": "Haskell"})
    make_admin(district)
    account = make_account(make_school(district, "Grant"), email="t@oak.example")
    Invitation.objects.create(
        district=district, account=account, person="p", state="failed", problem="550"
    )
    ImportSettings.objects.create(district=district, saved_at=now, saved_by="Dana W.")
    record(district, Actor("Dana Whitfield"), "verified school matches", note="Looked")
    return district


def page(client, district):
    return client.get(f"/admin/schools/district/{district.pk}/change/")


def section(answer, title):
    """Return a short list of the page as the texts of its lines."""
    [found] = [s for s in answer.context["sections"] if s.title.startswith(title)]
    return found, [f"{entry.name}: {entry.text}" for entry in found.entries]


def test_it_names_the_next_step_as_the_board_does(client, reader, oak):
    """Also where the district's own home page names smaller things first."""
    past = timezone.now() - timedelta(days=2)
    oak.import_runs.all().delete()
    oak.first_final_at, oak.launch_date = past, past.date()
    oak.save()

    shown = page(client, oak)
    [row] = client.get("/admin/schools/district/board/").context["rows"]

    assert (shown.context["step"], shown.context["owner"]) == (
        row["step"],
        row["owner"],
    )
    assert "Launch date passed: " in shown.content.decode()


def test_it_says_where_the_district_stands_and_who_acts_next(client, reader, oak):
    text = page(client, oak).content.decode()

    assert "<b>Decide 2 rows</b>. Who: District" in text
    assert "in 9 days" in text
    assert "In step, 3 hours after Clever" in text
    assert "America/Los_Angeles" in text


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Runs", "Final import"),
        ("Held rows (1)", "Jordan Vance: Brake. Nothing changes."),
        ("Conflicts (1)", "Jordan Haskell: Nothing changes."),
        ("School matches (1 of 2 Clever schools, 1 locked)", "Adams Middle: In Clever"),
        ("School matches", "Lincoln High School → Lincoln High School: Locked"),
        ("Import settings", "Uses Clever SSO: No, people are invited"),
        ("Admins", "Dana Whitfield: dana@oak.example, District Site Manager, has"),
        ("Invitations", "Failed: 1 person"),
        ("Audit trail", "Dana Whitfield verified school matches: Today"),
    ],
)
def test_each_short_list_has_what_is_asked_at_a_call(client, reader, oak, title, line):
    _found, lines = section(page(client, oak), title)

    assert any(text.startswith(line) for text in lines), lines


def test_the_short_trail_tells_what_changed(client, reader, oak):
    changes: dict[str, list[object]] = {"launch_date": ["2026-11-09", "2026-12-05"]}
    sam = Actor("Sam Ito")
    record(oak, sam, "moved launch date", "Oak", changes=changes, note="As they ask")
    many: dict[str, list[object]] = {f"field_{n}": [n, None] for n in range(5)}
    record(oak, sam, "changed district", "Oak", changes=many)

    _found, lines = section(page(client, oak), "Audit trail")

    moved = "Oak. launch date: Nov 9, 2026 → Dec 5, 2026. As they ask"
    assert lines[1].endswith(moved)
    short = "Oak. field 0: 0 → –; field 1: 1 → –; field 2: 2 → –; and 2 more"
    assert lines[0].endswith(short)


def test_each_list_and_line_leads_to_a_page_that_is_there(client, reader, oak):
    other = make_district("elm")
    make_run(other)
    answer = page(client, oak)

    for found in answer.context["sections"]:
        for url in [
            found.all_url,
            *(entry.url for entry in found.entries if entry.url),
        ]:
            assert client.get(url).status_code == 200, url
        rows = client.get(found.all_url).context["cl"].queryset
        assert rows, found.title
        assert all(getattr(row, "district", oak) in (oak, str(oak)) for row in rows)


def test_a_list_of_what_somebody_may_not_see_is_left_out(client, reader, oak):
    reader.groups.clear()
    may = ["view_district", "view_importrun"]
    reader.user_permissions.add(*Permission.objects.filter(codename__in=may))

    answer = page(client, oak)

    assert [found.title for found in answer.context["sections"]] == ["Runs"]
    assert "dana@oak.example" not in answer.content.decode()


def test_a_district_of_which_nothing_is_known_has_a_page(client, reader):
    answer = page(client, make_district("fir", activated_at=None, uses_sso=None))

    text = answer.content.decode()
    assert "Confirm the request, activate" in text
    assert "No run yet." in text
    assert "Nobody may manage the data import." in text


def test_a_locked_match_leads_to_its_unlocking_for_those_who_may(client, reader, oak):
    match = oak.school_matches.get()
    shown = f"/admin/schools/schoolmatch/{match.pk}/change/"

    as_support = client.get(shown).content.decode()
    reader.user_permissions.add(Permission.objects.get(codename="unlock_schoolmatch"))
    as_lead = client.get(shown).content.decode()

    assert "/action/unlock-match/" not in as_support
    link = re.search(r'href="([^"]*/action/unlock-match/[^"]*)"', as_lead)
    assert link is not None
    asked = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert f'<option value="{match.pk}" selected>' in asked


def test_the_page_shows_no_token_even_if_no_key_opens_it(client, reader, oak, settings):
    settings.FIELD_ENCRYPTION_KEYS = ["YW5vdGhlci1rZXktb2YtMzItYnl0ZXMtMDEyMzQ1Njc="]

    answer = page(client, oak)

    assert answer.status_code == 200
    assert "token-oak" not in answer.content.decode()


def test_its_history_is_its_audit_trail(client, reader, oak):
    answer = client.get(f"/admin/schools/district/{oak.pk}/history/", follow=True)
    gone = client.get(f"/admin/schools/district/{oak.pk + 1}/history/", follow=True)

    assert "verified school matches" in answer.content.decode()
    assert "have a change history" not in answer.content.decode()
    assert gone.status_code == 200


def test_all_its_times_are_the_districts_own_and_it_says_so(client, reader, oak):
    at = datetime(2026, 7, 1, 10, 2, tzinfo=UTC)
    type(oak).objects.update(activated_at=at, time_zone="America/Los_Angeles")

    shown = page(client, oak).content.decode()

    assert (
        "All times on this page are the district’s own (America/Los_Angeles)" in shown
    )
    assert "July 1, 2026, 3:02 a.m." in shown
    assert "10:02 a.m." not in shown


def test_a_district_that_is_added_has_no_zone_yet(client, reader):
    assert client.get("/admin/schools/district/add/").status_code == 200
