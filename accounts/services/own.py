"""What a person settles about their own sign-in."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import StaffAccount, User


def remember_account(user: User | AnonymousUser, account: StaffAccount | None) -> None:
    """Go straight to this account at the next sign-in; with None, ask again."""
    usual = account.pk if account else None
    User.objects.filter(pk=user.pk or 0).update(usual_account_id=usual)
