"""Sign-ins with Clever that lead nowhere, and what came back from Clever wrong."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAccount, User
from accounts.tests.at_clever import (
    ADA,
    BORIS,
    CALLBACK,
    HERE,
    XENIA,
    account,
    came_back,
    log_in,
    signed_in,
    words,
)
from schools.models import AuditEntry

pytestmark = pytest.mark.usefixtures("launched")
NOW = timezone.now()
REFUSED = "refused sign-in with Clever"


class TestRefused:
    def test_without_an_account_the_page_says_whom_to_ask(self, client, standin, maple):
        account(maple, "", "District Site Manager", first_name="Dana", last_name="Wu")

        page = words(log_in(client, standin, XENIA))

        assert "Naviance has no account for you" in page
        assert "Clever says that you are Xenia Xu." in page
        assert "Ask your district’s site manager, Dana Wu." in page
        assert not User.objects.exists()
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.district) == ("refused sign-in with Clever", maple)
        assert (entry.actor_name, entry.note) == ("Xenia Xu", "no account")

    def test_an_inactive_account_says_where(self, client, standin, ada):
        StaffAccount.objects.update(status="inactive")

        page = words(log_in(client, standin, ADA))

        assert "Your Naviance account is not active" in page
        assert "It was archived: S1." in page

    def test_an_account_in_somebody_elses_sign_in_says_how_to_get_it(
        self, client, standin, maple, ada
    ):
        dana = User.objects.create_user("dana@maple.example", "a password")
        account(maple, BORIS, "District Site Manager", user=dana, first_name="Dana")
        SocialAccount.objects.create(provider="clever", uid=BORIS, user=dana)
        StaffAccount.objects.filter(clever_id=ADA).update(user=dana)

        page = words(log_in(client, standin, ADA))

        assert "Your account is part of somebody else’s Naviance ID" in page
        assert "A site manager takes it out of their sign-in" in page
        assert "Ask your district’s site manager, Dana Xu." in page
        assert not signed_in(client)
        assert AuditEntry.objects.get().verb == REFUSED

    @pytest.mark.parametrize(
        ("changes", "title"),
        [
            ({"launched_at": None}, "Maple Valley has not launched yet"),
            (
                {"disconnected_at": timezone.now()},
                "Maple Valley is no longer connected",
            ),
            ({"uses_sso": False}, "Maple Valley does not sign in with Clever"),
            ({"clever_id": "x"}, "Your district is not with Naviance"),
        ],
    )
    def test_a_district_that_is_not_open_says_so(
        self, client, standin, maple, ada, changes, title
    ):
        type(maple).objects.filter(pk=maple.pk).update(**changes)

        assert title in words(log_in(client, standin, ADA))
        assert not signed_in(client)
        assert not User.objects.exists()
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.address) == (REFUSED, "127.0.0.1")

    def test_the_launch_date_is_told(self, client, standin, maple, ada):
        type(maple).objects.update(launched_at=None, launch_date="2026-11-09")

        page = words(log_in(client, standin, ADA))

        assert "opens when the district launches, on November 9." in page

    def test_the_same_refusal_does_not_fill_the_audit_trail(self, client, standin):
        for _ in range(5):
            log_in(client, standin, XENIA)

        assert AuditEntry.objects.count() == 3


class TestReturns:
    def test_a_cancelled_login_says_so(self, client, standin):
        begun = client.get(reverse("clever_login"))
        back = requests.get(f"{begun.url}&denied=1", allow_redirects=False, timeout=9)

        page = words(client.get(back.headers["Location"].removeprefix(HERE)))

        assert "You did not log in with Clever" in page

    @pytest.mark.parametrize("query", ["error=x", "error=<script>&state=made-up"])
    def test_clevers_errors_become_a_page(self, client, standin, query):
        page = words(client.get(f"{CALLBACK}?{query}"))

        assert "Clever did not let you in" in page
        assert "<script>" not in page

    def test_a_made_up_state_is_refused_and_noted(self, client, standin, ada):
        code = parse_qs(urlsplit(came_back(client, standin, ADA)).query)["code"][0]

        page = words(client.get(f"{CALLBACK}?code={code}&state=made-up"))

        assert "This sign-in is used or too old" in page
        assert not signed_in(client)
        assert standin.requests["/oauth/tokens"] == 0
        assert AuditEntry.objects.get().verb == "refused sign-in with Clever"

    def test_the_back_button_after_signing_in_just_goes_on(self, client, standin, ada):
        url = came_back(client, standin, ADA)
        client.get(url)

        assert client.get(url).url == "/"
        assert signed_in(client)
        assert not AuditEntry.objects.filter(verb=REFUSED).exists()

    def test_a_made_up_state_that_meets_somebody_signed_in_is_noted(
        self, client, standin, maple, ada
    ):
        client.get(came_back(client, standin, ADA))
        code = parse_qs(urlsplit(came_back(client, standin, XENIA)).query)["code"][0]

        answer = client.get(f"{CALLBACK}?code={code}&state=made-up")

        ada.refresh_from_db()
        assert "This sign-in is used or too old" in words(answer)
        assert f"{ada.user} is still signed in here. Is that not you?" in words(answer)
        entry = AuditEntry.objects.get(verb=REFUSED)
        assert (entry.actor, entry.district) == (ada.user, maple)
        assert entry.note == "This sign-in is used or too old"
        assert signed_in(client) == str(ada.user.pk)

    def test_a_code_used_twice_that_meets_somebody_signed_in_is_noted(
        self, client, standin, ada
    ):
        first = came_back(client, standin, ADA)
        client.get(first)
        code = parse_qs(urlsplit(first).query)["code"][0]
        fresh = parse_qs(urlsplit(came_back(client, standin, ADA)).query)["state"][0]

        answer = client.get(f"{CALLBACK}?code={code}&state={fresh}")

        assert "is still signed in here. Is that not you?" in words(answer)
        assert AuditEntry.objects.get(verb=REFUSED).actor == User.objects.get()

    def test_the_back_button_after_a_second_factor_just_goes_on_too(
        self, client, standin, ada
    ):
        user = User.objects.create_user(None, first_name="Ada")
        StaffAccount.objects.filter(pk=ada.pk).update(user=user)
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        url = came_back(client, standin, ADA)
        client.get(url)
        code = hotp_value(secret, next(yield_hotp_counters_from_time()))
        client.post(reverse("mfa_authenticate"), {"code": format_hotp_value(code)})
        assert signed_in(client)

        assert client.get(url).url == "/"
        assert not AuditEntry.objects.filter(verb=REFUSED).exists()

    def test_another_browser_gets_nothing_from_the_same_address(
        self, client, standin, ada
    ):
        url = came_back(client, standin, ADA)
        client.get(url)
        other = Client()

        assert "used or too old" in words(other.get(url))
        assert not signed_in(other)

    def test_a_code_used_twice_is_refused(self, client, standin, ada):
        url = came_back(client, standin, ADA)
        code = parse_qs(urlsplit(url).query)["code"][0]
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{HERE}{CALLBACK}",
        }
        auth = (standin.client_id, standin.client_secret)
        requests.post(f"{standin.url}/oauth/tokens", sent, auth=auth, timeout=9)

        assert "used or too old" in words(client.get(url))
        assert not signed_in(client)
        assert AuditEntry.objects.get().verb == REFUSED

    @pytest.mark.parametrize(
        ("fault", "path"),
        [
            ("500", "/oauth/tokens"),
            ("hang_up", "/oauth/tokens"),
            ("html", "/me"),
            ("429", "/me"),
        ],
    )
    def test_a_clever_that_fails_says_so_and_lets_one_try_again(
        self, client, standin, ada, fault, path
    ):
        url = came_back(client, standin, ADA)
        standin.fault(fault, path=path)

        page = words(client.get(url), 502)

        assert "Clever could not sign you in" in page
        assert "Log in with Clever" in page

    def test_nothing_in_the_address_steers_the_sign_in(self, client, standin):
        begun = client.get(
            f"{reverse('clever_login')}?process=connect&scope=all"
            "&auth_params=redirect_uri%3Dhttps://evil.example/"
        )

        query = parse_qs(urlsplit(begun.url).query)
        assert query["redirect_uri"] == [f"{HERE}{CALLBACK}"]
        [state] = client.session["socialaccount_states"].values()
        assert state[0]["process"] == "login"
