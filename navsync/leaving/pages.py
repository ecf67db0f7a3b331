"""The district's pages of leaving: what happens when, how to ask, and its data."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.services.leaving import ask_to_leave
from navsync.leaving.export import as_download
from navsync.leaving.support import DOWNLOADED
from schools.access import ConsoleRequest, actor_of, manages_import
from schools.audit import record
from schools.errors import RefusedError
from schools.leaving import deletion_day
from schools.models import AuditEntry, District
from schools.services import wishes
from schools.services.leaving import DISCONNECTED
from schools.written import WrittenField
from staffimport.models import DistrictExport


class LeavingForm(forms.Form):
    """Asks why the district wants to leave."""

    why = WrittenField(
        label="Why",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Naviance Support reads it, and so does everybody with access here.",
        error_messages={"required": "Say why, so that Support can act on it."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manages_import
def leaving(request: ConsoleRequest) -> HttpResponse:
    """Show what leaving means, or what becomes of a disconnected district, and when.

    Sent, it asks support to disconnect the district.
    """
    district = request.district
    form = LeavingForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            ask_to_leave(district, actor_of(request), form.cleaned_data["why"])
        except RefusedError as error:
            form.add_error(None, error.user_message)
        else:
            messages.success(request, "Naviance Support is asked to disconnect you.")
            return redirect("leaving")
    context = {
        "form": form,
        "newest": _newest(district),
        "wish": wishes.open_wish(district, wishes.TO_LEAVE),
        "refusal": wishes.refusal(district, wishes.TO_LEAVE),
        "deletion_day": deletion_day(district),
        "retention_days": settings.RETENTION_DAYS,
        "export": DistrictExport.objects.filter(district=district).first(),
    }
    return render(request, "navsync/leaving.html", context)


@require_POST
@manages_import
def take_back(request: ConsoleRequest) -> HttpResponse:
    """Withdraw the wish to be disconnected."""
    try:
        wishes.take_back_wish(request.district, wishes.TO_LEAVE, actor_of(request))
    except RefusedError as error:
        messages.info(request, error.user_message)
    else:
        messages.success(request, "Your wish to be disconnected is taken back.")
    return redirect("leaving")


@require_safe
@manages_import
def own_export(request: ConsoleRequest) -> StreamingHttpResponse:
    """Give the district its data, once it is written; that somebody took it is kept."""
    made = DistrictExport.objects.filter(made_at__isnull=False)
    export = made.filter(district=request.district).first()
    if export is None:
        raise Http404
    record(request.district, actor_of(request), DOWNLOADED, str(export))
    return as_download(export)


def _newest(district: District) -> AuditEntry | None:
    """Return the deed that disconnected the district, None while it is connected."""
    if district.disconnected_at is None:
        return None
    return district.audit_entries.filter(verb=DISCONNECTED).first()
