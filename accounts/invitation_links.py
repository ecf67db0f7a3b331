"""The secret link of an invitation: kept nowhere but in the e-mail."""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse


def new_token() -> str:
    """Return a secret nobody can guess."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is kept of a secret: enough to know it again, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str) -> str:
    """Return the address that somebody with the secret opens; never log it."""
    path = reverse("invitation", kwargs={"token": token})
    return f"{settings.SITE_URL}{path}"
