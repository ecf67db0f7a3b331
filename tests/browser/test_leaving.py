"""A district leaves, in a browser: it asks, is disconnected, and takes its data."""

import re
from zipfile import ZipFile

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Right, User
from schools.models import District
from tests.browser.looks import LOOKS, faults, fits
from tests.cast import PASSWORD, make_account, make_admin, make_school, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHY = "We go on with another vendor."
OURS = "They asked for it in writing."


@pytest.fixture
def dana(oak, settings):
    """Oak Unified's admin, whose district is past its first final import."""
    settings.SUPPORT_MFA_REQUIRED = False
    District.objects.update(first_final_at=timezone.now(), uses_sso=False)
    make_account(make_school(oak, "Grant"), last_name="Tran", email="tran@oak.example")
    return make_admin(oak, rights=(Right.MANAGE_DATA_IMPORT, Right.MANAGE_STAFF))


@pytest.fixture
def support(open_page, live_server):
    """A page on which somebody of support is signed in."""
    kim = User.objects.create_superuser(
        "kim@navsync.example", PASSWORD, first_name="Kim", last_name="Marsh"
    )
    session = signed_in(kim).cookies[django_settings.SESSION_COOKIE_NAME]
    page = open_page()
    cookie = {"name": session.key, "value": session.value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


def disconnect(support, oak):
    support.goto(f"/admin/schools/district/{oak.pk}/change/")
    support.get_by_role("link", name="Disconnect", exact=True).click()
    support.get_by_label("Why").fill(OURS)
    support.get_by_role("button", name="Disconnect", exact=True).click()
    expect(support.get_by_text("is disconnected").first).to_be_visible()


def test_a_district_asks_to_leave_is_disconnected_and_takes_its_data(
    worker, page, support, oak, tmp_path
):
    page.goto("/launch/")
    page.get_by_role("link", name="Leave NavSync").click()
    page.get_by_role("button", name="Ask Naviance Support").click()
    expect(page.get_by_label("Why")).to_be_focused()  # the browser asks for a reason
    page.get_by_label("Why").fill(WHY)
    page.get_by_role("button", name="Ask Naviance Support").click()
    expect(page.get_by_text("Asked for by Dana Whitfield")).to_be_visible()

    disconnect(support, oak)

    page.goto("/")
    expect(page.get_by_text("Oak Unified is disconnected.").first).to_be_visible()
    page.get_by_role("link", name="What happens when, and your data").click()
    expect(page.get_by_text(OURS)).to_be_visible()
    download_link = page.get_by_role("link", name="Download your data")
    for _try in range(60):
        if download_link.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as saved:
        download_link.click()
    path = tmp_path / "data.zip"
    saved.value.save_as(path)
    with ZipFile(path) as archive:
        assert "tran@oak.example" in archive.read("staff.csv").decode()
        assert WHY in archive.read("audit_trail.csv").decode()


def test_whoever_has_left_looks_at_everything_and_changes_nothing(
    page, support, oak, run, complaints
):
    disconnect(support, oak)

    page.goto(f"/runs/{run.pk}/?state=held")
    note = page.get_by_text("You can look at everything and change nothing.")
    expect(note).to_be_visible()
    page.get_by_label(re.compile("^All on this page")).check()
    page.get_by_role("button", name="Dismiss").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Nothing is changed any more")
    assert run.results.filter(state="held").count() == 2
    assert [text for text in complaints if "403" not in text] == []
    complaints.clear()
    page.get_by_role("main").get_by_role("link", name="What happens when").last.click()
    expect(heading).to_have_text("Oak Unified is disconnected")


@LOOKS
def test_the_pages_of_leaving_are_accessible_and_fit(page, support, oak):
    page.goto("/leaving/")
    before = (faults(page), fits(page))
    disconnect(support, oak)
    page.goto("/leaving/")

    assert (before, (faults(page), fits(page))) == (([], True), ([], True))
