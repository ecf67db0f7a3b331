"""Support's pages for roles, zones, staff accounts, mails and invitations."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.csv_admin import StaffCsv, StaffResource
from accounts.models import (
    Invitation,
    JobFunction,
    Mail,
    Right,
    StaffAccount,
    User,
    UserRole,
    Zone,
)
from accounts.services.invitations import send_again
from accounts.services.naming import name_fault, tidy
from accounts.services.role_rights import (
    check_somebody_is_left,
    idle_rights,
    in_words,
)
from accounts.services.zone_edits import is_no_schools_zone
from accounts.support_actions import ACCOUNT_ACTIONS
from accounts.user_admin import UserAdmin
from schools.csv_admin import DistrictCsvAdmin, actor_of
from schools.errors import RefusedError
from schools.models import District
from schools.support_actions import add_actions
from schools.support_admin import (
    MOST_LISTED,
    DistrictFilter,
    RecordAdmin,
    SupportAdmin,
)
from schools.support_forms import ReasonForm

add_actions(*ACCOUNT_ACTIONS)
admin.site.register(User, UserAdmin)


class NamedForm(forms.ModelForm):
    """What a district calls by name, by the rules of its console.

    `kind` is what it is in words.
    """

    kind = ""

    def clean(self) -> dict[str, Any]:
        """Refuse a name that no role or zone has, or that only looks like a new one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        district = cleaned.get("district", getattr(self.instance, "district", None))
        if "name" in cleaned and isinstance(district, District):
            cleaned["name"] = tidy(cleaned["name"])
            others = self._meta.model.objects.filter(district=district)
            names = others.values_list("name", flat=True)
            if fault := name_fault(self.kind, cleaned["name"], names):
                self.add_error("name", fault)
        return cleaned


