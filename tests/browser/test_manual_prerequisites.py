"""The manual's "Staff Integration Prerequisites", "If you already use Clever"."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts import tasks
from accounts.models import Mail
from clever.standin import Standin
from schools.clock import day_in
from schools.models import District
from tests.browser.steps import choose_data_import, sign_in
from tests.cast import PASSWORD, make_admin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clever():
    """Clever, where Maple Valley has requested Naviance a moment ago."""
    # 1. Request the Naviance application from your Clever dashboard.
    with Standin("small") as running:
        yield running


@pytest.fixture
def sam(django_user_model, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    return django_user_model.objects.create_superuser("sam@navsync.example", PASSWORD)


def test_a_district_that_uses_clever_already(open_page, worker, sam):
    support = open_page()
    # 2. Naviance staff will receive an email requesting activation, then confirm the
    #    request with your district.
    tasks.look_for_requests.delay()
    worker.until(Mail.objects.filter(sent_at__isnull=False).exists)
    mail = Mail.objects.get()
    assert mail.to == django_settings.SUPPORT_EMAIL
    assert "has requested the Naviance application" in mail.text
    [address] = re.findall(r"https?://\S+/admin/\S+", mail.text)
    support.goto(address)
    sign_in(support, sam.email)
    support.get_by_role("link", name="Activate").click()
    support.get_by_label("Confirmed with").fill("Pat Quinn, Superintendent")
    support.get_by_label("The district has an active Clever account").check()
    support.get_by_label("Naviance for Districts subscription").check()
    # 3. Naviance staff will enable the Clever application in Naviance and set your
    #    launch date for four weeks from that date.
    support.locator(".submit-row input").click()
    expect(support.get_by_text("is activated")).to_be_visible()
    district = District.objects.get()
    today = day_in(district, timezone.now())
    assert district.launch_date == today + timedelta(weeks=4)
    # 4. The data is shared with Naviance, and you can set up the integration in
    #    Naviance.
    dana = make_admin(district)
    page = open_page()
    page.goto("/")
    sign_in(page, dana.email)
    date = f"{district.launch_date:%A, %B} {district.launch_date.day}"
    expect(page.get_by_text(f"28 days left, on {date}")).to_be_visible()
    choose_data_import(page)
    page.get_by_text("Prerequisites").click()
    expect(page.get_by_text("Confirmed with Pat Quinn")).to_be_visible()
    page.get_by_role("link", name="Readiness").click()
    page.get_by_role("button", name="Check now").click()
    shared = page.get_by_role("heading", name="Prepare Staff Data in Clever")
    expect(shared).to_be_visible()
    # If you do not complete the integration setup in Naviance by your launch date,
    # contact Naviance Support to extend the date. Conversely, contact Naviance Support
    # if you are ready to launch prior to the set launch date.
    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("link", name="Ask Support for an earlier or later date").click()
    expect(page.get_by_label("Launch date you want")).to_be_visible()
