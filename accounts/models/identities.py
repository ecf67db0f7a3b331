"""Sign-in identities (Naviance IDs)."""

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.utils import timezone

from accounts.addresses import folded
from schools.models import District


class UserAccounts(BaseUserManager["User"]):
    """Makes sign-in identities; e-mail addresses are kept in lower case."""

    def create_user(
        self, email: str | None, password: str | None = None, **fields: object
    ) -> "User":
        """Create and return an identity.

        Without a password nobody signs in by it; one that only ever comes by Clever
        has no address either.
        """
        user = self.model(email=folded(email) if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: object
    ) -> "User":
        """Create and return one of our own people with every right."""
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True, **fields}
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the identity of an e-mail address, whatever its case."""
        return self.get(email=folded(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in identity (Naviance ID). One identity may hold several accounts.

    `email` is the address somebody signs in with, proven to be theirs; what Clever
    says of addresses never comes here. None: they sign in with Clever alone.
    """

    email = models.EmailField(unique=True, null=True, blank=True)
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    is_staff = models.BooleanField(
        default=False, help_text="Naviance Support: may use the Django admin."
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    usual_account_id = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="Staff account to go straight to after sign-in, if still there.",
    )

    came_by: tuple[int, str] | None = None
    """By which district and Clever id this request's session began, if by Clever.

    Only accounts of both count in it (accounts.sessions).
    """

    visited: District | None = None
    """The district whose console this request only looks at (accounts.visiting)."""

    objects = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        """Identities read by e-mail address."""

        ordering = ["email"]

    def __str__(self) -> str:
        """Return the name, or the e-mail address of somebody without one."""
        return self.get_full_name() or self.email or f"Person {self.pk}"

    def get_full_name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """Return the first name."""
        return self.first_name
