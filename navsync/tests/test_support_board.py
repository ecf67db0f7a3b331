"""Support's board: every district, what needs somebody, sorted and narrowed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from navsync.facts import read_overview
from navsync.standing import stand
from navsync.support.fleet import read_fleet
from schools.audit import Actor
from schools.clock import day_in, full_day
from schools.models import CleverSchool, District
from schools.services.lifecycle import ask_for_launch_date, move_launch_date
from tests.cast import (
    day,
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
)

pytestmark = pytest.mark.django_db

BOARD = "/admin/schools/district/board/"
SAM = Actor("Sam Ito")


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("sam@navsync.example", "secret-password")
    client.force_login(user)
    return client


def days(number):
    return timezone.now() + timedelta(days=number)


def launched(slug, **changes):
    facts = {"first_final_at": days(-20), "launched_at": days(-10)}
    return make_district(slug, **{**facts, **changes})


def applied(district, kind="sync", hours=1, **changes):
    """Make a run that was applied so many hours ago."""
    at = timezone.now() - timedelta(hours=hours)
    return make_run(district, kind, pulled_at=at, applied_at=at, **changes)


def shown(support, **query):
    """Return the names on the board, in their order."""
    answer = support.get(BOARD, query)
    return [row["district"].slug for row in answer.context["rows"]]


def row_of(support, district):
    rows = support.get(BOARD, {"q": district.slug}).context["rows"]
    return next(row for row in rows if row["district"] == district)


def test_every_district_is_on_the_board_with_state_step_and_who_takes_it(support):
    requested = make_district("maple", activated_at=None)
    tested = make_district("oak")
    make_match(make_school(tested))
    make_run(tested)
    done = launched("elm")
    applied(done, "final")

    rows = support.get(BOARD).context["rows"]

    assert [(r["district"], r["step"], r["owner"].value) for r in rows] == [
        (done, "Nothing to do", "Nobody"),
        (requested, "Confirm the request, activate", "Support"),
        (tested, "Review, then Start Import", "District"),
    ]


def test_what_waits_in_a_disconnected_district_is_not_counted(support):
    oak = launched("oak", disconnected_at=timezone.now())
    held = {"state": "held", "held_reason": "brake"}
    make_rows(applied(oak, "final"), held, {"outcome": "conflict"})

    row = row_of(support, oak)

    assert (row["owner"].value, row["step"]) == ("Nobody", "Disconnected")
    assert (row["line"].held, row["line"].conflicts) == (0, 0)
    assert shown(support, show="held") == shown(support, show="conflicts") == []


def test_the_board_says_of_a_district_what_its_own_home_says(support):
    """The board reads all districts at once, the home page one: both are one story."""
    oak = launched("oak", launched_at=None, launch_date=day(9))
    make_match(make_school(oak))
    CleverSchool.objects.create(district=oak, clever_id="c2", name="Adams")
    final = applied(oak, "final")
    held = {"state": "held", "held_reason": "brake"}
    make_rows(final, held, {"outcome": "conflict"})
    make_rows(make_run(oak, pulled_at=days(-3)), held)
    fir = launched("fir")
    twice = {**held, "change_key": "the same change"}
    make_rows(applied(fir, "final"), held, twice)
    make_rows(make_run(fir), held, twice)
    elm = make_district("elm")
    test = make_run(elm)
    make_rows(test, {"state": "held", "held_reason": "pair"}, {"outcome": "conflict"})
    make_run(elm, "check", "running")

    for line in read_fleet(timezone.now()):
        facts = read_overview(line.district, timezone.now()).facts
        for name in ("held", "conflicts", "clever_schools", "matched_schools"):
            assert getattr(line.facts, name) == getattr(facts, name), name
        assert line.facts.test == facts.test
        assert line.facts.under_way == facts.under_way
        assert line.standing.next.title == stand(facts).next.title


def test_a_district_that_fails_says_why_until_a_run_succeeds(support):
    oak = launched("oak")
    applied(oak)
    make_run(oak, "sync", "failed", error="Clever did not accept the token.")
    failing = row_of(support, oak)["line"].failed
    text = support.get(BOARD).content.decode()
    applied(oak)

    assert failing.error == "Clever did not accept the token."
    assert "<b>Failing:</b> Clever did not accept the token." in text
    assert row_of(support, oak)["line"].failed is None


def test_freshness_counts_from_clevers_own_last_sync(support):
    fresh = launched("oak", clever_last_sync=timezone.now() - timedelta(hours=3))
    applied(fresh, hours=1)
    late = launched("elm", clever_last_sync=timezone.now() - timedelta(hours=9))
    applied(late, hours=20)
    quiet = launched("fir", clever_last_sync=days(-5))
    applied(quiet, hours=1)
    empty = make_district("ash", clever_last_sync=days(-5))

    assert row_of(support, fresh)["fresh"] == "In step, 2 hours after Clever"
    assert row_of(support, late)["fresh"] == "Late, 9 hours"
    assert row_of(support, quiet)["quiet"] == "Clever’s last sync was 5 days ago"
    assert row_of(support, empty)["fresh"] == "Nothing imported"
    assert row_of(support, empty)["quiet"] == ""
    assert shown(support, show="stale") == ["elm", "fir"]
    assert shown(support, o="-fresh")[0] == "fir"


def test_a_token_that_opens_nothing_is_supports_next_step(support):
    refused = make_district("oak", token_refused_at=days(-1))
    without = make_district("elm", clever_token="")
    imported = launched("fir", token_refused_at=days(-1))
    make_rows(applied(imported), {"outcome": "conflict"})
    gone = make_district("ash", disconnected_at=days(-1), clever_token="")

    steps = {d: row_of(support, d)["step"] for d in (refused, without, imported, gone)}
    owners = {d: row_of(support, d)["owner"].value for d in steps}

    assert steps == {
        refused: "Store a token that Clever takes",
        without: "Store the district’s token",
        imported: "Store a token that Clever takes",
        gone: "Disconnected",
    }
    assert owners == {**dict.fromkeys(steps, "Support"), gone: "Nobody"}


def test_a_disconnected_district_tells_the_day_of_its_last_import(support):
    gone = {"disconnected_at": days(-1), "clever_last_sync": days(-2)}
    imported = launched("oak", **gone)
    applied(imported, hours=48)
    never = launched("elm", **gone)
    unsynced = launched("fir", clever_last_sync=None)
    applied(unsynced, hours=48)

    last = f"Last import on {full_day(day_in(imported, days(-2)))}"
    assert row_of(support, imported)["fresh"] == last
    assert row_of(support, unsynced)["fresh"] == last
    assert row_of(support, never)["fresh"] == "–"
    assert "Nothing imported" not in support.get(BOARD).content.decode()
    page = support.get(f"/admin/schools/district/{imported.pk}/change/")
    assert last in page.content.decode()


def test_the_last_run_is_said_to_be_as_old_as_it_is(support):
    oak = make_district("oak")
    run = make_run(oak, requested_at=timezone.now())
    assert "less than a minute ago" in support.get(BOARD).content.decode()

    run.requested_at -= timedelta(minutes=7)
    run.save()

    assert row_of(support, oak)["line"].newest == run
    assert "7 minutes ago" in support.get(BOARD).content.decode()


def test_launch_dates_are_near_or_passed(support):
    make_district("oak", launch_date=day(3))
    make_district("elm", launch_date=day(-3))
    make_district("fir", launch_date=day(30))
    launched("ash", launch_date=day(-30))

    assert shown(support, show="soon") == ["oak"]
    assert shown(support, show="passed") == ["elm"]
    assert shown(support, o="launch")[:3] == ["elm", "oak", "fir"]
    assert "passed 3 days ago" in support.get(BOARD).content.decode()


def test_a_wish_for_another_date_is_supports_until_it_is_answered(support):
    oak = make_district("oak", launch_date=day(9))
    ask_for_launch_date(oak, day(20), Actor("Dana Whitfield"), "Holidays")

    asked = row_of(support, oak)
    move_launch_date(oak, day(20), SAM, "As they asked")

    assert asked["owner"].value == "Support"
    assert asked["step"] == "Answer the wish for another launch date"
    assert shown(support, show="wish") == []
    assert row_of(support, oak)["owner"].value == "District"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "oak unif"}, ["oak"]),
        ({"q": "CLEVER-elm"}, ["elm"]),
        ({"q": "nowhere"}, []),
        ({"state": "launched"}, ["elm", "oak"]),
        ({"state": "made-up"}, ["elm", "fir", "oak"]),
        ({"owner": "Support"}, ["fir", "oak"]),
        ({"owner": "made-up"}, ["elm", "fir", "oak"]),
        ({"show": "paused"}, ["oak"]),
        ({"show": "held"}, ["elm"]),
        ({"show": "conflicts"}, ["elm"]),
        ({"show": "made-up"}, ["elm", "fir", "oak"]),
        ({"state": "launched", "show": "support"}, ["oak"]),
        ({"o": "state"}, ["fir", "elm", "oak"]),
        ({"o": "-held"}, ["elm", "fir", "oak"]),
        ({"o": "-name"}, ["oak", "fir", "elm"]),
        ({"o": "run"}, ["fir", "oak", "elm"]),
        ({"o": "made-up", "page": "x"}, ["elm", "fir", "oak"]),
        ({"page": "99"}, ["elm", "fir", "oak"]),
    ],
)
def test_the_board_is_narrowed_and_sorted(support, query, names):
    launched("oak", paused_at=timezone.now())
    elm = launched("elm")
    rows = {"state": "held", "held_reason": "brake"}, {"outcome": "conflict"}
    make_rows(applied(elm), *rows)
    make_district("fir", activated_at=None)

    assert shown(support, **query) == names


def test_each_concern_is_counted_among_what_the_filter_leaves(support):
    launched("oak", paused_at=timezone.now())
    make_district("elm", paused_at=timezone.now())

    numbers = support.get(BOARD, {"state": "launched"}).context["board"].concerns

    assert {c.name: n for c, n in numbers}["paused"] == 1


def test_runs_that_no_worker_takes_up_are_a_concern(support):
    """Else nobody at support learns that all workers are busy, or none works."""
    ago = timezone.now() - timedelta(minutes=16)
    waits, busy, new = make_district("oak"), make_district("elm"), make_district("fir")
    make_run(waits, "final", "queued", requested_at=ago)
    make_run(busy, "check", "running", requested_at=ago)
    make_run(busy, "final", "queued", requested_at=ago)
    make_run(new, "final", "queued", requested_at=timezone.now())

    text = support.get(BOARD, {"show": "waiting"}).content.decode()

    assert shown(support, show="waiting") == ["oak"]
    assert "<b>Waits for a worker</b>" in text


def test_a_column_is_turned_by_its_head_and_says_how_it_is_sorted(support):
    make_district("oak")

    text = support.get(BOARD, {"o": "held", "state": "setting_up"}).content.decode()

    assert (
        '<th scope="col" aria-sort="ascending"><a href="?state=setting_up&amp;o=-held">'
        in text
    )


def count_of_queries(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(BOARD)
    return len(queries)


def test_the_board_takes_as_many_queries_for_many_districts_as_for_few(support):
    def make(number):
        district = launched(f"d{number}", clever_last_sync=days(-1))
        make_match(make_school(district, f"School {number}"))
        make_rows(applied(district, "final"), {"state": "held", "held_reason": "brake"})
        make_run(district)
        make_run(district, "sync", "failed", error="x")
        make_run(district, "sync", "queued")

    make(1)
    few = count_of_queries(support)
    for number in range(2, 12):
        make(number)

    assert count_of_queries(support) == few <= 18


def test_the_board_is_split_into_pages(support):
    for number in range(60):
        District.objects.create(slug=f"d{number:02}", name=f"District {number:02}")

    first = support.get(BOARD, {"q": "district"})
    second = support.get(BOARD, {"q": "district", "page": 2})

    assert [len(a.context["rows"]) for a in (first, second)] == [50, 10]
    assert "?q=district&amp;page=2" in first.content.decode()


def test_no_token_is_on_the_board_even_one_no_key_opens(support):
    oak = make_district("oak")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE schools_district SET clever_token = 'of-another-key'")

    text = support.get(BOARD).content.decode()

    assert oak.name in text
    assert "of-another-key" not in text
    assert "token-oak" not in text


def test_nobody_but_support_sees_the_board(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    client.force_login(make_admin(make_district("oak")))
    as_admin = client.get(BOARD)
    stranger = User.objects.create_user("new@navsync.example", "secret", is_staff=True)
    client.force_login(stranger)

    assert as_admin.status_code == 302
    assert client.get(BOARD).status_code == 403


def test_chosen_districts_go_to_an_actions_page(support):
    oak = make_district("oak")

    text = support.get(BOARD).content.decode()

    assert 'formaction="/admin/schools/district/action/pause/"' in text
    assert "/action/unlock-match/" not in text
    assert f'name="district" value="{oak.pk}"' in text


def test_two_districts_of_one_name_are_told_apart(support):
    for slug in ("oak", "oak-north"):
        make_district(slug, name="Oak Unified")

    page = support.get(BOARD).content.decode()

    for slug in ("oak", "oak-north"):
        assert f'<span class="quiet">{slug}</span>' in page
        assert f'aria-label="Choose Oak Unified ({slug})"' in page
