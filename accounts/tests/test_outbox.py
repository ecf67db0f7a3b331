"""Mails: made once, sent once, and tried again when the mail server was down."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts import outbox
from accounts.models import Mail
from accounts.outbox import Fate, post, send, send_waiting

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 13, 16, 42, tzinfo=UTC)
AT_NOW = time_machine.travel(NOW, tick=False)
REQUESTED = "district_requested"


class Unreachable(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class Choosy(EmailBackend):
    """A mail server that refuses one address for good and another for now."""

    def send_messages(self, messages):
        (message,) = messages
        for word, code in (("gone", 550), ("busy", 450)):
            if word in message.to[0]:
                raise SMTPRecipientsRefused({message.to[0]: (code, b"No")})
        return super().send_messages(messages)


@pytest.fixture
def server_is_down(settings):
    settings.EMAIL_BACKEND = f"{__name__}.{Unreachable.__name__}"


def posted(district, topic="requested", to="help@navsync.example", **options):
    post(district, topic, to, REQUESTED, {}, **options)
    return Mail.objects.get(topic=topic, to=to)


def test_a_mail_is_made_with_subject_text_and_html(maple, settings):
    settings.SITE_URL = "https://console.example"

    made = posted(maple)

    link = f"https://console.example/admin/schools/district/{maple.pk}/change/"
    assert made.subject == "Maple Valley has requested Naviance in Clever"
    assert link in made.text
    assert f'href="{link}"' in made.html
    assert not made.text.startswith(made.subject)


def test_names_are_escaped_in_html_alone(maple):
    maple.name = "Tom & Daughters <ISD>"

    made = posted(maple)

    assert "Tom & Daughters <ISD>" in made.text
    assert "Tom &amp; Daughters &lt;ISD&gt;" in made.html
    assert "<ISD>" not in made.html


def test_a_line_break_in_a_name_makes_no_second_header(maple):
    maple.name = "Maple\r\nBcc: all@maple.example\r"
    made = posted(maple)

    send(made.pk, made.made_at)

    (message,) = mail.outbox
    assert message.subject == "Maple"
    assert message.bcc == []


def test_a_worker_is_asked_when_the_transaction_is_committed(
    maple, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = posted(maple)
        before = sent()

    assert (before, sent()) == ([], [("send_mail", made.pk)])


def test_what_is_rolled_back_sends_nothing(
    maple, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as asked:
        made_anew = post(maple, "t", "a@b.example", REQUESTED, {})
        made_again = post(maple, "t", "a@b.example", REQUESTED, {})

    assert (made_anew, made_again, len(asked)) == (True, False, 1)


def test_a_mail_leaves_once_however_often_it_is_asked_for(maple):
    made = posted(maple)

    outbox.send_mail(made.pk)
    outbox.send_mail(made.pk)
    send_waiting(NOW)

    (message,) = mail.outbox
    made.refresh_from_db()
    assert message.to == ["help@navsync.example"]
    assert 'Content-Type: text/html; charset="utf-8"' in message.message().as_string()
    assert made.sent_at is not None
    assert made.tries == 1


@AT_NOW
def test_a_mail_server_that_is_down_gets_it_later(maple, server_is_down, settings):
    made = posted(maple)
    assert send(made.pk, NOW) is Fate.SERVER_DOWN
    made.refresh_from_db()
    assert (made.taken_at, made.error) == (None, "Connection unexpectedly closed")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_waiting(NOW + timedelta(minutes=5))

    made.refresh_from_db()
    assert (len(mail.outbox), made.tries, made.error) == (1, 2, "")


@AT_NOW
def test_a_mail_that_would_be_out_of_date_does_not_leave(maple):
    made = posted(maple, send_until=NOW + timedelta(hours=1))

    assert send_waiting(NOW + timedelta(hours=1)) == 0
    assert send(made.pk, NOW + timedelta(hours=1)) is Fate.NOT_TO_SEND
    assert mail.outbox == []


def test_what_a_program_died_on_is_not_sent_again(maple):
    made = posted(maple)
    Mail.objects.update(taken_at=NOW)

    send_waiting(NOW)

    assert send(made.pk, NOW) is Fate.NOT_TO_SEND
    assert mail.outbox == []


@AT_NOW
def test_a_server_that_is_down_is_not_asked_for_each_mail(maple, server_is_down):
    first, second = posted(maple, "one"), posted(maple, "two")

    assert send_waiting(NOW) == 0

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.tries, second.tries) == (1, 0)


@AT_NOW
def test_an_address_that_is_refused_holds_up_no_other(maple, settings):
    settings.EMAIL_BACKEND = f"{__name__}.{Choosy.__name__}"
    gone = posted(maple, to="gone@maple.example")
    busy = posted(maple, to="busy@maple.example")
    good = posted(maple, to="good@maple.example")

    assert (send_waiting(NOW), send_waiting(NOW)) == (1, 0)

    tries = [Mail.objects.get(pk=made.pk).tries for made in (gone, busy, good)]
    assert tries == [1, 2, 1]
    assert "550" in Mail.objects.get(pk=gone.pk).error
