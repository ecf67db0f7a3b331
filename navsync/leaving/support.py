"""Support's side of leaving: two actions, and the download of a district's data."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from navsync.leaving.export import as_download
from navsync.leaving.verbs import disconnect, reconnect
from schools import refusals
from schools.audit import Actor, record
from schools.clock import day_in, full_day
from schools.csv_admin import actor_of
from schools.keys import is_key
from schools.leaving import deletion_day, retention_time
from schools.models import District
from schools.services import wishes
from schools.support_actions import Given, SupportAction
from schools.support_forms import ReasonForm
from schools.support_links import SupportLink
from staffimport.models import DistrictExport

PERMISSION = "schools.disconnect_district"
DOWNLOADED = "downloaded data"
EXPORT_PAGE = "schools_district_export"


class TokenForm(ReasonForm):
    """Asks for the token with which a district comes back."""

    token = forms.CharField(
        label="New Clever token",
        required=False,
        widget=forms.PasswordInput(render_value=False),
        help_text="Leave it empty to take the one that Clever has for the district.",
    )
    field_order = ["token", "why"]


def _disconnect(district: District, actor: Actor, given: Given) -> str:
    disconnect(district, actor, str(given["why"]))
    day = deletion_day(district)
    deleted = f" It is deleted on {full_day(day)}." if day else ""
    return f"{district} is disconnected.{deleted}"


def _reconnect(district: District, actor: Actor, given: Given) -> str:
    reconnect(district, actor, str(given["why"]), str(given["token"]))
    is_imported = district.first_final_at is not None
    waits = " Its periodic sync waits to be resumed." if is_imported else ""
    return f"{district} is connected again.{waits}"


def _before_leaving(district: District) -> list[str]:
    """Say who in the district asked for it, when and why, and what it leads to."""
    wish = wishes.open_wish(district, wishes.TO_LEAVE)
    asked = "The district has not asked for it."
    if wish is not None:
        day = full_day(day_in(district, wish.at))
        asked = f"{wish.actor_name} asked for it on {day}: {wish.note}"
    deleted = full_day(day_in(district, timezone.now() + retention_time()))
    return [asked, f"Disconnected today, it is deleted on {deleted}."]


LEAVING_ACTIONS = (
    SupportAction(
        "disconnect",
        "Disconnect",
        "The Clever token is removed, runs are cancelled, syncs and sign-in with "
        "Clever end. Its admins can look at everything and download it; after the "
        "retention time all of it is deleted. Ask the district to remove NavSync in "
        "its Clever Dashboard, too: NavSync can’t.",
        PERMISSION,
        refusals.for_disconnection,
        _disconnect,
        is_for_one=True,
        about=_before_leaving,
    ),
    SupportAction(
        "reconnect",
        "Connect again",
        "The district comes back as it was, with a new token. Its periodic sync stays "
        "off until somebody resumes it or a final import has run.",
        PERMISSION,
        refusals.for_return,
        _reconnect,
        TokenForm,
        is_for_one=True,
    ),
)


def _address(district: Any) -> str:
    return reverse(f"admin:{EXPORT_PAGE}", args=[district.pk])


def _has_export(district: Any) -> bool:
    return DistrictExport.objects.filter(
        district=district, made_at__isnull=False
    ).exists()


LEAVING_LINK = SupportLink("Download its data", PERMISSION, _address, _has_export)


@require_safe
def support_export(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """Give support the data of a district that leaves; that it did is kept."""
    if not request.user.has_perm(PERMISSION) or not is_key(number):
        raise Http404
    made = DistrictExport.objects.filter(made_at__isnull=False)
    export = get_object_or_404(
        made.select_related("district").defer("district__clever_token"), district=number
    )
    record(export.district, actor_of(request), DOWNLOADED, str(export))
    return as_download(export)
