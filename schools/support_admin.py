"""What the pages of support's Django admin have in common."""

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from schools.audit import record
from schools.csv_admin import actor_of
from schools.models import District


class SupportAdmin(admin.ModelAdmin):
    """A page on which support may change things: each change is in the audit trail.

    Nothing is deleted here: accounts and history hang on it. `secret_fields` of the
    form are audited as replaced, never with their values.
    """

    list_per_page = 50
    show_full_result_count = False
    secret_fields: tuple[str, ...] = ()

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Model,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save, and keep who changed what."""
        super().save_model(request, obj, form, change)
        district = obj if isinstance(obj, District) else getattr(obj, "district", None)
        what = obj._meta.verbose_name  # noqa: SLF001 - Django's own API
        record(
            district,
            actor_of(request),
            f"{'changed' if change else 'added'} {what}",
            str(obj),
            changes={name: self._change(form, name) for name in form.changed_data},
        )

    def _change(self, form: forms.ModelForm, name: str) -> list[object]:
        if name in self.secret_fields:
            return ["(secret)", "(replaced)"]
        old = form.get_initial_for_field(form.fields[name], name)
        return [_as_text(old), _as_text(form.cleaned_data.get(name))]


class RecordAdmin(SupportAdmin):
    """A page that only shows: a run, a pull or a service wrote what stands there."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False, whoever asks."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False


def _as_text(value: object) -> object:
    """Return a form's value as the audit trail keeps it: JSON, lists as texts."""
    match value:
        case None | bool() | int():
            return value
        case QuerySet() | list():
            return [str(item) for item in value]
    return str(value)
