"""The pages of a second factor, and that all of allauth's are in our words."""

import re

import allauth.urls
import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import cache
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import User
from tests.cast import PASSWORD, make_admin, make_district

DRESS = '<body class="gate">'
WRONG_CODE = (
    "This code is wrong, too old or used already. Enter the one your app shows now."
)


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def dana(db):
    return make_admin(make_district("oak"))


@pytest.fixture
def with_factor(dana):
    """Dana, who has set up a second factor."""
    make_factor(dana)
    return dana


def make_factor(user):
    totp.TOTP.activate(user, totp.generate_totp_secret())
    RecoveryCodes.activate(user)


def sign_in(client, user):
    given = {"login": user.email, "password": PASSWORD}
    return client.post(reverse("account_login"), given, follow=True)


def signed_in_fully(client, user):
    """Sign in with a recovery code where one is asked for, then confirm it."""
    sign_in(client, user)
    codes = Authenticator.objects.filter(user=user, type="recovery_codes").first()
    if codes:
        code = codes.wrap().get_unused_codes()[0]
        client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def code_now(client):
    """The code an app shows for the secret on the page that sets one up."""
    secret = client.session[totp.SECRET_SESSION_KEY]
    number = totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    return {"code": totp.format_hotp_value(number)}


def test_the_code_to_scan_is_part_of_the_page(client, dana):
    sign_in(client, dana)
    asked_again = client.get(reverse("mfa_activate_totp"), follow=True)

    page = client.post(
        asked_again.redirect_chain[-1][0], {"password": PASSWORD}, follow=True
    ).content.decode()

    assert DRESS in asked_again.content.decode()
    assert DRESS in page
    assert "<path d=" in page
    assert "data:image" not in page


def test_recovery_codes_say_what_they_are_for(client, dana):
    signed_in_fully(client, dana)
    client.get(reverse("mfa_activate_totp"))

    page = client.post(reverse("mfa_activate_totp"), code_now(client), follow=True)

    assert "Your recovery codes" in page.text
    assert "10 of 10 unused" in page.text
    assert len(re.findall(r"^\d{8}|>\d{8}", page.text, re.MULTILINE)) == 10


def test_without_a_recovery_code_left_the_page_says_so(client, with_factor):
    signed_in_fully(client, with_factor)
    codes = Authenticator.objects.get(user=with_factor, type="recovery_codes").wrap()
    for code in codes.get_unused_codes():
        codes.validate_code(code)

    assert "None is left." in client.get(reverse("mfa_index")).text
    assert "All 10 are used." in client.get(reverse("mfa_view_recovery_codes")).text


def errors(page):
    """The sentences at the page's fields."""
    return re.findall(r'class="error">.*?<span>(.*?)</span>', page.text, re.DOTALL)


def notes(page):
    """The sentences in the page's notes."""
    return re.findall(r'class="note".*?<p>(.*?)</p>', page.text, re.DOTALL)


class TestWhatWasDoneIsSaidOnceAndPlainly:
    # allauth says it when the transaction is through.
    @pytest.mark.django_db(transaction=True)
    def test_a_factor_that_is_set_up(self, client, dana):
        signed_in_fully(client, dana)
        client.get(reverse("mfa_activate_totp"))

        page = client.post(reverse("mfa_activate_totp"), code_now(client), follow=True)

        assert notes(page) == ["From now on sign-in asks for a code from your app."]

    def test_a_factor_that_is_turned_off(self, client, with_factor):
        signed_in_fully(client, with_factor)

        page = client.post(reverse("mfa_deactivate_totp"), follow=True)

        assert notes(page) == ["Your second factor is turned off."]

    @pytest.mark.django_db(transaction=True)
    def test_new_recovery_codes_which_the_page_itself_shows(self, client, with_factor):
        signed_in_fully(client, with_factor)

        page = client.post(reverse("mfa_generate_recovery_codes"), follow=True)

        assert "10 of 10 unused" in page.text
        assert notes(page) == []


class TestWhatWasWrongIsSaidPlainly:
    def test_a_code_at_sign_in(self, client, with_factor):
        sign_in(client, with_factor)

        page = client.post(reverse("mfa_authenticate"), {"code": "000000"})

        assert errors(page) == [WRONG_CODE]

    def test_a_code_in_setting_up(self, client, dana):
        signed_in_fully(client, dana)
        client.get(reverse("mfa_activate_totp"))

        page = client.post(reverse("mfa_activate_totp"), {"code": "none"})

        assert errors(page) == [WRONG_CODE]

    def test_many_codes(self, client, with_factor):
        sign_in(client, with_factor)

        for _ in range(6):
            page = client.post(reverse("mfa_authenticate"), {"code": "000000"})

        assert errors(page) == ["Too many tries. Wait five minutes, then try again."]

    def test_a_password_that_confirms(self, client, dana):
        sign_in(client, dana)

        page = client.post(reverse("account_reauthenticate"), {"password": "wrong"})

        assert errors(page) == ["This is not your password."]

    def test_recovery_codes_without_a_factor(self, client, dana):
        signed_in_fully(client, dana)

        page = client.post(reverse("mfa_generate_recovery_codes"))

        assert notes(page) == [
            "Recovery codes stand in for an authenticator app. Set one up first."
        ]


