"""A district is disconnected, and comes back with a new token."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clever.errors import TokenRefused
from clever.oauth import DistrictToken
from schools.audit import Actor
from schools.errors import RefusedError
from schools.leaving import deletion_day, deletion_due_at
from schools.models import District, DistrictState
from schools.queries.launch_history import launch_history
from schools.services import leaving
from schools.services.tokens import read_token_again, renew_tokens

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ortiz", address="10.0.0.9")
NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)  # 11:30 PM the day before in California
WHY = "They go on without us"


@pytest.fixture
def connected(clever, maple, settings):
    """Maple Valley, launched, with a token that Clever takes."""
    settings.CLEVER_OAUTH_URL = clever.url
    settings.CLEVER_CLIENT_ID = clever.client_id
    settings.CLEVER_CLIENT_SECRET = clever.client_secret
    maple.clever_id, maple.clever_token = clever.district_id, clever.token
    maple.activated_at = maple.first_final_at = maple.launched_at = NOW
    maple.event_cursor = "event-9"
    maple.save()
    return maple


@pytest.fixture
def leaving_one(connected):
    leaving.disconnect_district(connected, SAM, WHY)
    return connected


def stored(district):
    return District.objects.get(pk=district.pk)


def verbs(district):
    return [entry.verb for entry in district.audit_entries.order_by("pk")]


def test_a_disconnected_district_has_no_token_and_says_who_did_it(connected):
    leaving.disconnect_district(connected, SAM, f" {WHY} ")

    district = stored(connected)
    assert (district.clever_token, district.event_cursor) == ("", "")
    assert district.state == DistrictState.DISCONNECTED
    assert not district.opens_clever_sign_in
    entry = district.audit_entries.get()
    assert (entry.verb, entry.note) == ("disconnected district", WHY)
    assert (entry.actor_name, entry.address) == ("Sam Ortiz", "10.0.0.9")
    assert entry.changes["state"] == ["launched", "disconnected"]
    assert entry.changes["clever_token"] == ["(secret)", "(removed)"]


@pytest.mark.parametrize("why", ["", "  "])
def test_a_district_is_not_disconnected_without_a_reason(connected, why):
    with pytest.raises(RefusedError, match="Say why"):
        leaving.disconnect_district(connected, SAM, why)

    assert stored(connected).disconnected_at is None


def test_a_district_is_disconnected_once(leaving_one):
    with pytest.raises(RefusedError, match="disconnected already"):
        leaving.disconnect_district(stored(leaving_one), SAM, WHY)

    assert verbs(leaving_one) == ["disconnected district"]


def test_clevers_list_of_tokens_gives_it_none_back(leaving_one, clever):
    tokens = [DistrictToken(clever.district_id, clever.token)]

    assert renew_tokens(tokens, SAM) == []
    assert not read_token_again(leaving_one, SAM)
    assert stored(leaving_one).clever_token == ""


def test_it_is_deleted_so_many_days_later_by_its_own_calendar(connected, settings):
    settings.RETENTION_DAYS = 30
    connected.disconnected_at = NOW

    assert deletion_due_at(connected) == NOW + timedelta(days=30)
    assert deletion_day(connected) == date(2026, 12, 19)


def test_a_connected_district_has_no_day_of_deletion(connected):
    assert deletion_due_at(connected) is None
    assert deletion_day(connected) is None


# Coming back


@pytest.mark.parametrize("gives_token", [True, False], ids=["entered", "from Clever"])
def test_it_comes_back_with_a_token_and_without_its_periodic_sync(
    leaving_one, clever, gives_token
):
    token = f" {clever.token}\n" if gives_token else ""

    leaving.reconnect_district(leaving_one, SAM, "They are back", token)

    district = stored(leaving_one)
    assert district.clever_token == clever.token
    assert district.state == DistrictState.LAUNCHED
    assert district.sync_paused_at is not None
    entry = district.audit_entries.first()
    assert (entry.verb, entry.note) == ("reconnected district", "They are back")
    assert entry.changes["state"] == ["disconnected", "launched"]
    assert clever.token not in str(entry.changes)


def test_one_that_was_never_imported_has_no_sync_to_stop(connected, clever):
    District.objects.update(first_final_at=None)
    connected.refresh_from_db()
    leaving.disconnect_district(connected, SAM, WHY)

    leaving.reconnect_district(connected, SAM, WHY, clever.token)

    assert stored(connected).sync_paused_at is None


def test_a_token_that_clever_refuses_takes_nobody_back(leaving_one):
    with pytest.raises(TokenRefused):
        leaving.reconnect_district(leaving_one, SAM, WHY, "x" * 40)

    assert stored(leaving_one).disconnected_at is not None


def test_another_districts_token_takes_nobody_back(leaving_one, clever):
    District.objects.update(clever_id="5" * 24)
    leaving_one.refresh_from_db()

    with pytest.raises(RefusedError, match="belongs to the Clever district"):
        leaving.reconnect_district(leaving_one, SAM, WHY, clever.token)


def test_a_district_clever_has_no_token_for_connects_there_first(leaving_one):
    District.objects.update(clever_id="5" * 24)
    leaving_one.refresh_from_db()

    with pytest.raises(RefusedError, match="in the Clever Dashboard first"):
        leaving.reconnect_district(leaving_one, SAM, WHY)


def test_without_an_application_the_token_is_to_be_entered(leaving_one, settings):
    settings.CLEVER_CLIENT_SECRET = ""

    with pytest.raises(RefusedError, match="Enter the district's token"):
        leaving.reconnect_district(leaving_one, SAM, WHY)


def test_a_district_that_is_being_deleted_does_not_come_back(leaving_one, clever):
    seen_before = stored(leaving_one)
    District.objects.update(deletion_begun_at=NOW)

    with pytest.raises(RefusedError, match="its data is being deleted"):
        leaving.reconnect_district(stored(leaving_one), SAM, WHY, clever.token)
    with pytest.raises(RefusedError, match="Somebody else changed"):
        leaving.reconnect_district(seen_before, SAM, WHY, clever.token)

    assert stored(leaving_one).disconnected_at is not None


def test_a_connected_district_needs_no_way_back(connected, clever):
    with pytest.raises(RefusedError, match="is not disconnected"):
        leaving.reconnect_district(connected, SAM, WHY, clever.token)


def test_the_history_tells_of_leaving_and_coming_back(connected, clever):
    leaving.ask_to_leave(connected, SAM, "Ask")
    leaving.disconnect_district(connected, SAM, WHY)
    leaving.reconnect_district(connected, SAM, WHY, clever.token)

    told = [event.what for event in launch_history(connected)]

    assert told == ["Connected again", "Disconnected", "Asked to be disconnected"]
