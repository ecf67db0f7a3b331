"""Tokens of districts that Clever replaced, and districts nobody knew."""

import pytest

from clever.errors import ConnectionFailed, TokenRefused
from clever.oauth import DistrictToken
from clever.records import District as CleverDistrict
from schools.audit import Actor
from schools.clever_connection import NotConnectedError, open_client
from schools.errors import RefusedError
from schools.models import District
from schools.services import tokens
from schools.services.districts import create_district
from schools.services.leaving import finish_deletion
from schools.services.requests import Owner, record_request, unknown_owners
from schools.services.tokens import (
    ask_with_token,
    lacks_token,
    read_token_again,
    renew_tokens,
    rotate_token,
    without_token,
)

pytestmark = pytest.mark.django_db

SCHEDULE = Actor("Schedule")


@pytest.fixture
def application(clever, settings):
    """The stand-in's application, known to the settings."""
    settings.CLEVER_OAUTH_URL = clever.url
    settings.CLEVER_CLIENT_ID = clever.client_id
    settings.CLEVER_CLIENT_SECRET = clever.client_secret
    return clever


def names_of_schools(token):
    with open_client(token) as client:
        return [school.name for school in client.schools()]


def connect(district, clever, token):
    district.clever_id, district.clever_token = clever.district_id, token
    district.save()
    return district


def test_a_refused_token_is_read_again_by_the_districts_id(application, maple):
    connect(maple, application, "an-old-one")

    names = ask_with_token(maple, names_of_schools)

    assert len(names) == 3
    assert District.objects.get().clever_token == application.token
    entry = maple.audit_entries.get()
    assert (entry.actor_name, entry.verb) == ("Schedule", "replaced Clever token")
    assert application.token not in str(entry.changes)


def test_a_token_that_is_refused_and_no_other_stays_refused(clever, maple):
    connect(maple, clever, "an-old-one")

    with pytest.raises(TokenRefused):
        ask_with_token(maple, names_of_schools)

    assert District.objects.get().clever_token == "an-old-one"


def test_that_clever_refuses_a_token_is_noted_until_it_takes_one(clever, maple):
    connect(maple, clever, "refused-token")
    for _ in range(2):
        with pytest.raises(TokenRefused):
            ask_with_token(maple, names_of_schools)
    refused_at = District.objects.get().token_refused_at
    assert maple.token_refused_at == refused_at is not None

    connect(maple, clever, clever.token)
    ask_with_token(maple, names_of_schools)

    assert District.objects.get().token_refused_at is None


def test_a_token_that_is_stored_anew_is_not_yet_refused(maple, cedar):
    District.objects.update(token_refused_at=maple.created_at)

    renew_tokens([DistrictToken("m1", "new")], SCHEDULE)

    refused = District.objects.filter(token_refused_at__isnull=False)
    assert list(refused) == [cedar]


def test_districts_without_a_token_are_found_without_reading_any(maple, cedar):
    maple.clever_token = "secret"
    maple.save()

    assert without_token() == {cedar.pk}
    assert (lacks_token(maple), lacks_token(cedar)) == (False, True)


def test_a_token_of_a_district_that_clever_does_not_know_is_none(maple):
    maple.clever_id, maple.clever_token = None, "secret"
    maple.save()

    assert lacks_token(maple)
    assert maple.pk in without_token()


def test_without_a_token_nobody_is_asked(application, maple):
    with pytest.raises(NotConnectedError, match="has no Clever access token"):
        ask_with_token(maple, names_of_schools)


def test_a_token_that_is_the_newest_is_left_alone(application, maple):
    connect(maple, application, application.token)

    assert read_token_again(maple, SCHEDULE) is False
    assert maple.audit_entries.count() == 0


def test_tokens_of_all_districts_are_kept_up_with_clevers_list(maple, cedar):
    District.objects.update(clever_token="old")
    listed = [DistrictToken("m1", "new"), DistrictToken("c1", "old")]

    assert renew_tokens(listed, SCHEDULE) == [maple]

    tokens = District.objects.values_list("slug", "clever_token")
    assert dict(tokens) == {"maple": "new", "cedar": "old"}


def test_a_stored_token_that_no_key_opens_is_replaced_too(maple, settings):
    District.objects.update(clever_token="old")
    settings.FIELD_ENCRYPTION_KEYS = ["b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMTI="]

    assert renew_tokens([DistrictToken("m1", "new")], SCHEDULE) == [maple]

    assert District.objects.get().clever_token == "new"


def test_a_disconnected_district_gets_no_token_back(maple):
    District.objects.update(disconnected_at=maple.created_at)

    assert renew_tokens([DistrictToken("m1", "new")], SCHEDULE) == []
    assert District.objects.get().clever_token == ""


def test_a_district_disconnected_while_tokens_are_read_gets_none_back(
    maple, monkeypatch
):
    def disconnect_meanwhile(_secret):
        District.objects.update(disconnected_at=maple.created_at)

    monkeypatch.setattr(tokens, "_opened", disconnect_meanwhile)

    assert renew_tokens([DistrictToken("m1", "new")], SCHEDULE) == []
    assert District.objects.get().clever_token == ""
    assert not maple.audit_entries.exists()


