"""The way to Set Up Clever: Data Import, and the look at all matches before a test."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schools.access import ConsoleRequest, actor_of, manages_import
from schools.models import District
from schools.queries.books import needs_a_look, read_books
from schools.services.match_edits import verify_matches

SHOWN = 200


@require_safe
@manages_import
def data_import(request: ConsoleRequest) -> HttpResponse:
    """Show the ways to import data, and where the district stands."""
    return render(request, "schools/setup.html")


@require_http_methods(["GET", "HEAD", "POST"])
@manages_import
def verify(request: ConsoleRequest) -> HttpResponse:
    """Show which matches deserve a look; sent, keep that they are correct.

    Then Import Staff Data comes next (manual, "Run a Test Staff Import").
    """
    district = request.district
    if request.method == "POST" and district.school_matches.exists():
        verify_matches(district, actor_of(request))
        return redirect("staffimport:settings")
    return render(request, "schools/verify.html", _looks(district))


def _looks(district: District) -> dict[str, object]:
    """Return matches to look at, each with the reason, and the open Clever schools."""
    books = read_books(district)
    looks = []
    for pk, clever in books.clever_schools.items():
        match = books.matches.get(pk)
        school = books.schools[match.school_id] if match else None
        if match and school and (why := needs_a_look(match, clever, school)):
            looks.append((clever, school, why))
    unmatched = [
        school
        for pk, school in books.clever_schools.items()
        if school.is_shared and pk not in books.matches
    ]
    return {
        "matched": len(books.matches),
        "looks": looks[:SHOWN],
        "more_looks": max(0, len(looks) - SHOWN),
        "unmatched": unmatched[:SHOWN],
        "more_unmatched": max(0, len(unmatched) - SHOWN),
    }
