"""Support unlocks a school match, so that the district can edit it again."""

import pytest

from accounts.models import User
from schools.audit import Actor
from schools.errors import RefusedError
from schools.services.matches import MatchLockedError, reset_match, unlock_match
from schools.support_actions import find_action
from schools.support_pages import action_address
from schools.tests.building import lock, matched, our, text_of, their
from tests.cast import make_district

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ito")


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("sam@navsync.example", "secret-password")
    client.force_login(user)
    return client


def page(*districts):
    action = find_action("unlock-match")
    assert action is not None
    return action_address(action, districts)


def test_an_unlocked_match_can_be_edited_again(oak, lincoln):
    lock(lincoln)
    with pytest.raises(MatchLockedError):
        reset_match(oak, lincoln.school, SAM)

    unlock_match(oak, lincoln, SAM, "Two schools were mixed up")
    reset_match(oak, lincoln.school, SAM)

    entry = oak.audit_entries.get(verb="unlocked match")
    assert (entry.target, entry.note) == ("Lincoln", "Two schools were mixed up")
    assert entry.changes == {"locked": [True, False]}
    assert not oak.school_matches.exists()


def test_a_match_is_not_unlocked_without_a_reason(oak, lincoln):
    lock(lincoln)

    with pytest.raises(RefusedError, match="Say why"):
        unlock_match(oak, lincoln, SAM, " ")

    lincoln.refresh_from_db()
    assert lincoln.is_locked
    assert not oak.audit_entries.exists()


def test_a_match_of_a_district_that_left_is_not_unlocked(oak, lincoln):
    lock(lincoln)
    oak.disconnected_at = oak.created_at

    with pytest.raises(RefusedError, match="Oak Unified was disconnected"):
        unlock_match(oak, lincoln, SAM, "They asked for it")

    lincoln.refresh_from_db()
    assert lincoln.is_locked


def test_a_match_nobody_locked_is_left_as_it_is(oak, lincoln):
    with pytest.raises(RefusedError, match="is not locked"):
        unlock_match(oak, lincoln, SAM, "They asked for it")


def test_a_match_of_another_district_is_not_unlocked(lincoln):
    lock(lincoln)

    with pytest.raises(RefusedError, match="is not locked"):
        unlock_match(make_district("elm"), lincoln, SAM, "They asked for it")


def test_support_chooses_among_the_districts_locked_matches(support, oak, lincoln):
    lock(lincoln)
    other = make_district("elm")
    lock(matched(their(other, "Adams"), our(other, "Adams")))
    matched(their(oak, "Grant"), our(oak, "Grant"))

    asked = text_of(support.get(page(oak)))
    sent = support.post(
        page(oak), {"match": lincoln.pk, "why": "Mixed up"}, follow=True
    )

    lincoln.refresh_from_db()
    assert "Lincoln → Lincoln" in asked
    assert "Adams" not in asked
    assert "Grant" not in asked
    assert not lincoln.is_locked
    assert "Lincoln → Lincoln is unlocked in Oak Unified" in text_of(sent)


def test_a_link_may_name_the_match(support, oak, lincoln):
    lock(lincoln)

    asked = support.get(f"{page(oak)}&match={lincoln.pk}").content.decode()

    assert f'<option value="{lincoln.pk}" selected>' in asked


def test_matches_are_unlocked_in_one_district_at_a_time(support, oak, lincoln):
    assert support.get(page(oak, make_district("elm"))).status_code == 404