def test_unknown_owners_are_those_of_no_district_of_ours(maple):
    listed = [DistrictToken("m1", "a"), DistrictToken("x9", "b")]
    listed.append(DistrictToken("x9", "b"))

    assert unknown_owners(listed) == [DistrictToken("x9", "b")]


def test_of_those_that_left_and_are_deleted_none_is_an_unknown_owner(maple, cedar):
    District.objects.update(deletion_begun_at=maple.created_at)
    for district in District.objects.all():
        district.disconnected_at = maple.created_at
        finish_deletion(district)
    listed = [DistrictToken("m1", "a"), DistrictToken("c1", "b")]

    assert unknown_owners([*listed, DistrictToken("x9", "c")]) == [
        DistrictToken("x9", "c")
    ]


def test_support_can_take_on_by_hand_a_district_that_left_and_is_deleted(clever, maple):
    District.objects.update(
        clever_id=clever.district_id, deletion_begun_at=maple.created_at
    )
    maple = District.objects.get()
    maple.disconnected_at = maple.created_at
    finish_deletion(maple)

    district = create_district(
        slug="maple",
        name="Maple Valley",
        clever_id=clever.district_id,
        token=clever.token,
        actor=Actor("Sam Ito"),
    )

    assert district.state == "requested"


def test_a_requested_district_has_what_clever_says_of_itself(clever):
    owner = Owner.of(DistrictToken(clever.district_id, clever.token))

    district = record_request(owner, SCHEDULE)

    stored = District.objects.get()
    assert stored == district
    assert (stored.state, stored.name, stored.slug) == (
        "requested",
        "Maple Valley School District",
        "maple-valley-school-district",
    )
    assert stored.clever_token == clever.token
    assert stored.clever_last_sync is not None
    assert stored.audit_entries.get().verb == "recorded request"


def test_an_owner_whom_clever_does_not_name_is_recorded_all_the_same(clever):
    owner = Owner.of(DistrictToken(clever.district_id, "refused"))

    district = record_request(owner, SCHEDULE)

    assert district.name == f"Clever district {clever.district_id}"


def test_an_owner_is_asked_for_later_while_clever_can_not_be_reached(clever):
    clever.stop()

    with pytest.raises(ConnectionFailed):
        Owner.of(DistrictToken(clever.district_id, clever.token))


def test_a_short_name_that_is_taken_gets_an_ending(clever):
    District.objects.create(slug="maple-valley-school-district", name="Another")
    owner = Owner.of(DistrictToken(clever.district_id, clever.token))

    district = record_request(owner, SCHEDULE)

    ending = clever.district_id[-8:]
    assert district.slug == f"maple-valley-school-district-{ending}"


@pytest.mark.parametrize("clever_id", ["5f2a9c01", "北"])
def test_an_ending_that_is_taken_too_is_no_obstacle(db, clever_id):
    taken = ["clever-district", "clever-district-5f2a9c01", "clever-district-2"]
    for slug in taken:
        District.objects.create(slug=slug, name="Another")
    found = CleverDistrict(id=clever_id, name="Clever District")

    district = record_request(Owner(DistrictToken(clever_id, "n"), found), SCHEDULE)

    assert district.slug == "clever-district-3"


def test_support_stores_the_token_clever_has_now(application, maple):
    connect(maple, application, "an-old-one")

    first = rotate_token(maple, Actor("Sam Ito"), "The district connected anew")
    second = rotate_token(maple, Actor("Sam Ito"), "To be sure")

    assert (first, second) == (True, False)
    assert District.objects.get().clever_token == application.token
    replaced = maple.audit_entries.get(verb="replaced Clever token")
    asked = maple.audit_entries.filter(verb="asked Clever for token")
    assert replaced.actor_name == "Sam Ito"
    assert {entry.note for entry in asked} == {
        "The district connected anew",
        "To be sure",
    }
    assert application.token not in str([e.changes for e in maple.audit_entries.all()])


def test_a_token_clever_does_not_take_replaces_none(application, maple, monkeypatch):
    connect(maple, application, "an-old-one")
    listed = [DistrictToken(application.district_id, "refused-by-clever")]
    monkeypatch.setattr(
        "schools.services.tokens.district_tokens", lambda _id=None: listed
    )

    with pytest.raises(TokenRefused):
        rotate_token(maple, Actor("Sam Ito"), "The district connected anew")

    assert District.objects.get().clever_token == "an-old-one"
    assert not maple.audit_entries.exists()


def test_a_token_can_not_be_rotated_that_clever_does_not_list(application, maple):
    with pytest.raises(RefusedError, match="Clever has no access token for Maple"):
        rotate_token(maple, Actor("Sam Ito"), "The district connected anew")


def test_without_an_application_no_token_is_rotated(maple):
    with pytest.raises(RefusedError, match="CLEVER_CLIENT_ID"):
        rotate_token(maple, Actor("Sam Ito"), "The district connected anew")


def test_a_token_is_not_rotated_without_a_reason(application, maple):
    with pytest.raises(RefusedError, match="Say why"):
        rotate_token(maple, Actor("Sam Ito"), " ")
