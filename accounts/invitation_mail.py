"""Sends invitations: each claimed in the database first, so that none goes out twice.

Not by the outbox, which keeps what it sends: an invitation's link is a secret. A mail
the server refuses is tried again where that can help. One whose fate is unknown,
because the server or the worker broke off, is not: it may have arrived.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.access import may_manage_import
from accounts.invitation_links import digest_of, link_of, new_token
from accounts.mailable import why_unmailed
from accounts.models import INVITATION_LASTS, Invitation, StaffAccount
from accounts.people import people_of
from accounts.reach import opened_by

logger = logging.getLogger(__name__)

State = Invitation.State

STUCK_AFTER = timedelta(minutes=15)
UNREACHABLE_PAUSE = timedelta(minutes=5)
PAUSES = tuple(timedelta(hours=hours) for hours in (0.25, 1, 6, 24))
"""How long to wait after each refusal that may pass; after the last one no more."""
_MESSAGE_EXPIRES = 3600.0
_PERMANENT = 500  # SMTP replies from here on say "never"

STUCK = (
    "The worker stopped while it was sending. The mail may have gone out: send it "
    "again if it has not arrived."
)
BROKE_OFF = (
    "The mail server broke off. The mail may have gone out: send it again if it has "
    "not arrived."
)


@shared_task(name="accounts.tasks.send_invitations")
def send_invitations(district_id: int) -> None:
    """Send a district's invitations that are due, then ask for the rest of them."""
    if send_waiting(district_id):
        ask_worker(district_id)


def ask_worker(district_id: int) -> None:
    """Ask a worker to send the district's invitations.

    A broker that can't be reached is no failure: the sweep sends them.
    """
    try:
        send_invitations.apply_async((district_id,), expires=_MESSAGE_EXPIRES)
    except OperationalError as error:
        logger.warning("Invitations wait: no broker at the moment (%s).", error)


def send_waiting(district_id: int | None = None, limit: int = 200) -> bool:
    """Send invitations that are due, of one district or all; say if more are waiting.

    `limit` is how many at most, so that one worker is not busy for hours.
    """
    due = list(_due(district_id)[: limit + 1])
    if not due:
        return False
    return _send_all(due[:limit]) and len(due) > limit


def find_stuck() -> int:
    """Mark invitations whose worker died while sending as failed; return how many."""
    long_ago = timezone.now() - STUCK_AFTER
    stuck = Invitation.objects.filter(state=State.SENDING, claimed_at__lt=long_ago)
    return stuck.update(state=State.FAILED, problem=STUCK, retry_at=None)


def issue_token(invitation: Invitation) -> str:
    """Return the secret of a new link that somebody passes on by other means."""
    token, now = new_token(), timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(
        state=State.SENT,
        sent_at=now,
        expires_at=now + INVITATION_LASTS,
        token_digest=digest_of(token),
        problem="",
        retry_at=None,
    )
    return token


def send_one(invitation: Invitation) -> Invitation:
    """Send one invitation here and now; return it as it is then, sent or failed."""
    _send_all([invitation.pk])
    invitation.refresh_from_db()
    return invitation


def _send_all(due: list[int]) -> bool:
    """Send invitations over one connection; return whether there is a mail server."""
    connection = get_connection()
    try:
        for done, pk in enumerate(due):
            try:
                connection.open()  # nothing to do while it is open
            except (OSError, SMTPException) as error:
                _put_off(due[done:], error)
                return False
            _send(pk, connection)
    finally:
        _close(connection)
    return True


def _is_due(now: datetime) -> Q:
    again = Q(retry_at__lte=now)
    waits = Q(state=State.WAITING) & (Q(retry_at=None) | again)
    return waits | Q(state=State.FAILED) & again


def _due(district_id: int | None) -> QuerySet[Invitation, int]:
    due = Invitation.objects.filter(
        _is_due(timezone.now()), district__disconnected_at=None
    )
    if district_id is not None:
        due = due.filter(district=district_id)
    return due.order_by("created_at", "pk").values_list("pk", flat=True)


