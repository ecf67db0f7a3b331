"""Signing in with Clever from end to end, against the stand-in over HTTP."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
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
    Clever,
    account,
    log_in,
    signed_in,
    words,
)

pytestmark = pytest.mark.usefixtures("launched")
NOW = timezone.now()


def test_the_sign_in_page_leads_to_clever_with_a_state(client, standin):
    page = client.get(reverse("account_login")).content.decode()
    begun = client.get(reverse("clever_login"))

    query = parse_qs(urlsplit(begun.url).query)
    assert "Log in with Clever" in page
    assert begun.url.startswith(f"{standin.url}/oauth/authorize?")
    assert query["redirect_uri"] == [f"{HERE}{CALLBACK}"]
    assert query["state"][0]
    assert "scope" not in query


def test_without_a_client_id_there_is_no_way_to_clever(client, settings, db):
    settings.CLEVER_CLIENT_ID = ""

    assert "Clever</a>" not in client.get(reverse("account_login")).content.decode()
    assert client.get(reverse("clever_login")).status_code == 404
    assert client.get(f"{CALLBACK}?code=x&state=y").status_code == 404


def test_somebody_with_one_account_is_led_to_it(client, standin, ada):
    answer = log_in(client, standin, ADA)
    page = client.get(answer.url, follow=True).content.decode()

    assert signed_in(client)
    assert "Ada Abara" in page
    assert "You sign in with</dt><dd>Clever" in page


def test_somebody_with_several_chooses_a_school(client, standin, xenia):
    answer = log_in(client, standin, XENIA)
    page = client.get(answer.url).content.decode()
    chosen = client.post(reverse("choose_account"), {"account": xenia[1].pk})
    shown = client.get(chosen.url).content.decode()

    assert answer.url.startswith(reverse("choose_account"))
    assert "Signed in through Clever as Xenia Xu" in page
    assert "S1" in page
    assert "S2" in page
    assert "S2, Maple Valley" in shown
    assert "Choose another school" in shown


def test_the_usual_school_is_not_asked_for_again(client, standin, xenia):
    log_in(client, standin, XENIA)
    client.post(reverse("choose_account"), {"account": xenia[1].pk, "remember": "on"})

    again = Client()
    answer = log_in(again, standin, XENIA)

    assert answer.url == "/"
    assert "S2, Maple Valley" in again.get("/", follow=True).content.decode()


def test_nobody_chooses_an_account_that_is_not_theirs(client, standin, xenia, ada):
    log_in(client, standin, XENIA)
    url = reverse("choose_account")

    assert client.post(url, {"account": ada.pk}).status_code == 404
    assert client.post(url, {"account": "made up"}).status_code == 404


def test_a_district_admin_gets_the_console_if_the_role_allows(client, standin, maple):
    account(maple, BORIS, "District Site Manager")

    log_in(client, standin, BORIS)

    assert client.get("/").status_code == 200
    assert client.get(reverse("staffimport:runs")).status_code == 200


def test_a_district_admin_whose_role_does_not_gets_the_own_account(
    client, standin, maple
):
    account(maple, BORIS, "District Analyst")

    log_in(client, standin, BORIS)

    assert client.get("/").url == reverse("own_account")
    assert client.get(reverse("staffimport:runs")).status_code == 403


def test_one_comes_back_to_the_page_one_wanted(client, standin, maple):
    account(maple, BORIS, "District Site Manager")

    answer = log_in(client, standin, BORIS, "?next=/runs/")

    assert answer.url == "/runs/"


def test_nobody_is_led_away_from_our_pages(client, standin, xenia):
    answer = log_in(client, standin, XENIA, "?next=https://evil.example/")
    there = client.post(
        reverse("choose_account"),
        {"account": xenia[0].pk, "next": "https://evil.example/"},
    )

    assert answer.url.startswith("/accounts/choose/")
    assert there.url == reverse("own_account")


@pytest.mark.parametrize(
    "roles",
    [{}, {"teacher": None}, {"staff": {"schools": []}, "teacher": None}],
    ids=str,
)
def test_roles_in_clever_may_be_null_or_none(client, standin, ada, roles):
    standin.change("update", kind="users", id=ADA, set={"roles": {"teacher": None}})
    standin.change("update", kind="users", id=ADA, set={"roles": roles})

    log_in(client, standin, ADA)

    assert signed_in(client)


def test_nothing_of_clevers_record_and_no_token_is_kept(client, standin, ada):
    log_in(client, standin, ADA)

    assert SocialAccount.objects.get().extra_data == {}
    assert not SocialToken.objects.exists()
    assert "il" not in [str(value)[:2] for value in client.session.values()]


def test_a_person_clever_no_longer_shows_signs_in_all_the_same(client, standin, ada):
    standin.fault("404", path="/users*")

    log_in(client, standin, ADA)

    assert signed_in(client)


class TestPortal:
    def test_its_icon_begins_a_sign_in_with_a_state(self, client, standin, ada):
        clever = Clever(standin, ADA)
        arrived = clever.icon()
        own = client.get(arrived)
        begun = client.get(own.url)
        answer = client.get(clever.answer(begun.url))

        assert "state" not in arrived
        assert "state=" in begun.url
        assert answer.url == "/"
        assert signed_in(client)

    def test_its_code_is_never_exchanged(self, client, standin, ada):
        client.get(Clever(standin, ADA).icon(), follow=False)

        assert standin.requests["/oauth/tokens"] == 0
        assert not signed_in(client)

    def test_without_cookies_a_page_says_so(self, client, standin):
        client.get(f"{CALLBACK}?code=abc")
        client.cookies.clear()

        page = words(client.get(reverse("clever_from_portal")))

        assert "Your browser keeps no cookies" in page

    def test_it_can_not_go_in_circles(self, client, standin):
        answers = []
        for _ in range(4):
            client.get(f"{CALLBACK}?code=abc")
            answers.append(client.get(reverse("clever_from_portal")))

        assert [answer.status_code for answer in answers] == [302, 302, 302, 403]
        assert "Clever keeps sending you back" in answers[-1].content.decode()

    def test_an_empty_state_is_none(self, client, standin):
        answer = client.get(f"{CALLBACK}?code=abc&state=")

        assert answer.url == reverse("clever_from_portal")


class TestSharedDevice:
    def test_whoever_was_signed_in_is_replaced(self, client, standin, maple, ada):
        other = User.objects.create_user("dana@maple.example", "correct horse")
        account(maple, "", "District Site Manager", user=other)
        client.force_login(
            other, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        session = client.session
        session["left behind"] = "something of Dana's"
        session.save()

        log_in(client, standin, ADA)

        assert signed_in(client) == str(StaffAccount.objects.get(pk=ada.pk).user_id)
        assert "left behind" not in client.session

    def test_whoever_was_signed_in_is_not_where_the_new_one_is_refused(
        self, client, standin, ada
    ):
        log_in(client, standin, ADA)

        words(log_in(client, standin, XENIA))

        assert not signed_in(client)


class TestSession:
    def test_it_reaches_the_own_clever_accounts_alone(
        self, client, standin, maple, cedar
    ):
        dana = User.objects.create_user("dana@maple.example", "correct horse")
        account(maple, BORIS, "District Analyst", user=dana)
        account(cedar, "", "District Site Manager", user=dana)

        log_in(client, standin, BORIS)

        assert client.get(reverse("staffimport:runs")).status_code == 403
        assert cedar.name not in client.get("/", follow=True).content.decode()

    def test_it_ends_when_the_account_becomes_inactive(self, client, standin, ada):
        log_in(client, standin, ADA)
        StaffAccount.objects.update(status="inactive")

        answer = client.get(reverse("own_account"), follow=True)

        assert not signed_in(client)
        assert "Your account is no longer active" in answer.content.decode()

    def test_it_ends_when_the_district_leaves(self, client, standin, maple, ada):
        log_in(client, standin, ADA)
        type(maple).objects.update(disconnected_at=NOW)

        answer = client.get("/", follow=True)

        assert not signed_in(client)
        assert "Nobody signs in with Clever in your district any more" in answer.text

    @pytest.mark.parametrize(
        "name", ["account_change_password", "mfa_index", "mfa_activate_totp"]
    )
    def test_it_changes_no_password_and_no_second_factor(
        self, client, standin, maple, name
    ):
        dana = User.objects.create_user("dana@maple.example", "correct horse")
        account(maple, BORIS, "District Site Manager", user=dana)
        log_in(client, standin, BORIS)

        answer = client.get(reverse(name), follow=True)

        assert answer.redirect_chain[-1][0] == reverse("own_account")
        assert "You signed in with Clever." in answer.content.decode()

    def test_a_second_factor_is_asked_for_here_too(self, client, standin, maple):
        dana = User.objects.create_user("dana@maple.example", "correct horse")
        account(maple, BORIS, "District Site Manager", user=dana)
        TOTP.activate(dana, generate_totp_secret())

        answer = log_in(client, standin, BORIS)

        assert answer.url == reverse("mfa_authenticate")
        assert not signed_in(client)


@pytest.mark.parametrize(
    "path", ["email/", "3rdparty/", "3rdparty/signup/", "social/signup/"]
)
def test_pages_that_would_take_addresses_or_tie_sign_ins_are_closed(client, db, path):
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("path", ["confirm-email/", "confirm-email/abc/"])
def test_no_page_tells_of_a_mail_that_was_never_sent(client, db, path):
    assert client.get(f"/accounts/{path}").status_code == 404
