"""Dana, who may do everything at Oak, and Jordan, whose pages she opens."""

import pytest
from django.utils import timezone

from accounts.models import Right
from accounts.services.roles import create_built_in_roles
from tests.cast import (
    make_account,
    make_admin,
    make_district,
    make_match,
    make_school,
    signed_in,
)


@pytest.fixture
def oak(db):
    district = make_district("oak", first_final_at=timezone.now())
    create_built_in_roles(district)
    return district


@pytest.fixture
def dana(oak):
    return make_admin(oak, rights=list(Right))


@pytest.fixture
def client(dana):
    return signed_in(dana)


@pytest.fixture
def lincoln(oak):
    school = make_school(oak)
    make_match(school)
    return school


@pytest.fixture
def jordan(oak, lincoln):
    role = oak.user_roles.get(name="Teacher")
    return make_account(lincoln, clever_id="c1", job_title="Teacher", user_role=role)
