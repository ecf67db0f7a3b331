"""Other packages' pages of the Django admin, with an audit trail.

Their own actions on lists, which change rows past it, are left out; each can be done on
the page of a row.
"""

from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.socialaccount.admin import SocialAccountAdmin
from allauth.socialaccount.models import SocialAccount
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django_celery_beat import admin as beat
from django_celery_beat import models as schedules

from accounts.queries.people import trails_of
from schools.audited_admin import AuditedAdmin
from schools.models import District


class OfIdentityAdmin(AuditedAdmin):
    """A page of what belongs to an identity, its `user`."""

    def audited_in(self, obj: Any) -> list[District | None]:
        """Return the districts whose audit trails tell of the identity."""
        return trails_of(obj.user)


PAGES: dict[type[Model], type[admin.ModelAdmin]] = {
    Group: GroupAdmin,
    EmailAddress: EmailAddressAdmin,
    SocialAccount: SocialAccountAdmin,
    schedules.PeriodicTask: beat.PeriodicTaskAdmin,
    schedules.IntervalSchedule: beat.IntervalScheduleAdmin,
    schedules.CrontabSchedule: beat.CrontabScheduleAdmin,
    schedules.SolarSchedule: beat.SolarScheduleAdmin,
    schedules.ClockedSchedule: beat.ClockedScheduleAdmin,
}
OF_IDENTITIES = frozenset({EmailAddress, SocialAccount})


def put_on_record() -> None:
    """Register those pages anew, each as one that keeps the audit trail."""
    for model, page in PAGES.items():
        of_whom = OfIdentityAdmin if model in OF_IDENTITIES else AuditedAdmin
        audited = type(page.__name__, (of_whom, page), {"actions": []})
        admin.site.unregister(model)
        admin.site.register(model, audited)