class RoleForm(NamedForm):
    """A role with its rights as boxes to tick."""

    kind = "role"

    rights = forms.MultipleChoiceField(
        choices=Right.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        """What makes a role."""

        model = UserRole
        fields = ["district", "name", "level", "rights", "is_essential"]

    def clean_rights(self) -> list[str]:
        """Refuse what would leave nobody in the district who may mend its roles."""
        rights: list[str] = self.cleaned_data["rights"]
        if self.instance.pk is not None:
            try:
                check_somebody_is_left(self.instance, frozenset(rights))
            except RefusedError as error:
                raise forms.ValidationError(error.user_message) from error
        return rights

    def clean(self) -> dict[str, Any]:
        """Refuse rights that work for no account with the role."""
        cleaned = super().clean()
        rights, level = cleaned.get("rights", []), cleaned.get("level", "")
        if idle := idle_rights(frozenset(rights), level):
            words = f"These work for accounts at the district alone: {in_words(idle)}."
            self.add_error("rights", words)
        return cleaned


class NamedAdmin(SupportAdmin):
    """What a district calls by name; it stays in its district."""

    list_filter = [DistrictFilter]
    list_select_related = ["district"]
    search_fields = ["name", "district__name"]
    autocomplete_fields = ["district"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: UserRole | JobFunction | Zone | None = None
    ) -> list[str]:
        """Fix the district, and the name: settings and results refer to it."""
        return [] if obj is None else ["district", "name"]


@admin.register(UserRole)
class UserRoleAdmin(NamedAdmin):
    """User roles with their rights."""

    form = RoleForm
    list_display = ["name", "district", "level", "is_built_in", "is_essential"]
    list_filter = ["level", "is_built_in", "is_essential", DistrictFilter]


class JobFunctionForm(NamedForm):
    """A job function."""

    kind = "job function"

    class Meta:
        """What makes a job function."""

        model = JobFunction
        fields = ["district", "name"]


@admin.register(JobFunction)
class JobFunctionAdmin(NamedAdmin):
    """Job functions."""

    form = JobFunctionForm
    list_display = ["name", "district"]


class ZoneForm(NamedForm):
    """A zone with schools of its own district; No Schools Zone has none."""

    kind = "zone"

    class Meta:
        """What makes a zone."""

        model = Zone
        fields = ["district", "name", "schools"]

    def clean(self) -> dict[str, Any]:
        """Refuse schools of other districts, and any for No Schools Zone."""
        cleaned = super().clean()
        district = cleaned.get("district", getattr(self.instance, "district", None))
        schools = cleaned.get("schools")
        if not (isinstance(schools, QuerySet) and isinstance(district, District)):
            return cleaned
        if foreign := schools.exclude(district=district):
            names = ", ".join(school.name for school in foreign)
            self.add_error("schools", f"Not schools of {district}: {names}.")
        name = str(cleaned.get("name") or self.instance.name)
        if schools and is_no_schools_zone(name):
            problem = f"{name} stands for access to no school. Choose none."
            self.add_error("schools", problem)
        return cleaned


@admin.register(Zone)
class ZoneAdmin(NamedAdmin):
    """Zones and their schools."""

    form = ZoneForm
    list_display = ["name", "district"]
    autocomplete_fields = ["district", "schools"]


@admin.register(StaffAccount)
class StaffAccountAdmin(DistrictCsvAdmin, RecordAdmin):
    """Staff accounts: loaded from a file here, otherwise changed by imports."""

    resource_classes = [StaffResource]
    import_formats = [StaffCsv]
    list_display = [
        "last_name",
        "first_name",
        "district",
        "school",
        "job_title",
        "email",
        "user_role",
        "status",
        "is_tied",
    ]
    list_filter = [
        "status",
        "inactive_cause",
        "origin",
        ("clever_id", admin.EmptyFieldListFilter),
        DistrictFilter,
    ]
    list_select_related = ["district", "school", "user_role"]
    search_fields = [
        "last_name",
        "first_name",
        "email",
        "employee_id",
        "clever_id",
        "id",
    ]

    @admin.display(boolean=True, description="In Clever")
    def is_tied(self, account: StaffAccount) -> bool:
        """Return whether the account is tied to a Clever id."""
        return account.clever_id != ""


@admin.register(Mail)
class MailAdmin(RecordAdmin):
    """What NavSync has written to whom, and what did not leave."""

    list_display = [
        "subject",
        "to",
        "district",
        "made_at",
        "sent_at",
        "tries",
        "error",
    ]
    list_filter = [
        ("sent_at", admin.EmptyFieldListFilter),
        ("error", admin.EmptyFieldListFilter),
        "made_at",
        DistrictFilter,
    ]
    list_select_related = ["district"]
    search_fields = ["subject", "to", "topic"]
    date_hierarchy = "made_at"


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    """Invitations: what became of them, and sending them again."""

    actions = ["send_again"]
    list_display = [
        "account",
        "district",
        "email",
        "state",
        "sent_at",
        "expires_at",
        "problem",
    ]
    list_filter = ["state", DistrictFilter]
    list_select_related = ["account", "district"]
    search_fields = ["email", "account__last_name", "account__first_name", "person"]

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Return whether somebody of ours may have invitations sent."""
        return request.user.has_perm("accounts.send_invitation")

    @admin.action(description="Send again, with a new link …", permissions=["send"])
    def send_again(
        self, request: HttpRequest, chosen: QuerySet[Invitation]
    ) -> HttpResponse | None:
        """Ask why; told, send the chosen ones again, each district's for itself."""
        form = ReasonForm(request.POST if "why" in request.POST else None)
        if not form.is_valid():
            return self._ask_why(request, chosen, form)
        why = form.cleaned_data["why"]
        for district in District.objects.filter(invitations__in=chosen).distinct():
            ids = chosen.filter(district=district).values_list("pk", flat=True)
            done = send_again(district, ids, actor_of(request), why)
            messages.info(request, f"{district}: {done.number} sent again.")
            for sentence in sorted(set(done.refused.values())):
                messages.warning(request, f"{district}: {sentence}")
        return None

    def _ask_why(
        self, request: HttpRequest, chosen: QuerySet[Invitation], form: ReasonForm
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Send invitations again",
            "invitations": chosen[:MOST_LISTED],
            "more": max(0, chosen.count() - MOST_LISTED),
            # What was ticked is sent once more, as Django's own pages do.
            "ticked": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", ""),
            "form": form,
        }
        return render(request, "admin/accounts/invitation/send_again.html", context)
