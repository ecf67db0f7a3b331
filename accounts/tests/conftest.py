"""The cast of these tests: two districts with built-in roles, one with schools."""

import pytest

from accounts.services.roles import create_built_in_roles
from schools.models import District, School


@pytest.fixture
def maple(db):
    district = District.objects.create(slug="maple", name="Maple Valley")
    create_built_in_roles(district)
    for school_id in ("S1", "S2"):
        School.objects.create(district=district, school_id=school_id, name=school_id)
    return district


@pytest.fixture
def cedar(db):
    district = District.objects.create(slug="cedar", name="Cedar Ridge")
    create_built_in_roles(district)
    return district
