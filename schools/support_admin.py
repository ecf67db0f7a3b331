"""What the pages of support's Django admin have in common."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from schools.audited_admin import AuditedAdmin
from schools.connected import NOT_LISTED, connected_districts, was_disconnected
from schools.errors import RefusedError
from schools.keys import KeySelect, KeysField, KeysSelect, is_key
from schools.models import District
from schools.support_links import links_of
from schools.written import LineField

MOST_LISTED = 30


class DistrictFilter(admin.SimpleListFilter):
    """Narrows a list to one district; `path` leads from a row to its district.

    With many districts it names none but the chosen one, for a page of a thousand links
    helps nobody: a district's page leads to its own part of each list.
    """

    title = "district"
    parameter_name = "district"
    path = "district"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        """Return the districts to choose from: all if few, else the chosen one."""
        names = District.objects.values_list("pk", "name")
        found = list(names[: MOST_LISTED + 1])
        if len(found) > MOST_LISTED:
            found = list(names.filter(pk=self._chosen()))
        return [(str(pk), name) for pk, name in found]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        """Keep the rows of the chosen district."""
        return rows.filter(**{self.path: self._chosen()}) if self.value() else rows

    def _chosen(self) -> int:
        """Return the chosen district's key, one that nothing has if it is none."""
        value = self.value() or ""
        return int(value) if is_key(value) else 0


def district_filter(to: str) -> type[DistrictFilter]:
    """Return the filter for a list whose rows reach their district by the path `to`."""
    return type("DistrictFilter", (DistrictFilter,), {"path": to})


class SupportAdmin(AuditedAdmin):
    """A page on which support may change things: each change is in the audit trail.

    Nothing is deleted here: accounts and history hang on it.
    """

    change_form_template = "admin/support_page.html"
    formfield_overrides = {
        models.CharField: {"form_class": LineField},
        models.SlugField: {
            "form_class": forms.SlugField,
            "widget": AdminTextInputWidget,
        },
    }
    keeps_history = True
    list_per_page = 50
    show_full_result_count = False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show the object with what there is to know about it besides its fields."""
        shown = self.get_object(request, unquote(object_id))
        more = {} if shown is None else self.page_context(request, shown)
        context = {**more, **(extra_context or {})}
        try:
            return super().change_view(request, object_id, form_url, context)
        except RefusedError as error:
            messages.error(request, error.user_message)
            return redirect(request.get_full_path())

    def page_context(self, request: HttpRequest, shown: Any) -> dict[str, object]:
        """Return what an object's page shows besides its form; subclasses add to it."""
        return {
            "support_links": links_of(request, shown),
            "keeps_history": self.keeps_history,
            "was_disconnected": was_disconnected(shown),
        }

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """Take no district that was disconnected for something new."""
        if db_field.related_model is District:
            kwargs["queryset"] = connected_districts()
            kwargs["error_messages"] = {"invalid_choice": NOT_LISTED}
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeySelect(db_field, self.admin_site)
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(
            db_field, request, **kwargs
        )
        return field

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        """Take keys alone, whatever is sent."""
        kwargs["form_class"] = KeysField
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeysSelect(db_field, self.admin_site)
        field: forms.ModelMultipleChoiceField | None = super().formfield_for_manytomany(
            db_field, request, **kwargs
        )
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this person may; nothing of a district that left is edited."""
        may: bool = super().has_change_permission(request, obj)
        return may and not was_disconnected(obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False


class RecordAdmin(SupportAdmin):
    """A page that only shows: a run, a pull or a service wrote what stands there."""

    keeps_history = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False, whoever asks."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Return False, whoever asks."""
        return False
