"""Which sign-in identities belong to one district alone, to go when it is deleted.

Never one of support, nor one that has an account in another district. Who was of
support once and did nothing but in this district goes with it; entries keep their name.
"""

from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import PROVIDER
from accounts.models import ConsoleVisit, Invitation, StaffAccount, User
from schools.models import AuditEntry, District


def people_with_accounts(district: District) -> QuerySet[User]:
    """Return the identities that have accounts in this district alone."""
    own = StaffAccount.objects.filter(user=OuterRef("pk"))
    return _not_of_support().filter(
        Exists(own.filter(district=district)), ~Exists(own.exclude(district=district))
    )


def people_with_traces(district: District) -> QuerySet[User]:
    """Return the identities without an account that only this district knows.

    They were taken out of their account, or it is gone. What tells of them is an
    invitation they used, their sign-in with the district's Clever, or what they did in
    it. Who did something in another district goes with that one.
    """
    ids = StaffAccount.objects.filter(district=district).exclude(clever_id="")
    came = SocialAccount.objects.filter(
        provider=PROVIDER, uid__in=ids.values("clever_id")
    )
    invited = Invitation.objects.filter(used_by__isnull=False)
    acted = AuditEntry.objects.filter(actor__isnull=False, district__isnull=False)
    return (
        _not_of_support()
        .filter(~Exists(StaffAccount.objects.filter(user=OuterRef("pk"))))
        .filter(
            Q(pk__in=invited.filter(district=district).values("used_by"))
            | Q(pk__in=acted.filter(district=district).order_by().values("actor"))
            | Q(pk__in=came.values("user")),
            ~Exists(invited.exclude(district=district).filter(used_by=OuterRef("pk"))),
            ~Exists(acted.exclude(district=district).filter(actor=OuterRef("pk"))),
            # Who looked or logged once was of support; it is a record of others.
            ~Exists(ConsoleVisit.objects.filter(visitor=OuterRef("pk"))),
            ~Exists(LogEntry.objects.filter(user=OuterRef("pk"))),
        )
    )


def _not_of_support() -> QuerySet[User]:
    people = User.objects.filter(is_staff=False, is_superuser=False)
    return people.filter(groups=None, user_permissions=None).order_by("pk")
