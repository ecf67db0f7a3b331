"""Taking on a district, and its first steps."""

import pytest

from clever.errors import ConnectionFailed, TokenRefused
from schools.audit import Actor
from schools.clever_connection import (
    NotConnectedError,
    WrongDistrictError,
    open_client,
    stored_token,
)
from schools.errors import RefusedError
from schools.launch import first_launch_date
from schools.models import AuditEntry, District
from schools.services.districts import create_district

DANA = Actor("Dana Whitfield")


def create(clever, **changes):
    facts = {
        "slug": "valley",
        "name": "Valley",
        "clever_id": clever.district_id,
        "token": clever.token,
        "actor": DANA,
    }
    return create_district(**{**facts, **changes})


@pytest.mark.django_db
def test_a_district_is_requested_until_it_is_activated(clever):
    district = create(clever)

    stored = District.objects.get()
    assert stored == district
    assert (stored.state, stored.launch_date) == ("requested", None)
    assert stored.clever_token == clever.token
    assert stored.clever_last_sync is not None
    assert AuditEntry.objects.get().verb == "created district"


@pytest.mark.django_db
def test_an_activated_one_has_its_launch_date_28_days_on(clever):
    district = create(clever, activate=True)

    assert district.state == "activated"
    assert district.launch_date == first_launch_date(district, district.activated_at)
    assert [entry.verb for entry in AuditEntry.objects.all()] == [
        "activated district",
        "created district",
    ]


@pytest.mark.django_db
def test_whom_an_activation_was_confirmed_with_is_kept(clever):
    create(clever, activate=True, confirmed_with=" Dana\u200b  Whitfield ")

    changes = AuditEntry.objects.get(verb="activated district").changes
    assert changes["confirmed_with"] == [None, "Dana Whitfield"]
    assert changes["subscription"] == changes["clever_account"] == [None, True]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"token": "wrong"}, TokenRefused, "did not accept"),
        ({"token": ""}, TokenRefused, "empty"),
        ({"clever_id": "0" * 24}, WrongDistrictError, "(Maple Valley School District)"),
        ({"clever_id": " "}, RefusedError, "Copy it from Clever."),
        ({"name": "  "}, RefusedError, "The name is not accepted"),
        ({"name": "\u200b\u202e"}, RefusedError, "The name is not accepted"),
        ({"name": "x" * 256}, RefusedError, "The name is not accepted"),
        ({"slug": "no good"}, RefusedError, "The slug is not accepted"),
    ],
)
def test_what_clever_does_not_confirm_creates_nothing(clever, changes, error, sentence):
    with pytest.raises(error) as refused:
        create(clever, **changes)

    assert sentence in refused.value.user_message
    assert not District.objects.exists()


@pytest.mark.django_db
def test_without_a_network_nothing_is_created(clever):
    clever.stop()

    with pytest.raises(ConnectionFailed):
        create(clever)

    assert not District.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "maple"}, "There is a district “maple” already."),
        ({"clever_id": "m1"}, "is connected already, as “maple”"),
    ],
)
def test_a_district_is_not_taken_on_twice(clever, maple, changes, sentence):
    with pytest.raises(RefusedError, match=sentence):
        create(clever, **changes)

    assert District.objects.get() == maple


def test_a_district_without_a_token_says_so(maple):
    with pytest.raises(NotConnectedError, match="Maple Valley has no Clever access"):
        stored_token(maple)


def test_a_connected_district_reads_its_own_schools(clever, maple):
    maple.clever_token = clever.token

    with open_client(stored_token(maple)) as client:
        names = [school.name for school in client.schools()]

    assert len(names) == 3
