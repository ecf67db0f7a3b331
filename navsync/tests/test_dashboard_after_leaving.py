"""The home page of a district that is disconnected."""

import pytest
from django.utils import timezone

from schools.models import District
from tests.cast import (
    make_admin,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def test_a_district_that_is_disconnected_is_not_said_to_be_kept_in_step(oak, client):
    now = timezone.now()
    match = make_match(make_school(oak))
    match.imported_at = now
    match.save()
    District.objects.update(first_final_at=now, launched_at=now)
    before = client.get("/").text
    District.objects.update(disconnected_at=now)

    after = client.get("/").text

    assert "1 imported and kept in step." in before
    assert "1 imported." in after
    assert "kept in step" not in after
    assert "Naviance Support acts next" not in after


def test_nothing_waits_in_a_district_that_is_disconnected(oak, client):
    make_rows(make_run(oak, "final"), {"state": "held", "held_reason": "brake"})
    District.objects.filter(pk=oak.pk).update(disconnected_at=timezone.now())

    page = client.get("/")

    assert page.context["waiting"] == ()
    assert "Nothing can be decided any more: the district is disconnected." in page.text
