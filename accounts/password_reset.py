"""New passwords by mail: a worker looks the address up and writes to it.

So the page takes the same time and gives the same answer whoever has the address, also
while the mail server is down.
"""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from kombu.exceptions import OperationalError

from accounts.addresses import folded
from accounts.models import User

logger = logging.getLogger(__name__)

NO_ADDRESS = "This is no e-mail address. Write it like name@district.org."
UNSENT = "No mail can be sent at the moment. Ask again in a few minutes."
_LASTS = 3600.0  # seconds; whoever waits longer asks again
_FIRST_PAUSE = 10  # seconds, doubled each time
_MOST_TRIES = 6
_DAY = 24 * 3600


class AskForReset(ResetPasswordForm):
    """Asks whose password is forgotten; says of no address whether it is known."""

    email = EmailField(error_messages={"invalid": NO_ADDRESS})

    def clean_email(self) -> str:
        """Return the address; nobody is looked up here."""
        address: str = get_adapter().clean_email(folded(self.cleaned_data["email"]))
        return address

    def save(self, request: HttpRequest, **_kwargs: Any) -> str:
        """Have a worker write to whoever has the address; return the address."""
        address: str = self.cleaned_data["email"]
        try:
            send_password_reset.apply_async((address,), expires=_LASTS)
        except OperationalError as error:
            logger.warning("A password reset is not sent, without a broker: %s", error)
            messages.error(request, UNSENT)
        return address


@shared_task(
    name="accounts.tasks.send_password_reset",
    autoretry_for=(OSError, SMTPException),
    retry_backoff=_FIRST_PAUSE,
    max_retries=_MOST_TRIES,
)
def send_password_reset(address: str) -> None:
    """Write to whoever signs in with the address; to nobody if nobody does.

    An address that an identity had before is somebody else's by now, maybe.
    """
    for user in User.objects.filter(email=folded(address), is_active=True):
        _write_to(user, address)


def _write_to(user: User, address: str) -> None:
    key = default_token_generator.make_token(user)
    page = {"uidb36": user_pk_to_url_str(user), "key": key}
    path = reverse("account_reset_password_from_key", kwargs=page)
    context = {
        "password_reset_url": f"{settings.SITE_URL}{path}",
        "site": settings.SITE_URL,
        "days": settings.PASSWORD_RESET_TIMEOUT // _DAY,
    }
    name = "account/email/password_reset_key"
    subject = render_to_string(f"{name}_subject.txt", context).strip()
    text = render_to_string(f"{name}_message.txt", context)
    html = render_to_string(f"{name}_message.html", context)
    sender = settings.DEFAULT_FROM_EMAIL
    send_mail(subject, text, sender, [address], html_message=html)
