"""Sends mails once: made inside a transaction, sent by a worker after its commit.

A mail server that is down costs nothing: what is left is sent by `send_waiting`, which
beat calls, until it would be out of date.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from smtplib import SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Mail
from schools.models import District

logger = logging.getLogger(__name__)

KEEPS_FOR = timedelta(days=3)
"""How long a mail is tried that says nothing of its own about it."""

_MESSAGE_EXPIRES = 3600.0
_MOST_AT_ONCE = 500
_FOR_GOOD = 500  # SMTP's answers from here on are final (RFC 5321, 4.2.1)


def post(
    district: District,
    topic: str,
    to: str,
    template: str,
    context: Mapping[str, object],
    send_until: datetime | None = None,
) -> bool:
    """Make a mail and have it sent after the commit; return whether it is a new one.

    One about the same `topic` to the same address is made once. `template` names the
    files `mail/TEMPLATE.txt`, whose first line is the subject, and `.html`; they get
    `context`, the district and the site's address.
    """
    given = {
        "district": district,
        "site": settings.SITE_URL,
        "support": settings.SUPPORT_EMAIL,
        **context,
    }
    text = render_to_string(f"mail/{template}.txt", given)
    subject, _, body = text.strip().partition("\n")
    mail, is_new = Mail.objects.get_or_create(
        district=district,
        topic=topic,
        to=to,
        defaults={
            "subject": " ".join(subject.split())[:255],
            "text": body.strip() + "\n",
            "html": render_to_string(f"mail/{template}.html", given),
            "send_until": send_until or timezone.now() + KEEPS_FOR,
        },
    )
    if is_new:
        transaction.on_commit(partial(_ask_worker, mail.pk))
    return is_new


@shared_task(name="accounts.tasks.send_mail")
def send_mail(mail_id: int) -> None:
    """Send a mail that is made; one that comes twice does nothing the second time."""
    send(mail_id, timezone.now())


def send_waiting(now: datetime) -> int:
    """Send the mails that are made and not sent yet; return how many left.

    A mail server that is down is not asked again for each of them.
    """
    waiting = Mail.objects.filter(taken_at=None, send_until__gt=now).order_by("pk")
    left = 0
    for number in list(waiting.values_list("pk", flat=True)[:_MOST_AT_ONCE]):
        fate = send(number, now)
        if fate is Fate.SERVER_DOWN:
            break
        left += fate is Fate.SENT
    return left


class Fate(Enum):
    """What became of a mail that was to be sent."""

    SENT = auto()
    NOT_TO_SEND = auto()  # somebody has it, or it would be out of date
    REFUSED = auto()
    SERVER_DOWN = auto()


def send(mail_id: int, now: datetime) -> Fate:
    """Take a mail and send it. One that does not leave is given back for later.

    Only a mail whose address the server refuses for good is not tried again.
    """
    mine = Mail.objects.filter(pk=mail_id, taken_at=None, send_until__gt=now)
    if not mine.update(taken_at=now, tries=F("tries") + 1):
        return Fate.NOT_TO_SEND
    taken = Mail.objects.filter(pk=mail_id)
    try:
        _message(taken.get()).send()
    except SMTPRecipientsRefused as error:
        logger.warning("The address of mail %s is refused.", mail_id)
        codes = [code for code, _said in error.recipients.values()]
        taken.update(error=str(error)[:1000])
        if not all(code >= _FOR_GOOD for code in codes):
            taken.update(taken_at=None)
        return Fate.REFUSED
    except (OSError, SMTPException) as error:
        logger.warning("Mail %s could not be sent: %s", mail_id, type(error).__name__)
        taken.update(taken_at=None, error=str(error)[:1000])
        return Fate.SERVER_DOWN
    taken.update(sent_at=timezone.now(), error="")
    return Fate.SENT


def _message(mail: Mail) -> EmailMultiAlternatives:
    sender = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(mail.subject, mail.text, sender, [mail.to])
    message.attach_alternative(mail.html, "text/html")
    return message


def _ask_worker(mail_id: int) -> None:
    """Ask a worker to send a mail; without a broker `send_waiting` does it later."""
    try:
        send_mail.apply_async((mail_id,), expires=_MESSAGE_EXPIRES)
    except OperationalError as error:
        logger.warning("Mail %s waits: no broker at the moment (%s).", mail_id, error)
