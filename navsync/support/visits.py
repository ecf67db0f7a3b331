"""Support's pages to look at a district's console as its admin sees it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import visiting
from accounts.access import may_visit
from accounts.middleware import AccountRequest
from accounts.models import VISIT_LASTS, ConsoleVisit, User
from accounts.services.visits import begin_visit
from schools.csv_admin import actor_of
from schools.models import District
from schools.support_admin import DistrictFilter, RecordAdmin
from schools.support_links import SupportLink, add_links
from schools.written import WrittenField

BEGIN = "accounts_consolevisit_begin"
"""Name of the page's address in the admin; it takes the district's number."""

add_links(
    District,
    SupportLink(
        "View as admin",
        "accounts.add_consolevisit",
        lambda district: reverse(f"admin:{BEGIN}", args=[district.pk]),
    ),
)


class ReasonForm(forms.Form):
    """Asks why somebody looks."""

    reason = WrittenField(
        label="Why you look",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="The district reads it in its audit trail, with your name.",
        error_messages={"required": "Say why: the district reads it."},
    )


@admin.register(ConsoleVisit)
class ConsoleVisitAdmin(RecordAdmin):
    """Who looked at which district's console, why, and for how long."""

    list_display = [
        "district",
        "visitor",
        "reason",
        "begun_at",
        "ends_at",
        "ended_at",
        "ended_by",
    ]
    list_filter = ["ended_by", "begun_at", DistrictFilter]
    list_select_related = ["district", "visitor"]
    search_fields = ["district__name", "visitor__email", "reason"]

    def get_urls(self) -> list[URLPattern]:
        """Add the page that asks for the reason."""
        page = self.admin_site.admin_view(self.begin)
        return [path("begin/<int:number>/", page, name=BEGIN), *super().get_urls()]

    def begin(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask why; sent, look at the district's console."""
        user = request.user
        if not isinstance(user, User) or not may_visit(user):
            raise PermissionDenied
        district = get_object_or_404(District.objects.defer("clever_token"), pk=number)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            visit = begin_visit(district, user, reason, actor_of(request))
            visiting.enter(request, visit)
            return redirect("home")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"View {district} as its admin",
            "district": district,
            "form": form,
            "minutes": VISIT_LASTS.seconds // 60,
        }
        return render(request, "admin/accounts/consolevisit/begin.html", context)


@require_safe
def visit(request: AccountRequest) -> HttpResponse:
    """Say what a visit is; a part of a page that was refused leads here."""
    if not request.user.is_staff:
        return redirect("home")
    return render(request, "looking_only.html")


@require_POST
def end_visit(request: AccountRequest) -> HttpResponse:
    """End the visit, and go back to the district's page in the support pages."""
    if request.visit is None:
        return redirect("admin:index" if request.user.is_staff else "home")
    district = request.visit.district
    visiting.leave(request, request.visit, ConsoleVisit.End.VISITOR)
    messages.success(request, f"You no longer look at {district}.")
    return redirect(reverse("admin:schools_district_change", args=[district.pk]))
