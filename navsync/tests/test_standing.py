from datetime import UTC, date, datetime, timedelta

import pytest

from navsync.next_step import Facts
from navsync.standing import stand
from schools.models import District
from staffimport.models import ImportRun

NOW = datetime(2026, 10, 13, 16, 42, tzinfo=UTC)
TEST = ImportRun(pk=30, kind="test", state="succeeded", pulled_at=NOW)


def facts(district=None, **changes):
    fields = {"activated_at": NOW - timedelta(days=20), "name": "Maple"}
    return Facts(
        district=District(**{**fields, **(district or {})}),
        **{"clever_schools": 3, "matched_schools": 3, "now": NOW, **changes},
    )


@pytest.mark.parametrize("done", [{}, {"first_final_at": NOW, "launched_at": NOW}])
@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"lacks_token": True}, "has no access token for your district"),
        ({"district": {"token_refused_at": NOW}}, "Clever refuses NavSync’s access"),
    ],
)
def test_a_token_that_opens_nothing_is_supports_to_mend(trouble, words, done):
    district = {**done, **trouble.get("district", {})}
    given = {name: value for name, value in trouble.items() if name != "district"}

    step = stand(facts(district, clever_schools=0, matched_schools=0, **given)).next

    assert step.title == "Naviance Support acts next"
    assert words in step.text
    assert step.label == ""


@pytest.mark.parametrize("launched_at", [None, NOW])
def test_a_pause_leaves_the_sign_in_there_is(launched_at):
    step = stand(facts({"paused_at": NOW, "launched_at": launched_at})).next

    assert ("Sign-in works" in step.text) is (launched_at is not None)


def test_the_review_no_longer_waits_for_an_import_that_is_done():
    lines = [
        next(s.line for s in stand(given).steps if s.name == "Materials review")
        for given in (facts(), facts(IMPORTED))
    ]

    assert lines == ["After the import", "Under way"]


def test_an_undone_import_is_to_be_run_again():
    lines = [
        next(s.line for s in stand(given).steps if s.name == "Test import")
        for given in (facts(), facts(was_undone=True))
    ]

    assert lines == ["Not run yet", "Undone: run it again"]


IMPORTED = {"first_final_at": NOW - timedelta(days=2)}


@pytest.mark.parametrize(
    ("given", "now_at", "title", "words"),
    [
        (facts({"activated_at": None}), "Activated", "Naviance Support", "confirms"),
        (
            facts({"disconnected_at": NOW}),
            None,
            "Nothing to do",
            "disconnected",
        ),
        (facts({"paused_at": NOW}), "Import Staff Data", "Naviance Support", "paused"),
        (
            facts(clever_schools=0, matched_schools=0),
            "Match Schools",
            "You act next",
            "On Readiness click Check now",
        ),
        (facts(matched_schools=0), "Match Schools", "You act next", "Match them first"),
        (
            facts(matched_schools=0, test=TEST),
            "Match Schools",
            "You act next",
            "No Clever school is matched",
        ),
        (
            facts(),
            "Import Staff Data",
            "You act next",
            "Save & Begin Test Import",
        ),
        (facts(settings_saved_at=NOW), "Test import", "You act next", "Begin a test"),
        (
            facts(test=TEST, held=14, conflicts=1),
            "Review, then Start Import",
            "You act next",
            "Decide the 14 held rows and 1 conflict of test 30, then click",
        ),
        (
            facts(test=TEST, gate=("This test is older than 48 hours. Run it again.",)),
            "Review, then Start Import",
            "You act next",
            "older than 48 hours",
        ),
        (
            facts(under_way=(ImportRun(pk=31, kind="final", state="running"),)),
            "Import Staff Data",
            "Final import 31: In Progress",
            "Nothing to do until it ends",
        ),
        (facts(IMPORTED), "Materials review", "Naviance Support", "reviews"),
        (
            facts(IMPORTED, test=TEST),
            "Review, then Start Import",
            "You act next",
            "Review the results of test 30",
        ),
        (
            facts({**IMPORTED, "launch_date": date(2026, 10, 12)}),
            "Materials review",
            "Naviance Support",
            "Support reviews your materials and launches",
        ),
        (
            facts({**IMPORTED, "launched_at": NOW}, held=2, conflicts=1),
            None,
            "You act next",
            "Decide the 2 held rows and 1 conflict: each says what becomes of it until",
        ),
        (
            facts(
                {**IMPORTED, "launched_at": NOW},
                others=("1 new title", "3 drifting accounts"),
            ),
            None,
            "You act next",
            "1 new title and 3 drifting accounts wait for you. Your district is",
        ),
        (
            facts(IMPORTED, held=1, others=("1 unmatched school",)),
            "Materials review",
            "You act next",
            "1 unmatched school also waits for you. Your staff are imported. Support",
        ),
        (
            facts(
                {
                    **IMPORTED,
                    "materials_reviewed_at": NOW,
                    "launch_date": date(2026, 10, 19),
                }
            ),
            "Launch",
            "Nothing to do until the launch",
            "Monday, October 19",
        ),
        (
            facts({**IMPORTED, "launched_at": NOW}),
            None,
            "Nothing to do",
            "Syncs keep your staff in step",
        ),
        (
            facts({**IMPORTED, "launched_at": NOW, "sync_paused_at": NOW}),
            None,
            "Nothing to do",
            "The periodic sync is stopped until you resume it",
        ),
    ],
)
def test_one_way_point_is_now_and_it_is_said_who_acts(given, now_at, title, words):
    standing = stand(given)

    current = [step.name for step in standing.steps if step.state == "now"]
    assert current == ([now_at] if now_at else [])
    assert standing.next.title.startswith(title)
    assert words in standing.next.text


