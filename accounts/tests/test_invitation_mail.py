"""Sending invitations: once, after a claim, with failures that are seen."""

from datetime import timedelta
from smtplib import (
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.invitation_mail import find_stuck, send_invitations, send_waiting
from accounts.models import Invitation, StaffAccount, User
from accounts.tasks import sweep_invitations


@pytest.fixture
def lee(mails):
    return asked(mails)


def asked(district, number=1, **changes):
    account = StaffAccount.objects.create(
        district=district,
        first_name="Lee",
        last_name=f"Jordan{number}",
        clever_id=f"c{number}",
        email=f"lee{number}@maple.example",
        school=district.schools.first(),
    )
    fields = {"person": account.clever_id, "email": account.email, **changes}
    return Invitation.objects.create(district=district, account=account, **fields)


def now_of(invitation):
    invitation.refresh_from_db()
    return invitation


def failing(monkeypatch, *errors):
    """Let the mail server refuse the first mails, and take the others."""
    remaining = list(errors)
    take = EmailBackend.send_messages

    def send(self, messages):
        if remaining:
            raise remaining.pop(0)
        return take(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)


def test_a_mail_has_text_and_html_with_the_same_link(lee, settings):
    send_waiting()

    [message] = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    [(html, kind)] = message.alternatives
    invitation = now_of(lee)
    [link] = [word for word in str(message.body).split() if "/invitation/" in word]
    assert message.to == ["lee1@maple.example"]
    assert message.subject == "Set up your Naviance ID for Maple Valley"
    assert "at S1." in str(message.body)
    assert "good for 7 days" in str(message.body)
    assert kind == "text/html"
    assert f'href="{link}"' in str(html)
    assert link.startswith(settings.SITE_URL)
    assert invitation.state == "sent"
    assert invitation.expires_at - invitation.sent_at > timedelta(days=6.99)


def test_the_secret_is_kept_nowhere(lee):
    send_waiting()

    body = str(mail.outbox[0].body)
    [link] = [word for word in body.split() if "/invitation/" in word]
    token = link.rstrip("/").rpartition("/")[2]
    kept = Invitation.objects.values().get()
    assert token not in str(kept)
    assert len(token) > 40


def test_it_is_never_sent_twice(lee):
    send_waiting()
    send_waiting()

    assert len(mail.outbox) == 1


def test_a_worker_that_comes_second_leaves_it_to_the_first(lee, monkeypatch):
    def claimed_meanwhile(self):
        Invitation.objects.update(state="sending")

    monkeypatch.setattr(EmailBackend, "open", claimed_meanwhile, raising=False)

    send_waiting()

    assert mail.outbox == []
    assert now_of(lee).state == "sending"


def test_one_that_broke_off_meanwhile_is_not_sent_by_who_read_the_same_list(
    lee, monkeypatch
):
    def broke_off_meanwhile(self):
        Invitation.objects.update(state="failed", retry_at=None)

    monkeypatch.setattr(EmailBackend, "open", broke_off_meanwhile, raising=False)

    send_waiting()

    assert mail.outbox == []
    assert now_of(lee).state == "failed"


def test_a_batch_ends_and_says_that_more_are_waiting(mails):
    for number in range(5):
        asked(mails, number)

    assert send_waiting(mails.pk, limit=3)
    assert not send_waiting(mails.pk, limit=3)
    assert len(mail.outbox) == 5


def test_a_task_sends_its_own_district_alone(mails, cedar):
    cedar.uses_sso = False
    cedar.save()
    theirs = asked(cedar, 9, person="c9", email="x@cedar.example")
    asked(mails)

    send_invitations(mails.pk)

    assert [message.to for message in mail.outbox] == [["lee1@maple.example"]]
    assert now_of(theirs).state == "waiting"
    sweep_invitations()
    assert now_of(theirs).state in ("sent", "unmailed")


class TestNobodyToMail:
    def test_who_became_inactive_meanwhile_is_not_mailed(self, lee):
        StaffAccount.objects.update(status="inactive")

        send_waiting()

        assert mail.outbox == []
        assert now_of(lee).state == "unmailed"
        assert lee.problem == "The account is no longer active."

    def test_who_has_a_naviance_id_by_now_is_not(self, lee):
        user = User.objects.create_user("lee@maple.example", "a password")
        StaffAccount.objects.update(user=user)

        send_waiting()

        assert mail.outbox == []
        assert "has a Naviance ID already" in now_of(lee).problem

    def test_whoever_manages_the_import_is_also_with_clever_sso(self, mails, lee):
        """By another account of theirs, which the link opens as well."""
        type(mails).objects.update(uses_sso=True)
        StaffAccount.objects.filter(pk=lee.account_id).update(clever_id="c-lee")
        StaffAccount.objects.create(
            district=mails,
            clever_id="c-lee",
            email=lee.email,
            user_role=mails.user_roles.get(name="District Site Manager"),
        )

        send_waiting()

        assert [message.to for message in mail.outbox] == [[lee.email]]

    def test_nobody_is_once_the_district_uses_clever_sso(self, mails, lee):
        type(mails).objects.update(uses_sso=True)

        send_waiting()

        assert mail.outbox == []
        assert "uses Clever SSO" in now_of(lee).problem


class TestFailures:
    def test_a_refusal_that_may_pass_is_tried_again_by_itself(self, lee, monkeypatch):
        failing(monkeypatch, SMTPDataError(451, b"Try again later"))

        send_waiting()

        failed = now_of(lee)
        assert (failed.state, failed.attempts) == ("failed", 1)
        assert failed.problem == "The mail server refused it: 451 Try again later"
        assert failed.retry_at > timezone.now()
        send_waiting()
        assert mail.outbox == []
        Invitation.objects.update(retry_at=timezone.now())
        send_waiting()
        assert len(mail.outbox) == 1
        assert (now_of(lee).state, lee.problem) == ("sent", "")

    def test_in_the_end_it_is_left_to_people(self, lee, monkeypatch):
        failing(monkeypatch, *[SMTPDataError(451, b"later")] * 9)
        for _ in range(9):
            send_waiting()
            Invitation.objects.exclude(retry_at=None).update(retry_at=timezone.now())

        assert (now_of(lee).state, lee.retry_at) == ("failed", None)
        assert lee.attempts == 5

    def test_a_refusal_for_good_is_not_tried_again(self, lee, monkeypatch):
        refused = {"lee1@maple.example": (550, b"No such user")}
        failing(monkeypatch, SMTPRecipientsRefused(refused))

        send_waiting()

        failed = now_of(lee)
        assert (failed.state, failed.retry_at) == ("failed", None)
        assert "550 No such user" in failed.problem

    @pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), TimeoutError()])
    def test_a_mail_that_may_have_gone_out_is_never_sent_again_by_itself(
        self, lee, monkeypatch, error
    ):
        failing(monkeypatch, error)

        send_waiting()

        failed = now_of(lee)
        assert (failed.state, failed.retry_at) == ("failed", None)
        assert "may have gone out" in failed.problem

    def test_one_refusal_stops_no_other(self, mails, monkeypatch):
        for number in range(3):
            asked(mails, number)
        failing(monkeypatch, SMTPDataError(550, b"no"), SMTPServerDisconnected("gone"))

        send_waiting()

        assert len(mail.outbox) == 1
        assert Invitation.objects.filter(state="failed").count() == 2

    def test_without_a_mail_server_all_wait_and_the_page_says_so(self, lee, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

        send_waiting()

        waiting = now_of(lee)
        assert (waiting.state, waiting.attempts) == ("waiting", 0)
        assert "can’t be reached" in waiting.problem
        assert waiting.retry_at > timezone.now()

    def test_a_worker_that_died_leaves_it_failed_not_sent_again(self, mails):
        long_ago = timezone.now() - timedelta(hours=1)
        dead = asked(mails, 1, state="sending", claimed_at=long_ago)
        alive = asked(mails, 2, state="sending", claimed_at=timezone.now())

        assert find_stuck() == 1

        assert now_of(dead).state == "failed"
        assert "may have gone out" in dead.problem
        assert now_of(alive).state == "sending"
        send_waiting()
        assert mail.outbox == []
