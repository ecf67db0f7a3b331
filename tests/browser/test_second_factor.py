"""A second factor, in a real browser: set up, asked for at sign-in, turned off."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import expect

from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import sign_in
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECOND = 30
"""How long a code is good."""


@pytest.fixture(autouse=True)
def _lenient(settings):
    cache.clear()
    settings.MFA_TOTP_TOLERANCE = 1  # the code may run out while it is typed


def heading(page, name):
    return expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def come_to_set_up(page, dana):
    """Sign in, and go on to the page that sets up a second factor."""
    page.goto("/accounts/me/")
    sign_in(page, dana.email)
    page.get_by_role("link", name="Second factor").click()
    page.get_by_role("link", name="Set up an authenticator app").click()
    confirm_by_password(page)
    heading(page, "Set up your second factor")


def confirm_by_password(page):
    heading(page, "Confirm that it is you")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def enter_code(page, secret, button):
    code = format_hotp_value(hotp_value(secret, int(time.time()) // SECOND))
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("look", ["light 390"])
def test_the_secret_is_whole_on_a_phone(visitor, dana):
    come_to_set_up(visitor, dana)
    secret = visitor.get_by_label("Secret, to type instead")

    hidden = secret.evaluate(
        "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
    )
    secret.select_text()

    assert max(hidden) <= 0
    assert visitor.evaluate("getSelection().toString()") == secret.input_value()
    assert len(secret.input_value()) == 32


@LOOKS
def test_pages_of_a_second_factor_are_accessible_and_fit(visitor, dana):
    found = {}

    def look_at(name):
        heading(visitor, name)
        found[name] = (faults(visitor), fits(visitor))

    come_to_set_up(visitor, dana)
    secret = visitor.get_by_label("Secret, to type instead").input_value()
    visitor.get_by_label("Code", exact=True).fill("none")
    visitor.get_by_role("button", name="Turn it on").click()
    look_at("Set up your second factor")
    enter_code(visitor, secret, "Turn it on")
    look_at("Your recovery codes")
    visitor.get_by_role("link", name="Make new codes").click()
    look_at("Make new recovery codes")
    visitor.get_by_role("link", name="Cancel").click()
    look_at("Second factor")
    visitor.get_by_role("link", name="Turn it off").click()
    look_at("Turn off your second factor")
    visitor.get_by_role("link", name="Back to your account").click()
    visitor.get_by_role("button", name="Sign out").click()
    sign_in(visitor, dana.email)
    look_at("Enter your code")
    enter_code(visitor, secret, "Sign in")
    visitor.goto("/accounts/2fa/totp/deactivate/")
    visitor.get_by_role("link", name="Enter a code instead").click()
    look_at("Confirm that it is you")
    visitor.get_by_role("link", name="Enter your password instead").click()
    confirm_by_password(visitor)
    visitor.get_by_role("button", name="Turn it off").click()
    expect(visitor.get_by_text("your password alone signs you in")).to_be_visible()

    assert found == dict.fromkeys(found, ([], True))


def test_whoever_is_asked_for_a_code_signs_in_as_another_person(visitor, dana):
    come_to_set_up(visitor, dana)
    secret = visitor.get_by_label("Secret, to type instead").input_value()
    enter_code(visitor, secret, "Turn it on")
    heading(visitor, "Your recovery codes")
    visitor.context.clear_cookies()
    visitor.goto("/accounts/login/")
    sign_in(visitor, dana.email)

    visitor.get_by_role("button", name="Back to sign-in, as another person").click()

    heading(visitor, "Sign in to Naviance")