def test_way_points_before_now_are_done_and_those_after_are_later():
    standing = stand(facts(test=TEST))

    assert [step.state for step in standing.steps] == ["done"] * 4 + [
        "now",
        "later",
        "later",
    ]


def test_a_test_after_the_launch_takes_nothing_of_the_way_back():
    standing = stand(facts({**IMPORTED, "launched_at": NOW}, test=TEST))

    states = [step.state for step in standing.steps]
    assert states == [*["done"] * 4, "now", "done", "done"]


def test_a_test_that_may_be_followed_leads_to_its_results():
    following = stand(facts(test=TEST)).next

    assert (following.url, following.label) == ("/runs/30/", "Review results")


@pytest.mark.parametrize(
    ("given", "until"),
    [
        (
            facts(test=TEST),
            "Before Oct 15, 4:42 PM: then the test is older than 48 hours and must be "
            "run again.",
        ),
        (
            facts({"launch_date": date(2026, 10, 19)}),
            "By the launch date, Monday, October 19.",
        ),
        (
            facts({**IMPORTED, "launch_date": date(2026, 10, 19)}),
            "The launch date is Monday, October 19.",
        ),
        (facts(), ""),
        (facts({**IMPORTED, "launched_at": NOW}), ""),
    ],
)
def test_it_is_said_until_when(given, until):
    assert stand(given).next.until == until


@pytest.mark.parametrize(
    ("given", "late"),
    [
        (facts({"launch_date": date(2026, 10, 13)}), ""),
        (
            facts({"launch_date": date(2026, 10, 12)}),
            "Monday, October 12. No final import has run yet.",
        ),
        (
            facts({**IMPORTED, "launch_date": date(2026, 10, 12)}),
            "Monday, October 12. Your launch materials are not reviewed yet.",
        ),
        (
            facts(
                {
                    **IMPORTED,
                    "launch_date": date(2026, 10, 12),
                    "materials_reviewed_at": NOW,
                }
            ),
            "Monday, October 12.",
        ),
        (
            facts(
                {
                    **IMPORTED,
                    "launch_date": date(2026, 10, 12),
                    "launched_at": NOW,
                }
            ),
            "",
        ),
    ],
)
def test_past_the_launch_date_it_is_said_that_it_passed_and_why(given, late):
    assert stand(given).next.late == late


def test_the_launch_date_passes_at_the_districts_own_midnight():
    late_evening = datetime(2026, 10, 20, 6, 59, tzinfo=UTC)  # still the 19th there
    district = {"launch_date": date(2026, 10, 19), "time_zone": "America/Los_Angeles"}

    before = stand(facts(district, now=late_evening)).next
    after = stand(facts(district, now=late_evening + timedelta(minutes=1))).next

    assert (bool(before.late), bool(after.late)) == (False, True)


def test_only_the_admins_own_turn_is_marked_as_theirs():
    assert stand(facts()).next.is_yours
    assert not stand(facts(IMPORTED)).next.is_yours
