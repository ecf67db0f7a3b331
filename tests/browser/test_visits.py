"""Support looks at a console in a browser: announced, read-only, told, ended."""

import os
import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.looks import LOOKS, faults, fits
from tests.cast import PASSWORD, make_admin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHY = "Dana asked what the held rows are."
BANNER = "Kim Marsh, you look at Oak Unified as its admin sees it."


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SUPPORT_MFA_REQUIRED = False


@pytest.fixture
def dana():
    """Who signs in to `page`: somebody of support, of no district."""
    return User.objects.create_superuser(
        "kim@navsync.example", PASSWORD, first_name="Kim", last_name="Marsh"
    )


def begin(page, oak, complaints):
    """Begin a visit; what Django's own pages complain of is none of ours."""
    page.goto(f"/admin/schools/district/{oak.pk}/change/")
    page.get_by_role("link", name="View as admin").click()
    page.get_by_label("Why you look").fill(WHY)
    page.get_by_role("button", name="View as admin").click()
    banner = page.get_by_role("region", name="Only looking")
    expect(banner).to_contain_text(BANNER)
    complaints.clear()
    return banner


def shot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@LOOKS
def test_every_page_announces_the_visit_accessibly(page, oak, run, look, complaints):
    banner = begin(page, oak, complaints)
    addresses = ["/", f"/runs/{run.pk}/", "/staff/", "/setup/match-schools/", "/visit/"]
    addresses += ["/setup/import-staff-data/", "/launch/", "/readiness/", "/audit/"]

    found = {}
    for address in addresses:
        page.goto(address)
        expect(banner).to_contain_text(BANNER)
        found[address] = (faults(page), fits(page))
        shot(page, f"{look}-{address.strip('/').replace('/', '-') or 'home'}")

    assert found == dict.fromkeys(addresses, ([], True))


def test_what_support_presses_is_refused_and_the_district_reads_of_the_visit(
    page, oak, run, complaints
):
    banner = begin(page, oak, complaints)
    page.goto(f"/runs/{run.pk}/?state=held")
    page.get_by_label(re.compile("^All on this page")).check()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are only looking")
    expect(banner).to_contain_text(BANNER)
    shot(page, "refused")
    assert run.results.filter(state="held").count() == 2

    # What only shows something works; a save that htmx asks for leads to the same page.
    page.goto("/setup/import-staff-data/")
    page.get_by_role("button", name="Add New").click()
    page.get_by_label("Keyword 1").fill("coach")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are only looking")
    assert [text for text in complaints if "403" not in text] == []
    complaints.clear()

    banner.get_by_role("button", name="End looking at Oak Unified").click()
    expect(page.get_by_text("You no longer look at Oak Unified.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("region", name="Only looking")).to_have_count(0)
    complaints.clear()  # without a district the home page is a 403

    page.context.clear_cookies()
    dana = make_admin(oak)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(dana.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/audit/")
    trail = page.get_by_role("table", name="Changes, newest first")
    expect(
        trail.get_by_role("row", name=re.compile("Began to look at"))
    ).to_contain_text(WHY)
    expect(trail).to_contain_text("Ended looking at the console")
    assert complaints == []