def _send(pk: int, connection: BaseEmailBackend) -> None:
    """Claim an invitation, send it, and keep what came of it."""
    token, now = new_token(), timezone.now()
    # Still due: another worker, which read the same list, may be through with it.
    claimed = Invitation.objects.filter(_is_due(now), pk=pk).update(
        state=State.SENDING,
        claimed_at=now,
        token_digest=digest_of(token),
        expires_at=now + INVITATION_LASTS,
    )
    if not claimed:
        return
    invitation = Invitation.objects.select_related(
        "account__user", "account__user_role", "district"
    ).get(pk=pk)
    # The account's e-mail may have changed since it began to wait.
    invitation.email = invitation.account.email.strip()
    invitation.save(update_fields=["email"])
    if problem := _unwanted(invitation):
        _end(invitation, State.UNMAILED, problem=problem)
        return
    try:
        _compose(invitation, token, connection).send()
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _refused(invitation, code, words)
    except SMTPResponseException as error:
        _refused(invitation, error.smtp_code, error.smtp_error)
    except (OSError, SMTPException) as error:
        logger.warning("Invitation %s: the mail server broke off: %s", pk, error)
        _end(invitation, State.FAILED, problem=BROKE_OFF)
        _close(connection)  # the next one opens it again
    else:
        _end(invitation, State.SENT, sent_at=timezone.now())


def _unwanted(invitation: Invitation) -> str:
    """Return why nobody is to be mailed after all, "" if somebody is."""
    account = invitation.account
    if account.status != StaffAccount.Status.ACTIVE:
        return "The account is no longer active."
    if account.user is not None and account.user.has_usable_password():
        return "The person has a Naviance ID already."
    if invitation.district.uses_sso and not lets_into_console(account):
        return "The district uses Clever SSO, so nobody is invited."
    return why_unmailed(account)


def lets_into_console(account: StaffAccount) -> bool:
    """Return whether a link to an account's e-mail opens one that manages the import.

    Such links go out with Clever SSO, too.
    """
    [person] = people_of(account.district, [account])
    return any(map(may_manage_import, opened_by(account.email, person.accounts)))


def _compose(
    invitation: Invitation, token: str, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    context = {
        "invitation": invitation,
        "account": invitation.account,
        "district": invitation.district,
        "link": link_of(token),
        "days": INVITATION_LASTS.days,
        "support": settings.SUPPORT_EMAIL,
    }
    mail = EmailMultiAlternatives(
        f"Set up your Naviance ID for {invitation.district}",
        render_to_string("account/mail/invitation.txt", context),
        to=[invitation.email],
        connection=connection,
    )
    mail.attach_alternative(
        render_to_string("account/mail/invitation.html", context), "text/html"
    )
    return mail


def _refused(invitation: Invitation, code: int, words: bytes | str) -> None:
    """Keep a refusal, and try again later unless it is for good."""
    said = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    will_pass = code < _PERMANENT and invitation.attempts < len(PAUSES)
    pause = PAUSES[invitation.attempts] if will_pass else None
    _end(
        invitation,
        State.FAILED,
        problem=f"The mail server refused it: {code} {said}"[:1000],
        retry_at=timezone.now() + pause if pause else None,
    )


def _end(
    invitation: Invitation,
    state: str,
    *,
    problem: str = "",
    sent_at: datetime | None = None,
    retry_at: datetime | None = None,
) -> None:
    Invitation.objects.filter(pk=invitation.pk, state=State.SENDING).update(
        state=state,
        problem=problem,
        sent_at=sent_at or invitation.sent_at,
        retry_at=retry_at,
        attempts=invitation.attempts + 1,
    )


def _put_off(due: list[int], error: Exception) -> None:
    """Let everybody wait while the mail server can't be reached; the page says so."""
    logger.warning("%s invitations wait: no mail server: %s", len(due), error)
    Invitation.objects.filter(pk__in=due, state=State.WAITING).update(
        problem=f"The mail server can’t be reached ({error}); it is tried again.",
        retry_at=timezone.now() + UNREACHABLE_PAUSE,
    )


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, SMTPException):
        logger.info("The mail server had closed the connection already.")
