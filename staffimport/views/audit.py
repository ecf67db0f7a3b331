"""The audit trail: who changed what, when and from where."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.access import ConsoleRequest, manages_import
from staffimport.queries.audit import AuditFilter, audit_page, verbs
from staffimport.queries.audit_words import verb_in_words
from staffimport.queries.filters import as_number


@require_safe
@manages_import
def audit(request: ConsoleRequest) -> HttpResponse:
    """Show the district's own entries, newest first, narrowed by `AuditFilter`."""
    wanted = AuditFilter.read(request.GET)
    before = as_number(request.GET.get("before", ""))
    after = as_number(request.GET.get("after", ""))
    last = "last" in request.GET
    page = audit_page(request.district, wanted, before=before, after=after, last=last)
    keep = f"&{urlencode(wanted.params())}" if wanted else ""
    links = {
        "previous": page.previous and page.previous + keep,
        "next": page.next and page.next + keep,
        "last": page.last + keep,
    }
    context = {
        "audit": page,
        "page": links,
        "verbs": verbs(request.district),
        "wanted": wanted,
        "verb_wanted": verb_in_words(wanted.verb),
    }
    return render(request, "staffimport/audit.html", context)
