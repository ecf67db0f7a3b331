"""Text that rests in the database only encrypted, under keys of its own."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression


class UnreadableSecretError(Exception):
    """A stored secret fits none of the keys in FIELD_ENCRYPTION_KEYS."""

    user_message = (
        "A stored secret can't be read with any key in FIELD_ENCRYPTION_KEYS: add the "
        "key it was written with to the end of that list, or store the secret again."
    )

    def __init__(self) -> None:
        super().__init__(self.user_message)


def encrypt(text: str) -> str:
    """Return `text` encrypted under the first key of FIELD_ENCRYPTION_KEYS."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(secret: str) -> str:
    """Return the text that `encrypt` was given, whichever listed key it was under.

    Raises UnreadableSecretError when no listed key fits or the secret was altered.
    """
    try:
        return _cipher().decrypt(secret.encode()).decode()
    except InvalidToken:
        # The chained exception would say no more than this one.
        raise UnreadableSecretError from None


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text field that is plain in Python and encrypted in the database.

    Empty and null stay as they are, so a query may ask whether there is a secret
    (`exact=""`, `isnull`). No other lookup finds anything: the same text is stored
    differently each time. To rotate keys, put the new one first in
    FIELD_ENCRYPTION_KEYS, save the rows again, then drop the old one.
    """

    def get_prep_value(self, value: object) -> str | None:
        """Return what is stored for `value`: a Fernet token, or empty or null as is."""
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(
        self,
        value: str | None,
        expression: Expression,
        connection: BaseDatabaseWrapper,
    ) -> str | None:
        """Return the text behind a stored value; UnreadableSecretError as `decrypt`."""
        return decrypt(value) if value else value
