"""Other packages' pages of the Django admin, with an audit trail.

Their own actions on lists, which change rows past it, are left out; each can be done on
the page of a row.
"""

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

from schools.audited_admin import AuditedAdmin

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


def put_on_record() -> None:
    """Register those pages anew, each as one that keeps the audit trail."""
    for model, page in PAGES.items():
        audited = type(page.__name__, (AuditedAdmin, page), {"actions": []})
        admin.site.unregister(model)
        admin.site.register(model, audited)
