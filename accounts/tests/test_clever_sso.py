"""Signing in with Clever from end to end, against the stand-in over HTTP."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAccount, User
from clever.standin import Standin
from clever.standin.wire import Maker
from schools.models import AuditEntry

ADA, XENIA, BORIS = (Maker(1, "").user_id(number) for number in (1, 24, 28))
HERE = "http://testserver"
NOW = timezone.now()
CALLBACK = "/accounts/clever/login/callback/"


@pytest.fixture
def standin(settings):
    with Standin("small", redirect_uri=f"{HERE}{CALLBACK}") as running:
        settings.CLEVER_API_URL = settings.CLEVER_OAUTH_URL = running.url
        settings.CLEVER_CLIENT_ID = running.client_id
        settings.CLEVER_CLIENT_SECRET = running.client_secret
        settings.SITE_URL = HERE
        yield running


@pytest.fixture(autouse=True)
def launched(maple, standin):
    cache.clear()
    maple.clever_id = standin.district_id
    maple.activated_at = maple.launched_at = timezone.now()
    maple.uses_sso = True
    maple.save()


def account(district, clever_id, role="Teacher", **changes):
    return StaffAccount.objects.create(
        district=district,
        clever_id=clever_id,
        user_role=district.user_roles.get(name=role),
        **{"first_name": "Xenia", "last_name": "Xu", **changes},
    )


@pytest.fixture
def xenia(maple):
    """Somebody with accounts at two schools."""
    return [account(maple, XENIA, school=school) for school in maple.schools.all()]


@pytest.fixture
def ada(maple):
    return account(
        maple, ADA, school=maple.schools.first(), first_name="Ada", last_name="Abara"
    )


class Clever:
    """A browser's side of Clever: somebody is signed in there."""

    def __init__(self, standin, user):
        self._standin = standin
        self._browser = requests.Session()
        sent = {"district": standin.district_id, "user": user, "next": "/portal"}
        self._browser.post(f"{standin.url}/signin", sent)

    def answer(self, url):
        """The address Clever sends the browser to from there, on our side."""
        sent_back = self._browser.get(url, allow_redirects=False).headers["Location"]
        return sent_back.removeprefix(HERE)

    def icon(self):
        """Where the portal's icon leads."""
        query = f"client_id={self._standin.client_id}"
        return self.answer(f"{self._standin.url}/oauth/instant-login?{query}")


def came_back(client, standin, user, after=""):
    """The callback's address, after "Log in with Clever"."""
    begun = client.get(f"{reverse('clever_login')}{after}")
    return Clever(standin, user).answer(begun.url)


def log_in(client, standin, user, after=""):
    return client.get(came_back(client, standin, user, after))


def signed_in(client):
    return client.session.get("_auth_user_id")


def words(answer, status=403):
    assert answer.status_code == status
    return answer.content.decode()


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

        client.get("/")

        assert not signed_in(client)

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
