"""Give the holder of a district account access to the console."""

from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Right, StaffAccount, User
from schools.audit import Actor, record
from schools.errors import RefusedError
from schools.models import District


class MailFailedError(RefusedError):
    """The mail server did not take a mail."""


@dataclass(frozen=True, slots=True)
class ConsoleAccess:
    """What an invited person opens: `link` is theirs alone, so never log it.

    With `sets_password` the link lets them set one, once; otherwise they have a
    password already and `link` is the sign-in page.
    """

    account: StaffAccount
    user: User
    link: str
    sets_password: bool

    def __repr__(self) -> str:
        """Name the account, never the link."""
        return f"<ConsoleAccess account={self.account.pk}>"


def invite(district: District, email: str, actor: Actor) -> ConsoleAccess:
    """Let the active district-level account with this e-mail into the console.

    Its person gets a sign-in identity if they have none, and a link to set their
    password unless they have one. Raises RefusedError when there is no such account,
    several share the address, the address can't get mail, or the account's role may
    not manage the data import.
    """
    with transaction.atomic():
        account = _account(district, email)
        _refuse_powerless(account)
        if account.user is None:
            account.user = _identity(account)
            account.revision += 1
            account.updated_at = timezone.now()
            account.save(update_fields=["user", "revision", "updated_at"])
        name = f"{account.first_name} {account.last_name}"
        record(district, actor, "invited", name, about=account.pk)
    user = account.user
    sets_password = not user.has_usable_password()
    path = _set_password_path(user) if sets_password else reverse(settings.LOGIN_URL)
    return ConsoleAccess(account, user, f"{settings.SITE_URL}{path}", sets_password)


def send_access_mail(access: ConsoleAccess) -> None:
    """E-mail the link to the person's sign-in address, in plain text.

    Raises MailFailedError when the mail server doesn't take it.
    """
    text = render_to_string(
        "account/mail/console_access.txt",
        {
            "access": access,
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
            "support": settings.SUPPORT_EMAIL,
        },
    )
    try:
        send_mail(
            f"Your access to NavSync for {access.account.district}",
            text,
            settings.DEFAULT_FROM_EMAIL,
            [access.user.email or ""],
        )
    except (OSError, SMTPException) as error:
        sentence = (
            f"The mail to {access.user.email} could not be sent: {error}. Check "
            "EMAIL_URL, or invite again with --print-link and pass the link on."
        )
        raise MailFailedError(sentence) from error


def _account(district: District, email: str) -> StaffAccount:
    wanted = email.strip().casefold()
    # Folded here, because SQLite's iexact folds ASCII only.
    active = district.staff_accounts.filter(
        school__isnull=True, status=StaffAccount.Status.ACTIVE
    ).exclude(email="")
    found = [
        account
        for account in active.select_related("user", "user_role", "district")
        if account.email.strip().casefold() == wanted
    ]
    if not wanted or not found:
        sentence = (
            f"{district} has no active district account with the e-mail “{email}”. "
            "Load or add the account first, or check the address."
        )
        raise RefusedError(sentence)
    if len(found) > 1:
        sentence = (
            f"{len(found)} district accounts share the e-mail “{email}”, so it is not "
            "clear who is meant. Give each account its own address first."
        )
        raise RefusedError(sentence)
    return found[0]


def _refuse_powerless(account: StaffAccount) -> None:
    role = account.user_role
    if role is None or Right.MANAGE_DATA_IMPORT not in role.rights:
        sentence = (
            f"The role of {account} is {role or 'empty'}, which may not manage the "
            "data import. Give the account the role District Site Manager, or its role "
            "that right, then invite again."
        )
        raise RefusedError(sentence)


def _identity(account: StaffAccount) -> User:
    """Return the identity with the account's address, made if there is none."""
    email = account.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        sentence = (
            f"“{account.email}” is no e-mail address. Correct it on the account, then "
            "invite again."
        )
        raise RefusedError(sentence) from error
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known
    return User.objects.create_user(
        email, first_name=account.first_name, last_name=account.last_name
    )


def _set_password_path(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return reverse("set_password", kwargs={"uidb64": uid, "token": token})