class TestWithoutThePhone:
    def pages(self, client, user):
        yield sign_in(client, user)
        signed_in_fully(client, user)
        yield client.get(reverse("mfa_reauthenticate"))

    def test_whoever_is_asked_for_a_code_reads_of_recovery_codes(
        self, client, with_factor
    ):
        for page in self.pages(client, with_factor):
            assert "No phone at hand?" in page.text
            assert "one of your recovery codes instead" in page.text

    def test_whoever_has_neither_reads_whom_to_ask(self, client, with_factor):
        ask = f'Ask <a href="mailto:{settings.SUPPORT_EMAIL}">Naviance Support</a>'

        for page in self.pages(client, with_factor):
            assert ask in page.text


def assert_can_be_cancelled(page):
    assert f'href="{reverse("mfa_index")}">Cancel</a>' in page.text
    assert f'href="{reverse("own_account")}">Back to your account</a>' in page.text


class TestWayBack:
    def test_the_page_that_asks_for_the_code_leads_back_to_sign_in(
        self, client, with_factor
    ):
        page = sign_in(client, with_factor)
        assert "Back to sign-in, as another person" in page.text

        back = client.post(
            reverse("account_logout"), {"next": reverse("account_login")}, follow=True
        )

        assert back.redirect_chain[-1][0] == reverse("account_login")
        asked = client.get(reverse("mfa_authenticate"))
        assert asked.url == reverse("account_login")

    @pytest.mark.parametrize("name", ["mfa_activate_totp", "account_reauthenticate"])
    def test_setting_one_up_can_be_cancelled(self, client, dana, name):
        signed_in_fully(client, dana)

        assert_can_be_cancelled(client.get(reverse(name)))

    @pytest.mark.parametrize(
        "name",
        [
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "account_reauthenticate",
            "mfa_reauthenticate",
        ],
    )
    def test_changing_one_can_be_cancelled(self, client, with_factor, name):
        signed_in_fully(client, with_factor)

        assert_can_be_cancelled(client.get(reverse(name)))

    def test_support_is_led_to_its_pages_and_can_sign_out(self, client, dana):
        User.objects.filter(pk=dana.pk).update(is_staff=True)
        signed_in_fully(client, dana)

        page = client.get(reverse("mfa_activate_totp"))

        support = f'<a href="{reverse("admin:index")}">Go on to the support pages</a>'
        assert support in page.text
        assert f'<a href="{reverse("account_logout")}">Sign out</a>' in page.text


def allauths_pages():
    """The paths of all pages that allauth brings, as far as they take no key."""
    return list(_paths(get_resolver(allauth.urls), "/accounts/"))


def _paths(patterns, before):
    for found in patterns.url_patterns:
        path = f"{before}{found.pattern}"
        if isinstance(found, URLResolver):
            yield from _paths(found, path)
        elif "<" not in path:
            yield path


def is_file(answer):
    return "Content-Disposition" in answer.headers


def main_of(page):
    """The page's own part: a stock template of allauth's is none of ours."""
    assert DRESS in page.text
    stock = [
        str(t.origin) for t in page.templates if "/allauth/templates/" in str(t.origin)
    ]
    assert stock == []
    return page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("who", ["nobody", "without", "with"])
def test_no_page_is_in_allauths_words_and_each_leads_on(client, dana, who):
    if who == "with":
        make_factor(dana)
    if who != "nobody":
        signed_in_fully(client, dana)

    shown = [client.get(path) for path in allauths_pages()]

    assert {answer.status_code for answer in shown} <= {200, 302, 404}
    pages = [page for page in shown if page.status_code == 200 and not is_file(page)]
    assert len(pages) >= 6
    for page in pages:
        assert re.search(r'<a [^>]*href="/', main_of(page)), page.request["PATH_INFO"]


def test_the_page_that_asks_for_the_code_is_in_our_words(client, with_factor):
    page = sign_in(client, with_factor)

    assert "Enter your code" in main_of(page)


def test_an_authenticator_app_lists_the_second_factor_as_navsyncs(dana):
    address = get_adapter().build_totp_url(dana, "ABCDEFGH")

    assert "issuer=NavSync" in address
