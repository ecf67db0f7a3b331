"""Names that support types in the admin hold nothing that nobody can see."""

import pytest
from django.urls import reverse

from accounts.models import JobFunction, User, UserRole, Zone
from schools.models import District, School
from tests.cast import make_district, make_school

pytestmark = pytest.mark.django_db

HIDDEN = "\u200b\u0007\u202e"
MISSING = "This field is required."


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    client.force_login(User.objects.create_superuser("ann@navsync.example", "secret"))
    return client


def add(support, model, **fields):
    opts = model._meta
    page = reverse(f"admin:{opts.app_label}_{opts.model_name}_add")
    return support.post(page, fields).content.decode()


def change(support, thing, **fields):
    opts = thing._meta
    address = f"admin:{opts.app_label}_{opts.model_name}_change"
    page = support.post(reverse(address, args=[thing.pk]), fields).content.decode()
    thing.refresh_from_db()
    return page


def test_a_district_is_named_by_what_can_be_seen(support):
    fields = {"slug": "oak", "time_zone": "America/Chicago", "clever_id": "c1"}

    refused = add(support, District, name=HIDDEN, **fields)
    add(support, District, name=f"Oak{HIDDEN}  Unified", **fields)

    oak = District.objects.get()
    assert MISSING in refused
    assert oak.name == "Oak Unified"

    again = change(support, oak, **{**fields, "name": HIDDEN})
    assert MISSING in again
    assert oak.name == "Oak Unified"


def test_a_school_is_named_by_what_can_be_seen(support):
    oak = make_district("oak")
    fields = {"district": oak.pk, "school_id": "S1"}

    refused = add(support, School, name=HIDDEN, **fields)
    add(support, School, name=f"Lincoln{HIDDEN}", city=f"Oak{HIDDEN}ton", **fields)
    school = oak.schools.get()
    again = change(support, school, school_id="S1", name=HIDDEN)

    assert MISSING in refused
    assert MISSING in again
    assert (school.name, school.city) == ("Lincoln", "Oakton")


def test_a_person_is_named_by_what_can_be_seen(support):
    lee = User.objects.create_user("lee@navsync.example")

    change(
        support,
        lee,
        email=lee.email,
        first_name=f" Lee{HIDDEN}",
        last_name=HIDDEN,
    )

    assert (lee.first_name, lee.last_name) == ("Lee", "")


@pytest.mark.parametrize(
    ("model", "more"),
    [(UserRole, {"level": "both"}), (JobFunction, {}), (Zone, {"schools": []})],
)
def test_what_a_district_calls_by_name_is_named_by_what_can_be_seen(
    support, model, more
):
    oak = make_district("oak")
    make_school(oak)

    refused = add(support, model, district=oak.pk, name=HIDDEN, **more)
    add(support, model, district=oak.pk, name=f"No{HIDDEN}rth", **more)

    assert MISSING in refused
    assert model.objects.get(district=oak).name == "North"


@pytest.mark.parametrize(
    ("kind", "stored"),
    [("userrole", UserRole), ("zone", Zone), ("jobfunction", JobFunction)],
)
@pytest.mark.parametrize(
    ("name", "words"),
    [("NORTH", "“North” already. Choose another name."), ("😀", "can’t be part of a")],
)
def test_a_name_follows_the_rules_of_the_console(support, kind, stored, name, words):
    oak = make_district("oak")
    stored.objects.create(district=oak, name="North")

    answer = support.post(
        f"/admin/accounts/{kind}/add/",
        {"district": oak.pk, "name": name, "level": "both"},
    )

    assert words in answer.content.decode()
    assert stored.objects.filter(district=oak).count() == 1
