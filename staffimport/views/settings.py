"""Import Staff Data: the Staff Import Settings, their preview, and saving them."""

import msgspec
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from schools.access import ConsoleRequest, actor_of, manages_import
from schools.errors import RefusedError
from schools.models import District
from staffimport.errors import Refused
from staffimport.queries.settings_page import read_lists
from staffimport.services.import_settings import current_settings, save_settings
from staffimport.services.role_giving import PROTECTED, Place, RolesRefusedError
from staffimport.services.start import start_test
from staffimport.services.zones import use_no_schools_zone
from staffimport.settings.changes import join
from staffimport.settings.draft import (
    Draft,
    draft_of,
    moved,
    read_draft,
    settings_of,
    with_new_row,
    without,
)
from staffimport.settings.faults import faults
from staffimport.settings.file import SettingsFile
from staffimport.store.settings import get_settings
from staffimport.views.settings_view import Given, context_of

_NOT_SAVED = "Nothing is saved yet."


@require_http_methods(["GET", "HEAD", "POST"])
@manages_import
def settings(request: ConsoleRequest) -> HttpResponse:
    """Show the settings; sent, save them, begin a test, or change the form.

    `do` names the button that was pressed. Manual, "Run a Test Staff Import".
    """
    if request.method != "POST":
        stored = get_settings(request.district)
        saved = _saved(request.district)
        given = Given(tried=request.GET.get("try", ""))
        context = context_of(request.district, stored, draft_of(saved), saved, given)
        return render(request, "staffimport/settings.html", context)
    draft, base = read_draft(request.POST), _base(request)
    deed = request.POST.get("do", "")
    if deed in ("save", "test"):
        return _save(request, draft, base)
    if deed == "zone":
        return _use_zone(request, draft, base)
    draft, said, focus = _edited(draft, deed)
    given = Given(tried=_tried(request.POST), said=said, focus=focus)
    return _show(request, draft, base, given)


@require_POST
@manages_import
def preview(request: ConsoleRequest) -> HttpResponse:
    """Return what unsaved settings would do, as fragments; nothing is saved.

    With a button of the keyword table (`do`) the table comes first, changed so.
    """
    draft, base = read_draft(request.POST), _base(request)
    deed = request.POST.get("do", "")
    draft, said, focus = _edited(draft, deed)
    stored = get_settings(request.district)
    given = Given(tried=_tried(request.POST), said=said, focus=focus)
    context = context_of(request.district, stored, draft, base, given)
    context["is_fragment"] = True
    context["with_table"] = bool(deed)
    return render(request, "staffimport/_settings_preview.html", context)


def _save(request: ConsoleRequest, draft: Draft, base: SettingsFile) -> HttpResponse:
    """Save what has no faults and nobody else has changed meanwhile."""
    district = request.district
    found = faults(draft, read_lists(district).choices)
    if found:
        return _show(request, draft, base, Given(found, _tried(request.POST)))
    now, yours = _saved(district), settings_of(draft)
    if now not in (base, yours):
        joined = join(base, now, yours)
        given = Given(tried=_tried(request.POST), joined=joined)
        return _show(request, draft_of(joined.settings), now, given)
    try:
        saved = save_settings(district, yours, actor_of(request))
    except RefusedError as refusal:
        given = Given(_refused(draft, refusal), _tried(request.POST))
        return _show(request, draft, base, given)
    if request.POST.get("do") == "test":
        return _begin_test(request)
    words = "Settings saved." if saved.changes else "Nothing had changed."
    messages.success(request, words)
    return _go(request, "staffimport:settings")


def _refused(draft: Draft, refusal: RefusedError) -> dict[str, str]:
    """Return what the service refused by the field of the form it is about."""
    if not isinstance(refusal, RolesRefusedError):
        return {"schools": refusal.user_message}
    return {
        _role_field(draft, place): sentence
        for place, sentence in refusal.by_place.items()
    }


def _role_field(draft: Draft, place: Place) -> str:
    if place == PROTECTED:
        return PROTECTED
    suffix = draft.keywords[place].number if isinstance(place, int) else place
    return f"role-{suffix}"


def _begin_test(request: ConsoleRequest) -> HttpResponse:
    """Start a test import and show its progress; a second click shows the same run."""
    try:
        run = start_test(request.district, actor_of(request))
    except Refused as refusal:
        messages.warning(request, f"Settings saved. {refusal.user_message}")
        return _go(request, "staffimport:settings")
    return _go(request, "staffimport:run", run.pk)


def _use_zone(
    request: ConsoleRequest, draft: Draft, base: SettingsFile
) -> HttpResponse:
    """Make No Schools Zone and use it at once; other edits stay unsaved."""
    zone = use_no_schools_zone(request.district, actor_of(request)).name
    messages.success(
        request,
        f"“{zone}” is the default zone now: new district staff get access "
        "to no school.",
    )
    default = msgspec.structs.replace(base.district_default, zone=zone)
    base = msgspec.structs.replace(base, district_default=default)
    edited = draft_of(
        msgspec.structs.replace(
            settings_of(draft),
            district_default=msgspec.structs.replace(
                settings_of(draft).district_default, zone=zone
            ),
        )
    )
    return _show(request, edited, base, Given(tried=_tried(request.POST)))


def _show(
    request: ConsoleRequest, draft: Draft, base: SettingsFile, given: Given
) -> HttpResponse:
    """Show the page with everything that was typed."""
    stored = get_settings(request.district)
    context = context_of(request.district, stored, draft, base, given)
    return render(request, "staffimport/settings.html", context)


def _edited(draft: Draft, deed: str) -> tuple[Draft, str, str]:
    """Return the draft after a button of the keyword table.

    And what to say of it, and the id of what then has the focus if not the button.
    """
    verb, _, text = deed.partition(":")
    if verb == "add":
        draft = with_new_row(draft)
        added = f"Row {len(draft.keywords)} added."
        return draft, added, f"keyword-{draft.keywords[-1].number}"
    number = int(text) if text.isascii() and text.isdigit() else -1
    rows = [row for row in draft.keywords if row.number == number]
    if not rows:
        return draft, "", ""
    if verb == "delete":
        place = draft.keywords.index(rows[0])
        draft = without(draft, number)
        near = draft.keywords[place : place + 1] or draft.keywords[-1:]
        focus = f"delete-{near[0].number}" if near else "add"
        return draft, f"{rows[0].name} deleted. {_NOT_SAVED}", focus
    if verb in ("up", "down"):
        draft = moved(draft, number, -1 if verb == "up" else 1)
        place = [row.number for row in draft.keywords].index(number) + 1
        return draft, f"{rows[0].name} is now {place} of {len(draft.keywords)}", ""
    return draft, "", ""


def _base(request: ConsoleRequest) -> SettingsFile:
    """Return the settings the form began with; today's if it doesn't say."""
    try:
        return msgspec.json.decode(request.POST.get("base", ""), type=SettingsFile)
    except msgspec.DecodeError:
        return _saved(request.district)


def _saved(district: District) -> SettingsFile:
    """Return today's settings, their lists in the order the form sends them."""
    return settings_of(draft_of(current_settings(district)))


def _tried(sent: QueryDict) -> str:
    return sent.get("try", "")[:255]


def _go(request: ConsoleRequest, name: str, *args: int) -> HttpResponse:
    """Go to a page, also from within one."""
    page = redirect(name, *args)
    return HttpResponseClientRedirect(page.url) if request.htmx else page
