import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views.defaults import bad_request, page_not_found, server_error
from kombu.exceptions import OperationalError

from accounts.models import User
from accounts.password_reset import send_password_reset
from schools.models import AuditEntry
from tests.cast import PASSWORD, make_admin, make_district

DRESS = '<body class="gate">'


@pytest.fixture
def dana(db):
    return make_admin(make_district("oak"))


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


class TestSignIn:
    def test_it_leads_to_the_dashboard(self, client, dana):
        answer = sign_in(client, dana.email)

        assert (answer.status_code, answer.url) == (302, "/")
        assert client.get("/").status_code == 200

    def test_it_leads_support_to_the_support_pages(self, client, db):
        User.objects.create_user("sam@nav.example", PASSWORD, is_staff=True)

        sign_in(client, "sam@nav.example")

        assert client.get("/").url == reverse("admin:index")

    @pytest.mark.parametrize("email", ["dana@oak.example", "nobody@oak.example"])
    def test_it_fails_with_the_same_words_for_known_and_unknown(
        self, client, dana, email
    ):
        page = sign_in(client, email, "wrong").content.decode()

        notes = re.findall(r'role="alert".*?<p>(.*?)</p>', page, re.DOTALL)
        assert notes == [
            "This e-mail and password do not go together. Check both, or choose "
            "“Forgot your password?”."
        ]
        assert f'value="{email}"' in page

    def test_it_is_throttled(self, client, dana):
        for _ in range(10):
            sign_in(client, dana.email, "wrong")

        page = sign_in(client, dana.email)

        assert "_auth_user_id" not in client.session
        assert (
            "Too many tries. Wait five minutes, then try again."
            in page.content.decode()
        )

    def test_it_goes_nowhere_else_than_our_own_pages(self, client, dana):
        answer = client.post(
            f"{reverse('account_login')}?next=https://evil.example/",
            {
                "login": dana.email,
                "password": PASSWORD,
                "next": "https://evil.example/",
            },
        )

        assert answer.url == "/"

    def test_sign_out_ends_the_session(self, client, dana):
        sign_in(client, dana.email)

        client.post(reverse("account_logout"))

        assert "_auth_user_id" not in client.session


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


class TestPasswordChange:
    def change(self, client, old):
        new = {"password1": "a brand new horse", "password2": "a brand new horse"}
        url = reverse("account_change_password")
        return client.post(url, {"oldpassword": old, **new}, follow=True)

    def test_it_leads_back_to_ones_account_which_says_so(self, client, dana):
        sign_in(client, dana.email)

        page = self.change(client, PASSWORD)

        assert page.redirect_chain == [(reverse("own_account"), 302)]
        assert "Your password is changed." in page.text

    def test_a_wrong_old_password_is_said_plainly(self, client, dana):
        sign_in(client, dana.email)

        page = self.change(client, "wrong")

        assert "This is not the password you sign in with now." in page.text
        assert 'aria-describedby="id_oldpassword_helptext id_oldpassword_error"' in (
            page.text
        )


def link_in(letter):
    [path] = re.findall(rf"{settings.SITE_URL}(/\S+)", str(letter.body))
    return path


