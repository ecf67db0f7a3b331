"""Import settings as a file, out and in, and the titles as CSV."""

import csv
import io

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from schools.access import ConsoleRequest, actor_of, manages_import
from schools.errors import RefusedError
from schools.formulas import guard
from staffimport.queries.bench import all_lines
from staffimport.queries.settings_page import read_lists
from staffimport.queries.workbench import titles_now
from staffimport.services.import_settings import current_settings, save_settings
from staffimport.settings.draft import draft_of, rules_of
from staffimport.settings.file import encode, parse
from staffimport.store.settings import get_settings

MOST_BYTES = 2 * 1024 * 1024
_PROBLEMS_SHOWN = 5


@require_safe
@manages_import
def export_settings(request: ConsoleRequest) -> HttpResponse:
    """Return the saved settings as a JSON file."""
    text = encode(current_settings(request.district))
    return _download(text, "application/json", f"{request.district.slug}-settings.json")


@require_POST
@manages_import
def import_settings(request: ConsoleRequest) -> HttpResponse:
    """Save the settings of a sent file, all of it or nothing."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        messages.error(request, "Choose a settings file first, then click Import.")
    elif (sent.size or 0) > MOST_BYTES:
        messages.error(request, f"“{sent.name}” is over 2 MB: no settings file is.")
    else:
        _load(request, sent.name or "The file", sent.read())
    return redirect("staffimport:settings")


def _load(request: ConsoleRequest, name: str, content: bytes) -> None:
    try:
        saved = save_settings(request.district, parse(content), actor_of(request))
    except RefusedError as refusal:
        problems = refusal.user_message.splitlines()
        for problem in problems[:_PROBLEMS_SHOWN]:
            messages.error(request, problem)
        if len(problems) > _PROBLEMS_SHOWN:
            messages.error(request, "No setting was changed; there are more faults.")
        return
    made = f" Made: {', '.join(saved.created)}." if saved.created else ""
    for sentence in saved.told:
        messages.warning(request, sentence)
    words = "is saved." if saved.changes else "says what is saved already."
    messages.success(request, f"“{name}” {words}{made}")


@require_safe
@manages_import
def titles_csv(request: ConsoleRequest) -> HttpResponse:
    """Return every title in Clever and what the saved settings make of it, as CSV."""
    titles = titles_now(request.district, get_settings(request.district))
    levels = read_lists(request.district).choices.levels
    rules = rules_of(draft_of(current_settings(request.district)), levels)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["title", "level", "people", "new", "gets", "decided", "holders"])
    for line in all_lines(titles, rules) if titles else ():
        cells = [
            line.title,
            line.level or "School staff",
            str(line.people),
            "yes" if line.is_new else "",
            line.gets,
            line.by,
            line.holders,
        ]
        rows.writerow(map(guard, cells))
    return _download(text.getvalue(), "text/csv", f"{request.district.slug}-titles.csv")


def _download(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
