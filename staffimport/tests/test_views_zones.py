"""The Zones pages, and the zone filter of the staff list they lead to."""

import pytest
from django.urls import reverse

from accounts.models import Right
from tests.cast import make_account, make_admin, make_district, make_school, signed_in

pytestmark = pytest.mark.django_db

URL = reverse("staffimport:zones")
ADD = reverse("staffimport:zone_add")


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak, rights=list(Right)))


@pytest.fixture
def lincoln(oak):
    return make_school(oak)


@pytest.fixture
def north(oak, lincoln):
    zone = oak.zones.create(name="North")
    zone.schools.add(lincoln)
    return zone


def page(zone, do=""):
    return reverse(f"staffimport:zone{do}", args=[zone.pk])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_list_shows_schools_and_uses(oak, client, north):
    make_account(oak, zone=north)
    oak.zones.create(name="Nowhere")

    text = text_of(client.get(URL))

    assert "Lincoln High School" in text
    assert f'href="/staff/?zone={north.pk}&amp;status=active">1 active account' in text
    assert "No school: no access" in text
    assert "There is no “No Schools Zone” yet." in text
    assert "1 active district account without a zone: full access" in text


def test_a_zone_is_made_and_changed(oak, client, lincoln):
    client.post(ADD, {"name": "North", "school": [lincoln.pk]})
    zone = oak.zones.get()
    seen = {"seen-name": "North", "seen-schools": f"{lincoln.pk}"}

    response = client.post(page(zone), seen | {"name": "Upper"}, follow=True)

    assert "Saved: Upper." in text_of(response)
    assert (oak.zones.get().name, zone.schools.count()) == ("Upper", 0)
    response = client.post(
        page(zone), {"seen-name": "Upper", "name": "Upper"}, follow=True
    )
    assert "Nothing to save" in text_of(response)


@pytest.mark.parametrize("name", ["", "north", "x" * 300])
def test_what_was_typed_stays_with_the_reason(oak, client, north, lincoln, name):
    other = oak.zones.create(name="South")
    sent = {"seen-name": "South", "name": name, "school": [lincoln.pk]}
    for address in (ADD, page(other)):
        text = text_of(client.post(address, sent))

        assert "Nothing was saved." in text
        assert f'value="{name}"' in text
        assert f'value="{lincoln.pk}" checked' in text
    assert oak.zones.count() == 2


def test_no_schools_zone_has_no_form_and_takes_no_school(oak, client, lincoln):
    zone = oak.zones.create(name="No Schools Zone")

    text = text_of(client.get(page(zone)))
    assert "Whoever has this zone sees no school." in text
    assert 'name="school"' not in text
    client.post(page(zone), {"name": "No Schools Zone", "school": [lincoln.pk]})

    assert zone.schools.count() == 0
    assert "There is no “No Schools Zone” yet." not in text_of(client.get(URL))


def test_a_zone_in_use_is_not_deleted_and_says_by_what(oak, client, north):
    account = make_account(oak, zone=north, status="inactive")

    text = text_of(client.post(page(north, "_delete")))
    assert "North can’t be deleted" in text
    assert "1 inactive account" in text

    account.delete()
    assert "Nothing uses this zone." in text_of(client.get(page(north, "_delete")))
    client.post(page(north, "_delete"))
    assert not oak.zones.exists()


def test_the_staff_list_shows_the_accounts_of_a_zone(oak, client, north, lincoln):
    make_account(oak, last_name="Inside", zone=north)
    make_account(oak, last_name="Free")
    make_account(lincoln, last_name="Taught")

    inside = text_of(client.get(f"/staff/?zone={north.pk}"))
    free = text_of(client.get("/staff/?zone=-"))

    assert "Inside" in inside
    assert "Free" not in inside
    assert "Free" in free
    assert "Inside" not in free
    assert "Taught" not in free
    assert "Full access</option>" in inside
