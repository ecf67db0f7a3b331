"""What people may do where, and which district a request is for."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from accounts.access import schools_within
from accounts.middleware import AccountRequest, CurrentAccount
from accounts.models import StaffAccount, User

RIGHT = "accounts.manage_data_import"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def account(district, user, role="District Site Manager", **changes):
    role = district.user_roles.get(name=role)
    return StaffAccount.objects.create(
        district=district, user=user, user_role=role, last_name="Lee", **changes
    )


def passed(user, chosen=None):
    """The request after the middleware."""
    request = AccountRequest()
    request.user = user
    request.session = SessionStore()
    if chosen is not None:
        sessions.use(request, chosen)
    CurrentAccount(lambda _: HttpResponse())(request)
    return request


@pytest.fixture
def lee(db):
    return User.objects.create_user("lee@maple.example")


def test_a_site_manager_may_manage_the_import_of_the_own_district_only(
    maple, cedar, lee
):
    account(maple, lee)

    assert lee.has_perm(RIGHT, maple)
    assert not lee.has_perm(RIGHT, cedar)
    assert not lee.has_perm(RIGHT)


def test_a_right_is_that_of_the_role(maple, lee):
    account(maple, lee, role="District Analyst")

    assert lee.has_perm("accounts.view_reports", maple)
    assert not lee.has_perm(RIGHT, maple)
    assert not lee.has_perm("schools.view_reports", maple)


def test_a_school_account_gives_no_right_in_the_district(maple, lee):
    account(maple, lee, school=maple.schools.first())

    assert not lee.has_perm(RIGHT, maple)
    assert passed(lee).district is None


def test_an_inactive_account_gives_no_right(maple, lee):
    account(maple, lee, status="inactive")

    assert not lee.has_perm(RIGHT, maple)
    assert passed(lee).account is None


def test_an_identity_that_is_switched_off_has_no_right(maple, lee):
    account(maple, lee)
    lee.is_active = False

    assert not lee.has_perm(RIGHT, maple)
    assert passed(lee).district is None


def test_an_account_without_a_role_gives_no_right(maple, lee):
    StaffAccount.objects.create(district=maple, user=lee)

    assert not lee.has_perm(RIGHT, maple)
    assert passed(lee).district is None


def test_nobody_signed_out_may_anything(maple):
    assert not AnonymousUser().has_perm(RIGHT, maple)


def test_the_request_is_for_the_district_of_the_account(maple, lee):
    of_lee = account(maple, lee)

    request = passed(lee)

    assert (request.account, request.district) == (of_lee, maple)


def test_of_several_accounts_the_chosen_one_counts_else_the_first(maple, cedar, lee):
    of_maple = account(maple, lee)
    account(cedar, lee)

    assert passed(lee).district == cedar
    assert passed(lee, chosen=of_maple).district == maple


def test_an_account_in_use_that_became_inactive_gives_way_to_no_other(
    maple, cedar, lee
):
    account(maple, lee)
    gone = account(cedar, lee, status="inactive")

    assert passed(lee, chosen=gone).district is None


def test_with_a_school_account_in_use_there_is_no_console(maple, lee):
    account(maple, lee)
    at_school = account(maple, lee, "Teacher", school=maple.schools.first())

    request = passed(lee, chosen=at_school)

    assert (request.account, request.district) == (at_school, None)
    assert passed(lee).district == maple


def test_the_only_account_is_in_use_without_being_chosen(maple, lee):
    at_school = account(maple, lee, "Teacher", school=maple.schools.first())

    assert passed(lee).account == at_school


def test_of_several_school_accounts_none_is_in_use_before_somebody_chooses(maple, lee):
    accounts = [
        account(maple, lee, "Teacher", school=school) for school in maple.schools.all()
    ]

    request = passed(lee)

    assert request.account is None
    assert request.accounts == accounts


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(maple, lee):
    account(maple, lee)
    maple.user_roles.filter(name="District Site Manager").update(rights=[])

    assert passed(lee).district is None


def test_a_request_of_nobody_costs_no_query(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        request = passed(AnonymousUser())

    assert (request.account, request.district) == (None, None)


def test_a_request_of_somebody_costs_one(maple, lee, django_assert_num_queries):
    account(maple, lee)

    with django_assert_num_queries(1):
        assert passed(lee).district == maple


@pytest.mark.parametrize(
    ("zone", "reached", "said"),
    [
        (None, ["S1", "S2"], "All schools of the district"),
        ("North", ["S1"], "North: S1"),
        ("No Schools Zone", [], "No Schools Zone: none"),
    ],
)
def test_an_account_at_the_district_reaches_the_schools_of_its_zone(
    client, maple, lee, zone, reached, said
):
    made = zone and maple.zones.create(name=zone)
    if zone == "North":
        made.schools.add(maple.schools.get(school_id="S1"))
    own = account(maple, lee, zone=made)
    client.force_login(lee, backend=BACKEND)

    page = client.get(reverse("own_account")).content.decode()

    assert sorted(school.name for school in schools_within(own)) == reached
    assert f"<dt>Schools</dt><dd>{said}</dd>" in page


def test_an_account_at_a_school_reaches_that_school_alone(maple, lee):
    school = maple.schools.get(school_id="S2")

    assert list(schools_within(account(maple, lee, school=school))) == [school]


def test_in_a_session_with_clever_other_accounts_lend_no_rights(maple, lee):
    """One that Clever does not know may do more."""
    account(maple, lee)
    own = account(maple, lee, "District Analyst", clever_id="c1", email="x")
    request = AccountRequest()
    request.user = lee
    request.session = SessionStore()
    sessions.begin_with_clever(request, sessions.CleverSignIn(maple.pk, "c1"))
    type(maple).objects.update(
        uses_sso=True, launched_at=timezone.now(), activated_at=timezone.now()
    )

    CurrentAccount(lambda _: HttpResponse())(request)

    assert request.accounts == [own]
    assert not lee.has_perm(RIGHT, maple)
