"""Support's page of a district, with its way to launch."""

from functools import partial
from typing import cast
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from clever.errors import CleverError
from schools.clever_connection import check_token
from schools.connected import check_connected
from schools.district_actions import DISTRICT_ACTIONS
from schools.errors import RefusedError
from schools.models import District, place_on_the_way
from schools.queries.launch_history import launch_history
from schools.support_actions import add_actions, suitable_actions
from schools.support_admin import SupportAdmin
from schools.support_pages import (
    PAGE,
    ListAction,
    action_address,
    action_page,
    list_actions,
)

add_actions(*DISTRICT_ACTIONS)


class DistrictForm(forms.ModelForm):
    """A district; its Clever token can be replaced here, never read."""

    new_clever_token = forms.CharField(
        required=False,
        widget=forms.PasswordInput(render_value=False),
        help_text="Replaces the stored token. Clever is asked whose it is first.",
    )

    class Meta:
        """The stored token is no field of the form."""

        model = District
        exclude = ["clever_token"]  # noqa: DJ006 - a new field must not be forgotten

    def clean_time_zone(self) -> str:
        """Take a time zone by its IANA name only."""
        name = self.cleaned_data["time_zone"]
        if name not in available_timezones():
            problem = f"“{name}” is no time zone. Write one such as America/Chicago."
            raise ValidationError(problem)
        return str(name)

    def clean(self) -> dict[str, object]:
        """Ask Clever whether a new token is this district's."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        token = cleaned.get("new_clever_token")
        clever_id = cleaned.get("clever_id") or self.instance.clever_id
        if not token:
            return cleaned
        try:
            check_token(str(token), str(clever_id))
        except (CleverError, RefusedError) as error:
            self.add_error("new_clever_token", error.user_message)
        else:
            self.instance.clever_token = str(token)
            self.instance.token_refused_at = None
        return cleaned


class CleverStateFilter(admin.SimpleListFilter):
    """Narrows districts by what Clever last said of their sync."""

    title = "Clever state"
    parameter_name = "clever_state"
    _UNASKED = "unasked"

    def lookups(
        self, _request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        """Offer what Clever has said of some district, and that it said nothing."""
        said = model_admin.model._default_manager.order_by("clever_state")  # noqa: SLF001
        states = said.values_list("clever_state", flat=True).distinct()
        return [(s or self._UNASKED, s or "not asked yet") for s in states]

    def queryset(
        self, _request: HttpRequest, queryset: QuerySet[District]
    ) -> QuerySet[District]:
        """Leave the districts of the state that was chosen."""
        chosen = self.value()
        if chosen is None:
            return queryset
        state = "" if chosen == self._UNASKED else chosen
        return queryset.filter(clever_state=state)


class StateFilter(admin.SimpleListFilter):
    """Narrows districts to one state."""

    title = "state"
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        """Return the states."""
        return [(str(value), str(label)) for value, label in District.State.choices]

    def queryset(
        self, request: HttpRequest, districts: QuerySet[District]
    ) -> QuerySet[District]:
        """Keep the districts in the chosen state."""
        value = self.value()
        if value not in District.State.values:
            return districts
        return districts.filter(pk__in=District.objects.in_state(value))


class DistrictAdmin(SupportAdmin):
    """The districts; their way to launch is a matter of support's actions."""

    form = DistrictForm
    change_form_template = "admin/schools/district/change_form.html"
    secret_fields = ("new_clever_token",)
    list_display = [
        "name",
        "slug",
        "state",
        "launch_date",
        "first_final_at",
        "uses_sso",
        "paused_at",
        "clever_state",
        "clever_last_sync",
        "has_token",
    ]
    list_filter = [StateFilter, "uses_sso", CleverStateFilter, "launch_date"]
    search_fields = ["name", "slug", "nces_id", "clever_id"]
    readonly_fields = [
        "state",
        "activated_at",
        "setup_begun_at",
        "launch_date",
        "materials_reviewed_at",
        "launched_at",
        "disconnected_at",
        "deletion_begun_at",
        "paused_at",
        "sync_paused_at",
        "first_final_at",
        "matches_verified_at",
        "matches_verified_by",
        "token_refused_at",
        "clever_state",
        "clever_last_sync",
        "clever_checked_at",
        "event_cursor",
        "has_token",
        "created_at",
    ]

    fieldsets = [
        (
            "District",
            {
                "fields": [
                    "name",
                    "slug",
                    "nces_id",
                    "time_zone",
                    "uses_sso",
                    "clever_id",
                    "new_clever_token",
                ]
            },
        ),
        (
            "What is stored of its way and of Clever",
            {"classes": ["collapse"], "fields": [*readonly_fields]},
        ),
    ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: District | None = None
    ) -> list[str]:
        """Fix the Clever id once the district is there: its accounts hang on it."""
        fixed = [*super().get_readonly_fields(request, obj)]
        return fixed if obj is None else [*fixed, "clever_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[District]:
        """Return the districts without their tokens, which no page reads."""
        districts: QuerySet[District] = super().get_queryset(request)
        return districts.defer("clever_token").annotate(
            holds_token=Q(clever_token__isnull=False) & ~Q(clever_token="")
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[District], search_term: str
    ) -> tuple[QuerySet[District], bool]:
        """Offer no district that was disconnected where one is chosen for a form."""
        found, has_doubles = super().get_search_results(request, queryset, search_term)
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete":
            found = found.filter(disconnected_at=None)
        return found, has_doubles

    @admin.display(boolean=True, description="Clever token", ordering="holds_token")
    def has_token(self, district: District) -> bool:
        """Return whether a token is stored."""
        return bool(getattr(district, "holds_token", False))

    @admin.display(description="State", ordering=place_on_the_way())
    def state(self, district: District) -> str:
        """Return the state, and whether the district is paused."""
        paused = ", paused" if district.is_paused else ""
        return f"{district.state.label}{paused}"

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of support's actions."""
        page = self.admin_site.admin_view(partial(action_page, self))
        own = path("action/<slug:name>/", page, name=PAGE)
        return [own, *super().get_urls()]

    # The stubs know no action that answers with a page.
    def get_actions(  # type: ignore[override]
        self, request: HttpRequest
    ) -> dict[str, ListAction | None]:
        """Offer the actions that this person may carry out."""
        own = list_actions(request)
        return {**super().get_actions(request), **own}  # type: ignore[dict-item]

    def write(
        self,
        request: HttpRequest,
        obj: Model,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Write what was changed here alone: actions may have written the rest."""
        if not change:
            super().write(request, obj, form, change)
            return
        fields = {field.name for field in District._meta.concrete_fields}  # noqa: SLF001 - Django's own API
        written = fields & set(form.changed_data)
        if "new_clever_token" in form.changed_data:
            written |= {"clever_token", "token_refused_at"}
        # Clever was asked about the token meanwhile: who left keeps none.
        check_connected(cast("District", obj))
        obj.save(update_fields=written)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Lead to the district's audit trail, which is its history."""
        district = self.get_object(request, unquote(object_id))
        if district is None:
            return super().history_view(request, object_id, extra_context)
        trail = reverse("admin:schools_auditentry_changelist")
        return redirect(f"{trail}?district={district.pk}")

    def page_context(self, request: HttpRequest, shown: District) -> dict[str, object]:
        """Add the actions that suit the district, and what was done so far."""
        context = super().page_context(request, shown)
        context["launch_history"] = launch_history(shown)
        context["support_actions"] = [
            (action, action_address(action, [shown]))
            for action in suitable_actions(shown, request.user)
        ]
        return context
