"""Opening an invitation's link: who is set up by it, and what closes it."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.invitation_mail import issue_token, send_waiting
from accounts.models import Invitation, StaffAccount, User
from accounts.services.acceptance import LinkClosedError, set_up
from schools.models import AuditEntry
from tests.cast import signed_in

EMAIL = "Lee.Jordan@maple.example"
PASSWORD = "correct horse 9"
HAS_ID = "The address has a Naviance ID already."
FORM = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def _invites(mails):
    cache.clear()


def account(district, clever_id="c1", role="Teacher", **changes):
    return StaffAccount.objects.create(
        district=district,
        clever_id=clever_id,
        user_role=district.user_roles.get(name=role),
        **{"first_name": "Lee", "last_name": "Jordan", "email": EMAIL, **changes},
    )


@pytest.fixture
def lee(maple):
    return account(maple, school=maple.schools.first())


@pytest.fixture
def token(lee):
    return token_of(lee)


def token_of(account):
    invitation = Invitation.objects.create(
        district=account.district,
        account=account,
        person=account.clever_id,
        email=account.email,
    )
    return issue_token(invitation)


def page(token):
    return reverse("invitation", args=[token])


def text_of(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_the_link_sets_up_an_identity_and_signs_in(client, maple, lee, token):
    shown = text_of(client.get(page(token)))
    done = client.post(page(token), FORM)

    user = User.objects.get()
    lee.refresh_from_db()
    assert EMAIL.lower() in shown
    assert "Lee Jordan" in shown
    assert (user.email, user.get_full_name()) == (EMAIL.lower(), "Lee Jordan")
    assert user.check_password(PASSWORD)
    assert lee.user == user
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "sign in with" in text_of(client.get(done.url, follow=True))
    entry = maple.audit_entries.get()
    assert (entry.verb, entry.actor, entry.about) == ("used invitation", user, lee.pk)


def test_it_sets_up_all_the_persons_accounts(client, maple, lee, token):
    second = account(maple, school=maple.schools.last())
    other = account(maple, "c2", email="other@maple.example")

    answer = client.post(page(token), FORM)

    assert answer.url.startswith(reverse("choose_account"))
    second.refresh_from_db()
    other.refresh_from_db()
    assert second.user == User.objects.get()
    assert other.user is None
    entries = maple.audit_entries.order_by("pk").values_list("verb", "about")
    assert list(entries) == [
        ("used invitation", lee.pk),
        ("added account to Naviance ID", second.pk),
    ]


def test_it_is_no_edit_that_would_hold_an_import(client, lee, token):
    client.post(page(token), FORM)

    lee.refresh_from_db()
    assert lee.revision == 1


def test_opening_it_changes_nothing(client, lee, token):
    for _ in range(3):
        assert client.get(page(token)).status_code == 200

    assert not User.objects.exists()


def test_a_weak_password_is_refused_with_its_reason(client, token):
    shown = text_of(
        client.post(page(token), {"password1": "1234", "password2": "1234"})
    )

    assert "too short" in shown
    assert not User.objects.exists()


def test_a_password_like_the_own_name_is_refused(client, token):
    mine = {"password1": "lee.jordan", "password2": "lee.jordan"}

    assert "too similar" in text_of(client.post(page(token), mine))


def test_whoever_came_with_clever_before_gets_a_password_for_the_same_identity(
    client, lee, token
):
    user = User.objects.create_user(None, first_name="Lee")
    SocialAccount.objects.create(provider="clever", uid="c1", user=user)
    StaffAccount.objects.update(user=user)

    client.post(page(token), FORM)

    user.refresh_from_db()
    assert user.email == EMAIL.lower()
    assert user.check_password(PASSWORD)
    assert User.objects.count() == 1


def test_whoever_is_signed_in_on_the_device_is_signed_out(maple, token):
    dana = User.objects.create_user("dana@maple.example", "a password")
    account(maple, "c9", "District Site Manager", user=dana)
    client = signed_in(dana)

    shown = text_of(client.get(page(token)))
    client.post(page(token), FORM)

    assert "Setting up this Naviance ID signs dana@maple.example out." in shown
    assert client.session["_auth_user_id"] != str(dana.pk)
    assert not dana.staff_accounts.filter(clever_id="c1").exists()


class TestAddressOfAnIdentity:
    """The address has a Naviance ID already, in another district for instance."""

    @pytest.fixture
    def holder(self, cedar):
        user = User.objects.create_user(EMAIL, "the old password")
        account(cedar, "", user=user)
        return user

    def test_no_password_is_set_by_the_link_alone(self, client, holder, lee, token):
        shown = text_of(client.get(page(token)))
        client.post(page(token), FORM)

        holder.refresh_from_db()
        lee.refresh_from_db()
        assert "has a Naviance ID already" in shown
        assert holder.check_password("the old password")
        assert lee.user is None
        entry = lee.district.audit_entries.get()
        assert (entry.verb, entry.about) == ("refused invitation", lee.pk)
        assert (entry.actor_name, entry.address) == ("Somebody", "127.0.0.1")

    def test_signed_in_the_holder_adds_the_account(self, holder, lee, token):
        client = signed_in(holder)

        assert "Add the account" in text_of(client.get(page(token)))
        client.post(page(token))

        lee.refresh_from_db()
        assert lee.user == holder
        assert Invitation.objects.get().used_by == holder

    def test_also_without_an_active_account_elsewhere(self, holder, lee, token):
        StaffAccount.objects.filter(user=holder).update(status="inactive")
        client = signed_in(holder)

        client.post(page(token))

        lee.refresh_from_db()
        assert lee.user == holder
        assert client.get("/").url == reverse("own_account")

    def test_somebody_else_who_is_signed_in_adds_nothing(self, maple, holder, token):
        dana = User.objects.create_user("dana@maple.example", "a password")
        account(maple, "c9", user=dana)
        client = signed_in(dana)

        assert "Sign out, then sign in with" in text_of(client.get(page(token)))
        client.post(page(token))

        assert Invitation.objects.get().state == "sent"
        entry = maple.audit_entries.get()
        assert (entry.verb, entry.actor) == ("refused invitation", dana)
        assert entry.actor_name == "dana@maple.example"

    def test_signing_in_leads_back_to_the_link(self, client, holder, token):
        login = f"{reverse('account_login')}?next={page(token)}"

        answer = client.post(login, {"login": EMAIL, "password": "the old password"})

        assert answer.url == page(token)


class TestClosed:
    def closed(self, answer):
        text = text_of(answer, 403)
        assert "This link no longer works" in text
        return text

    def test_a_link_works_once(self, client, token):
        client.post(page(token), FORM)
        other = Client()

        assert "works only once" in self.closed(other.get(page(token)))
        self.closed(other.post(page(token), FORM))
        assert "_auth_user_id" not in other.session
        assert User.objects.count() == 1

    def test_two_at_once_set_up_one_identity(self, token, monkeypatch):
        Invitation.objects.update(state="sent")
        set_up(token, PASSWORD, None)
        # As the second saw it before the first was done.
        StaffAccount.objects.update(user=None)
        User.objects.all().delete()

        with pytest.raises(LinkClosedError):
            set_up(token, PASSWORD, None)

        assert not User.objects.exists()

    def test_after_seven_days_a_new_one_goes_to_the_same_address(
        self, client, maple, token, django_capture_on_commit_callbacks, monkeypatch
    ):
        monkeypatch.setattr("accounts.invitation_mail.ask_worker", send_waiting)
        week = timezone.now() - timedelta(days=7)
        Invitation.objects.update(expires_at=week)

        assert "E-mail me a new link" in self.closed(client.get(page(token)))
        with django_capture_on_commit_callbacks(execute=True):
            renewed = client.post(page(token), {"email": "thief@evil.example"})

        assert "a new link is on its way" in text_of(renewed).lower()
        assert [message.to for message in mail.outbox] == [[EMAIL]]
        self.closed(client.get(page(token)))
        assert not User.objects.exists()

    def test_a_newer_mail_closes_the_older_link(self, client, lee, token):
        newer = issue_token(Invitation.objects.get())

        assert "newer e-mail has replaced it" in self.closed(client.get(page(token)))
        assert client.get(page(newer)).status_code == 200

    @pytest.mark.parametrize("forged", ["x", "a" * 43, "%00", "../admin"])
    def test_a_forged_link_makes_no_account(self, client, token, forged):
        answer = client.post(f"/accounts/invitation/{forged}/", FORM)

        assert answer.status_code in (403, 404)
        assert not User.objects.exists()

    def test_an_account_that_is_no_longer_active_is_not_set_up(
        self, client, lee, token
    ):
        StaffAccount.objects.update(status="inactive")

        assert "no longer active" in self.closed(client.get(page(token)))

    def test_whoever_has_a_naviance_id_by_now_is_sent_to_sign_in(
        self, client, lee, token
    ):
        StaffAccount.objects.update(user=User.objects.create_user("l@x.example", "pw"))

        text = text_of(client.post(page(token), FORM), 403)

        assert "You have a Naviance ID already" in text
        assert User.objects.get().check_password("pw")
        assert AuditEntry.objects.get().note == HAS_ID

    def test_a_refusal_names_whoever_is_signed_in(self, maple, token):
        dana = User.objects.create_user("dana@maple.example", "a password")
        account(maple, "c9", user=dana)
        Invitation.objects.update(state="used")

        signed_in(dana).get(page(token))

        entry = maple.audit_entries.get()
        assert (entry.actor, entry.actor_name) == (dana, "dana@maple.example")

    def test_opening_a_link_nobody_needs_any_more_is_no_entry(self, client, lee, token):
        StaffAccount.objects.update(status="inactive")
        client.get(page(token))
        assert not AuditEntry.objects.exists()

        client.post(page(token), FORM)

        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.about) == ("refused invitation", lee.pk)

    @pytest.mark.parametrize("rank", ["is_staff", "is_superuser"])
    def test_support_gets_no_account_of_a_district(self, client, lee, token, rank):
        sam = User.objects.create_user(lee.email, PASSWORD, **{rank: True})

        answer = client.get(page(token))
        client.force_login(sam)
        client.post(page(token), FORM)

        assert answer.status_code == 403
        assert "belongs to NavSync support" in answer.content.decode()
        assert StaffAccount.objects.get().user is None
        assert AuditEntry.objects.filter(verb="refused invitation", about=lee.pk)

    def test_a_forged_link_is_on_record_where_who_opened_it_belongs(
        self, client, token
    ):
        user = set_up(token, PASSWORD, None)
        account = user.staff_accounts.get()
        client.force_login(
            user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )

        client.get(page("forged"))

        entry = AuditEntry.objects.get(verb="refused invitation")
        assert (entry.district, entry.actor_id) == (account.district, user.pk)

    @pytest.mark.parametrize("case", ["forged", "used", "expired"])
    def test_the_audit_trail_hears_of_it(self, client, maple, lee, token, case):
        if case == "used":
            Invitation.objects.update(state="used")
        if case == "expired":
            Invitation.objects.update(expires_at=timezone.now())

        client.get(page("x" if case == "forged" else token))

        entry = AuditEntry.objects.get()
        assert entry.verb == "refused invitation"
        assert entry.address == "127.0.0.1"
        assert entry.district == (None if case == "forged" else maple)

    def test_guessing_does_not_fill_the_audit_trail(self, client, db):
        for number in range(5):
            client.get(page(f"guess{number}"))

        assert AuditEntry.objects.count() == 3
