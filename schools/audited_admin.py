"""Pages of the Django admin whose changes are in the audit trail, old and new."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from schools.audit import record
from schools.csv_admin import actor_of
from schools.models import District


class AuditedAdmin(admin.ModelAdmin):
    """Records whatever is added, changed or deleted, with the change itself.

    `secret_fields` of the form are audited as replaced, never with their values.
    """

    secret_fields: tuple[str, ...] = ()

    def save_model(
        self,
        request: HttpRequest,
        obj: Model,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save, and keep who changed what; a form sent as it was changes nothing."""
        self.write(request, obj, form, change)
        changes = {name: self._change(form, name) for name in form.changed_data}
        if change and not changes:
            return
        self._record(request, obj, "changed" if change else "added", changes)

    def write(
        self,
        request: HttpRequest,
        obj: Model,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Write the object to the database, as Django does."""
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete, and keep who did."""
        with transaction.atomic():
            self._record(request, obj, "deleted", {})
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        """Delete several, and keep who did: one entry each."""
        with transaction.atomic():
            for obj in queryset:
                self._record(request, obj, "deleted", {})
            super().delete_queryset(request, queryset)

    def audited_in(self, obj: Any) -> list[District | None]:
        """Return the districts whose audit trails tell of the object.

        None stands for no district's: support alone reads it.
        """
        return [obj if isinstance(obj, District) else getattr(obj, "district", None)]

    def named(self, obj: Any) -> str:
        """Return what the audit trail calls the object."""
        return str(obj)

    def account_in(self, obj: Any, district: District | None) -> UUID | None:
        """Return the staff account of a district whose timeline tells of it, if any."""
        return None

    def record(
        self,
        request: HttpRequest,
        obj: Model,
        verb: str,
        changes: dict[str, list[object]] | None = None,
    ) -> None:
        """Keep who has done what to the object, in each trail that tells of it."""
        actor, target = actor_of(request), self.named(obj)
        for district in self.audited_in(obj):
            about = self.account_in(obj, district)
            record(district, actor, verb, target, about=about, changes=changes)

    def _record(
        self,
        request: HttpRequest,
        obj: Model,
        verb: str,
        changes: dict[str, list[object]],
    ) -> None:
        what = obj._meta.verbose_name  # noqa: SLF001 - Django's own API
        self.record(request, obj, f"{verb} {what}", changes)

    def _change(self, form: forms.ModelForm, name: str) -> list[object]:
        if name in self.secret_fields:
            return ["(secret)", "(replaced)"]
        old = form.get_initial_for_field(form.fields[name], name)
        return [_as_text(old), _as_text(form.cleaned_data.get(name))]


def _as_text(value: object) -> object:
    """Return a form's value as the audit trail keeps it: JSON, lists as texts."""
    match value:
        case None | bool() | int():
            return value
        case QuerySet() | list():
            return [str(item) for item in value]
    return str(value)