class TestPasswordReset:
    @pytest.fixture(autouse=True)
    def asked(self, monkeypatch):
        """The addresses a worker was asked to write to."""
        found: list[str] = []
        monkeypatch.setattr(
            send_password_reset, "apply_async", lambda args, **_: found.extend(args)
        )
        return found

    def test_a_worker_is_asked_whoever_has_the_address(self, client, dana, asked):
        url = reverse("account_reset_password")

        for email in (dana.email.upper(), "nobody@oak.example"):
            client.post(url, {"email": email})

        assert asked == [dana.email, "nobody@oak.example"]
        assert mail.outbox == []

    def test_a_worker_writes_to_those_who_sign_in_by_it_alone(self, dana):
        off = User.objects.create_user("off@oak.example", PASSWORD, is_active=False)
        for email in (str(off.email), "nobody@oak.example"):
            send_password_reset(email)

        assert mail.outbox == []
        send_password_reset(dana.email)
        [letter] = mail.outbox
        assert (letter.to, letter.subject) == ([dana.email], "Set a new password")
        assert isinstance(letter, mail.EmailMultiAlternatives)
        [(html, kind)] = letter.alternatives
        assert kind == "text/html"
        for text in (str(letter.body), str(html)):
            assert "The link works once, and for 3 days." in text
            assert "/accounts/password/reset/key/" in text

    def test_without_a_broker_everybody_is_told_the_same(
        self, client, dana, monkeypatch
    ):
        def fail(*_args, **_options):
            raise OperationalError

        monkeypatch.setattr(send_password_reset, "apply_async", fail)
        url = reverse("account_reset_password")

        pages = [
            client.post(url, {"email": email}, follow=True).content.decode()
            for email in (dana.email, "nobody@oak.example")
        ]

        assert pages[0] == pages[1]
        assert "No mail can be sent at the moment." in pages[0]

    def test_known_and_unknown_addresses_get_the_same_page(self, client, dana):
        url = reverse("account_reset_password")

        pages = [
            client.post(url, {"email": email}, follow=True).content
            for email in (dana.email, "nobody@oak.example")
        ]

        assert pages[0] == pages[1]
        assert "Look into your e-mail" in pages[0].decode()

    def test_what_is_no_address_is_refused_plainly(self, client, db):
        page = client.post(reverse("account_reset_password"), {"email": "dana"})

        assert "This is no e-mail address. Write it like name@district.org." in (
            page.text
        )

    def test_the_mailed_link_sets_a_new_password(self, client, dana):
        send_password_reset(dana.email)
        [letter] = mail.outbox
        link = link_in(letter)

        form_url = client.get(link, follow=True).redirect_chain[-1][0]
        page = client.post(
            form_url,
            {"password1": "a brand new horse", "password2": "a brand new horse"},
            follow=True,
        )

        assert "<h1>Your password is set</h1>" in page.text
        assert 'class="note"' not in page.text
        assert letter.to == [dana.email]
        assert User.objects.get(pk=dana.pk).check_password("a brand new horse")


class TestBadResetLinks:
    @pytest.fixture
    def link(self, client, dana):
        send_password_reset(dana.email)
        return link_in(mail.outbox[-1])

    def reset(self, client, link):
        form_url = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(form_url, {"password1": "a new horse", "password2": "a new horse"})

    def test_a_used_link_sets_nothing_and_is_on_record(self, client, dana, link):
        self.reset(client, link)

        again = Client().get(link)

        assert "This link no longer works" in again.content.decode()
        entry = AuditEntry.objects.get(verb="refused password reset")
        assert (entry.actor_name, entry.address) == ("Somebody", "127.0.0.1")
        assert User.objects.get(pk=dana.pk).check_password("a new horse")

    def test_a_made_up_link_sets_nothing_and_is_on_record(self, client, dana, link):
        made_up = re.sub(r"key/(\w+)-.*", r"key/\1-cx-made-up/", link)

        page = client.post(made_up, {"password1": "x" * 12, "password2": "x" * 12})

        assert "This link no longer works" in page.content.decode()
        assert User.objects.get(pk=dana.pk).check_password(PASSWORD)
        assert AuditEntry.objects.count() == 1

    def test_an_expired_link_sets_nothing_and_is_on_record(
        self, client, dana, link, settings, time_machine
    ):
        later = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1)
        time_machine.move_to(timezone.now() + later)

        page = client.get(link)

        assert "This link no longer works" in page.content.decode()
        assert User.objects.get(pk=dana.pk).check_password(PASSWORD)
        assert AuditEntry.objects.get().verb == "refused password reset"

    def test_a_good_link_is_no_refusal(self, client, dana, link):
        self.reset(client, link)

        assert not AuditEntry.objects.filter(verb="refused password reset").exists()


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_signup"]
)
def test_pages_without_sign_in_wear_the_gate_dress(client, db, name):
    page = client.get(reverse(name)).content.decode()

    assert DRESS in page
    assert "<style" not in page
    assert " style=" not in page


@pytest.mark.parametrize(
    ("handler", "status", "words"),
    [
        (lambda r: bad_request(r, Exception()), 400, "This request makes no sense"),
        (lambda r: page_not_found(r, Exception()), 404, "There is no such page"),
        (server_error, 500, "Something broke on our side"),
    ],
)
def test_error_pages_say_what_to_do_and_ask_no_database(handler, status, words):
    answer = handler(RequestFactory().get("/"))

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert DRESS in answer.content.decode()


def test_a_form_without_its_token_changes_nothing_and_says_so(dana):
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        dana, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    answer = client.post(reverse("staffimport:start_test"))

    assert answer.status_code == 403
    assert "This form was too old to send" in answer.content.decode()


@pytest.mark.parametrize("name", ["staffimport:start_test", "staffimport:start_sync"])
def test_an_address_that_only_takes_what_a_button_sends_says_so(dana, client, name):
    client.force_login(
        dana, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    answer = client.get(reverse(name))

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "There is nothing to see at this address" in answer.content.decode()
    assert DRESS in answer.content.decode()
