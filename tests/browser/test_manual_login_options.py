"""The manual's "Clever Login Options", step by step."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from schools.models import District
from tests.stage import done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def maple(maple, tmp_path):
    """Maple Valley after its final import, launched, with Clever SSO."""
    done("match_schools", "maple")
    done("load_import_settings", "maple", tmp_path / "maple" / "settings.json")
    for kind in ("--test", "--final"):
        done("import_staff", "maple", kind)
    launched = {"launched_at": timezone.now(), "uses_sso": True}
    District.objects.filter(pk=maple.pk).update(**launched)
    return maple


@pytest.mark.parametrize("look", ["light 1280", "light 390"])
def test_clever_login_options(visitor, served, maple):
    visitor.goto(served.portal_url)
    visitor.get_by_label("Name or e-mail").fill("Xenia Xu")
    visitor.get_by_role("button", name="Search").click()
    visitor.get_by_role("button", name="Xenia Xu").click()
    # 1. In the Clever for District portal, click the Naviance icon.
    visitor.get_by_role("link", name="Naviance").click()
    # 2. To log in to Naviance Succeed, choose your school from the list.
    expect(visitor.get_by_role("heading", name="Choose your school")).to_be_visible()
    visitor.get_by_role("button", name="Maple Valley Middle School").click()

    expect(visitor.get_by_role("heading", name="Xenia Xu")).to_be_visible()
    place = visitor.get_by_text("Maple Valley Middle School, Maple Valley")
    expect(place).to_be_visible()
    # Clever iOS App: log in via the Clever Instant Login app; it requires iOS 9.0 or
    # later. Currently, there is no Android app.
    visitor.context.clear_cookies()
    visitor.goto("/accounts/login/")
    visitor.get_by_text("On a phone or tablet").click()
    expect(visitor.get_by_text("iOS 9.0 or later")).to_be_visible()
    expect(visitor.get_by_text("There is no Android app")).to_be_visible()
