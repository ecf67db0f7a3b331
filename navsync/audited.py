"""Other packages' pages of the Django admin, with an audit trail.

Their own actions on lists, which change rows past it, are left out; each can be done on
the page of a row.
"""

from typing import Any
from uuid import UUID

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.socialaccount.admin import SocialAccountAdmin
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django_celery_beat import admin as beat
from django_celery_beat import models as schedules

from accounts.queries.people import name_and_email, oldest_account, trails_of
from navsync.schedule import SYNC_TASK
from schools.audited_admin import AuditedAdmin
from schools.models import District


class OfIdentityAdmin(AuditedAdmin):
    """A page of what belongs to an identity, its `user`."""

    def audited_in(self, obj: Any) -> list[District | None]:
        """Return the districts whose audit trails tell of the identity."""
        return trails_of(obj.user)

    def named(self, obj: Any) -> str:
        """Return what it is, and whose."""
        return f"{obj}, {name_and_email(obj.user)}"

    def account_in(self, obj: Any, district: District | None) -> UUID | None:
        """Return the identity's oldest account in the district."""
        return oldest_account(obj.user, district)


TASK_SHOWN = (
    *("name", "task", "enabled", "interval", "crontab", "solar", "clocked"),
    *("start_time", "last_run_at", "one_off", "args", "kwargs"),
    *("expires", "expire_seconds", "queue", "exchange", "routing_key"),
    *("priority", "headers", "description"),
)
WHEN = ("enabled", "interval", "crontab")
"""What whoever is no superuser may change of the task that syncs."""


class WhenForm(forms.ModelForm):
    """When a task is started, and whether."""

    class Meta:
        """Nothing of what it does."""

        model = schedules.PeriodicTask
        fields = WHEN


class OfTaskAdmin(AuditedAdmin):
    """A page of periodic tasks: superusers change all, others when syncs start.

    The rest launches, ends visits and deletes districts that left: what a task does and
    whether it runs is no daily business.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether a superuser asks."""
        return _is_root(request)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return False for tasks that sync nothing, unless a superuser asks."""
        is_open = _is_root(request) or obj is None or _is_sync(obj)
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return whether a superuser asks."""
        return _is_root(request)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Show others the stored fields in one list."""
        if _is_root(request):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": TASK_SHOWN})]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> Any:
        """Leave others the schedule alone to change."""
        if _is_root(request):
            return super().get_readonly_fields(request, obj)
        return [name for name in TASK_SHOWN if name not in WHEN]

    def get_form(
        self,
        request: HttpRequest,
        obj: Model | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **kwargs: Any,
    ) -> type[forms.ModelForm]:
        """Give others a form of the schedule: the package's asks for the task."""
        if not _is_root(request):
            kwargs["form"] = WhenForm
        return super().get_form(request, obj, change, **kwargs)


def _is_root(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


def _is_sync(task: Any) -> bool:
    return bool(task.task == SYNC_TASK)


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
OURS: dict[type[Model], type[AuditedAdmin]] = {
    EmailAddress: OfIdentityAdmin,
    SocialAccount: OfIdentityAdmin,
    schedules.PeriodicTask: OfTaskAdmin,
}
"""What such a page is besides; any other is an audited page and no more."""


def put_on_record() -> None:
    """Register those pages anew, each as one that keeps the audit trail."""
    for model, page in PAGES.items():
        ours = OURS.get(model, AuditedAdmin)
        audited = type(page.__name__, (ours, page), {"actions": []})
        admin.site.unregister(model)
        admin.site.register(model, audited)
