"""Signing in, in a real browser: with Clever from its portal and from our page."""

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import StaffAccount, UserRole
from clever.standin import Standin
from clever.standin.wire import Maker
from schools.models import District
from tests.browser.looks import LOOKS, faults, fits
from tests.cast import make_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADA, XENIA, BORIS = (Maker(1, "").user_id(number) for number in (1, 24, 28))


@pytest.fixture
def standin(live_server, oak):
    """Clever, where Oak Unified has launched."""
    cache.clear()
    callback = f"{live_server.url}/accounts/clever/login/callback/"
    with Standin("small", redirect_uri=callback) as running:
        launch(oak, running)
        with override_settings(
            SITE_URL=live_server.url,
            CLEVER_API_URL=running.url,
            CLEVER_OAUTH_URL=running.url,
            CLEVER_CLIENT_ID=running.client_id,
            CLEVER_CLIENT_SECRET=running.client_secret,
        ):
            yield running


def launch(district, standin):
    District.objects.filter(pk=district.pk).update(
        clever_id=standin.district_id, launched_at=timezone.now(), uses_sso=True
    )


def account(district, clever_id, role="Counselor", **changes):
    user_role, _ = UserRole.objects.get_or_create(
        district=district, name=role, defaults={"rights": []}
    )
    return StaffAccount.objects.create(
        district=district,
        clever_id=clever_id,
        user_role=user_role,
        **{
            "first_name": "Xenia",
            "last_name": "Xu",
            "job_title": "School Counselor",
            "email": "xenia.xu@maplevalley.example",
            **changes,
        },
    )


@pytest.fixture
def xenia(oak):
    """Somebody with an account at two schools."""
    names = ("Lincoln High School", "Roosevelt Middle School")
    return [account(oak, XENIA, school=make_school(oak, name)) for name in names]


def log_in_to_clever(page, standin, name):
    """Sign in to Clever, as one does in the morning."""
    page.goto(standin.portal_url)
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Portal")).to_be_visible()


def click_the_icon(page):
    page.get_by_role("link", name="Naviance").click()


@pytest.mark.parametrize("look", ["light 1280", "light 390"])
def test_from_the_portals_icon_to_ones_school(visitor, standin, xenia):
    log_in_to_clever(visitor, standin, "Xenia Xu")

    click_the_icon(visitor)
    expect(visitor.get_by_role("heading", name="Choose your school")).to_be_visible()
    visitor.get_by_role("button", name="Roosevelt Middle School").click()

    expect(visitor.get_by_role("heading", name="Xenia Xu")).to_be_visible()
    expect(visitor.get_by_text("Roosevelt Middle School, Oak Unified")).to_be_visible()
    visitor.get_by_role("link", name="Choose another school").click()
    visitor.get_by_role("button", name="Lincoln High School").click()
    expect(visitor.get_by_text("Lincoln High School, Oak Unified")).to_be_visible()


def test_by_keyboard_alone_the_usual_school_is_chosen_once(visitor, standin, xenia):
    log_in_to_clever(visitor, standin, "Xenia Xu")
    click_the_icon(visitor)
    visitor.get_by_label("Go straight to this school next time").focus()
    visitor.keyboard.press("Space")
    visitor.get_by_role("button", name="Lincoln High School").focus()
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_text("Lincoln High School, Oak Unified")).to_be_visible()

    visitor.goto(standin.portal_url)
    click_the_icon(visitor)

    expect(visitor.get_by_text("Lincoln High School, Oak Unified")).to_be_visible()


@pytest.mark.parametrize("look", ["light 1280", "light 390"])
def test_from_our_page_to_the_console(visitor, standin, dana, oak):
    StaffAccount.objects.filter(user=dana).update(clever_id=BORIS)
    visitor.goto("/runs/")

    visitor.get_by_role("link", name="Log in with Clever").click()
    visitor.get_by_role("button", name="Boris Bauer").click()

    expect(visitor).to_have_url(f"{visitor.url.partition('/runs/')[0]}/runs/")
    expect(visitor.get_by_role("heading", name="Import history")).to_be_visible()


def test_whoever_is_signed_in_on_a_shared_device_is_replaced(
    page, standin, xenia, complaints
):
    log_in_to_clever(page, standin, "Xenia Xu")

    click_the_icon(page)

    expect(page.get_by_text("Signed in through Clever as Xenia Xu")).to_be_visible()
    page.goto("/runs/")
    expect(page.get_by_text("You have no access to Data Import")).to_be_visible()
    complaints.clear()  # of the refused page, and of Clever's missing icon


def test_the_back_button_after_signing_in_stays_signed_in(visitor, standin, oak):
    account(oak, ADA, first_name="Ada", last_name="Abara")
    log_in_to_clever(visitor, standin, "Ada Abara")
    click_the_icon(visitor)
    expect(visitor.get_by_role("heading", name="Ada Abara")).to_be_visible()

    visitor.go_back()
    click_the_icon(visitor)

    expect(visitor.get_by_role("heading", name="Ada Abara")).to_be_visible()


NOW = timezone.now()
DENIED: dict[str, tuple[dict[str, object], dict[str, object], str]] = {
    "none": ({}, {}, "Naviance has no account for you"),
    "inactive": ({}, {"status": "inactive"}, "Your Naviance account is not active"),
    "not launched": ({"launched_at": None}, {}, "Oak Unified has not launched yet"),
    "no SSO": ({"uses_sso": False}, {}, "Oak Unified does not sign in with Clever"),
    "left": (
        {"disconnected_at": NOW},
        {},
        "Oak Unified is no longer connected",
    ),
    "wrong district": ({"clever_id": "x"}, {}, "Your district is not with Naviance"),
}


@pytest.mark.parametrize("look", ["light 390"])
@pytest.mark.parametrize("case", DENIED)
def test_whoever_may_not_sign_in_is_told_why_and_whom_to_ask(
    visitor, standin, oak, dana, case
):
    of_district, of_account, title = DENIED[case]
    District.objects.filter(pk=oak.pk).update(**of_district)
    if case != "none":
        account(oak, ADA, **of_account)
    log_in_to_clever(visitor, standin, "Ada Abara")

    click_the_icon(visitor)

    expect(visitor.get_by_role("heading", name=title)).to_be_visible()
    expect(visitor.get_by_text("Clever says that you are Ada Abara.")).to_be_visible()
    expect(visitor.get_by_text("Ask ").first).to_be_visible()
    assert faults(visitor) == []
    assert fits(visitor)


@LOOKS
def test_pages_of_signing_in_with_clever_are_accessible_and_fit(
    visitor, standin, xenia
):
    found = {}
    for address in (
        "/accounts/login/",
        "/accounts/clever/login/callback/?error=access_denied",
        "/accounts/clever/login/callback/?code=x&state=made-up",
    ):
        visitor.goto(address)
        visitor.get_by_text("On a phone or tablet").click()
        expect(visitor.get_by_text("There is no Android app")).to_be_visible()
        found[address] = (faults(visitor), fits(visitor))
    log_in_to_clever(visitor, standin, "Xenia Xu")
    click_the_icon(visitor)
    found["choose"] = (faults(visitor), fits(visitor))
    visitor.get_by_role("button", name="Lincoln High School").click()
    expect(visitor.get_by_role("heading", name="Xenia Xu")).to_be_visible()
    found["own account"] = (faults(visitor), fits(visitor))

    assert found == dict.fromkeys(found, ([], True))
