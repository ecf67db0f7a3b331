"""Names that no line holds: the page breaks them, on a phone too."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Right, StaffAccount, User
from schools.models import School
from tests.browser.looks import fits
from tests.cast import make_account, make_admin, make_district, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENDLESS = "N" * 250


@pytest.fixture
def look():
    return "light 390"


@pytest.fixture
def oak(transactional_db):
    return make_district("oak", name=ENDLESS)


@pytest.fixture
def school(oak):
    return School.objects.create(district=oak, school_id="S1", name=ENDLESS)


def as_signed_in(page, client, server):
    """Let the browser be who the test client is."""
    cookie = client.cookies["sessionid"]
    page.context.add_cookies(
        [{"name": "sessionid", "value": cookie.value, "url": server.url}]
    )
    return page


def widths(page, addresses):
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = fits(page)
    return found


def test_pages_about_a_person_of_an_endless_name_fit_a_phone(
    open_page, live_server, oak, school
):
    names = {"first_name": ENDLESS, "last_name": ENDLESS, "job_title": ENDLESS}
    account = make_account(school, **names)
    client = signed_in(make_admin(oak, rights=list(Right)))
    page = as_signed_in(open_page(), client, live_server)
    kinds = ("staff_person", "staff_edit", "staff_deactivate", "staff_take_out")

    found = widths(
        page, [reverse(f"staffimport:{kind}", args=[account.pk]) for kind in kinds]
    )

    assert found == dict.fromkeys(found, True)


def test_choosing_and_adding_an_account_of_an_endless_name_fit_a_phone(
    open_page, live_server, oak, school
):
    make_account(school, last_name=ENDLESS, email="ann@oak.example")
    admin = make_admin(oak, rights=list(Right))
    make_account(school, last_name="Cole", user=admin)
    page = as_signed_in(open_page(), signed_in(admin), live_server)

    found = widths(page, [reverse("choose_account"), reverse("staffimport:staff_add")])
    page.get_by_label("E-mail").fill("ann@oak.example")
    expect(page.get_by_role("radio", name=ENDLESS)).to_be_attached()

    assert {**found, "alike": fits(page)} == dict.fromkeys((*found, "alike"), True)


def test_supports_pages_about_a_district_of_an_endless_name_fit_a_phone(
    open_page, live_server, oak, school, settings
):
    settings.SUPPORT_MFA_REQUIRED = False
    account = make_account(school, last_name=ENDLESS)
    StaffAccount.objects.filter(user=make_admin(oak)).update(last_name=ENDLESS)
    client = Client()
    client.force_login(User.objects.create_superuser("sam@navsync.example", "secret"))
    page = as_signed_in(open_page(), client, live_server)
    pause = reverse("admin:schools_district_action", args=["pause"])

    found = widths(
        page,
        [
            reverse("admin:schools_district_change", args=[oak.pk]),
            reverse("admin:schools_district_board"),
            f"{pause}?district={oak.pk}",
            reverse("admin:accounts_staffaccount_change", args=[account.pk]),
        ],
    )

    assert found == dict.fromkeys(found, True)
