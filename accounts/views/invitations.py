"""The console's page of invitations: what became of them, and sending them again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Invitation
from accounts.queries import invitations as queries
from accounts.services.invitations import SentAgain, send_again, send_all_again
from schools.access import ConsoleRequest, actor_of, manages_import

_SENT_BY_THE_LOT = (queries.EXPIRED, Invitation.State.FAILED)
_REASONS_TOLD = 3


@require_safe
@manages_import
def invitations(request: ConsoleRequest) -> HttpResponse:
    """Show the district's invitations, those that need somebody first."""
    now = timezone.now()
    counts = queries.counts(request.district, now)
    state = request.GET.get("state", "")
    context = {
        "page": queries.page(request.district, request.GET, now),
        "states": [(name, word, counts[name]) for name, word in queries.WORDS.items()],
        "all": sum(counts.values()),
        "state": state if state in queries.WORDS else "",
        "q": request.GET.get("q", ""),
        "expired": counts[queries.EXPIRED],
        "failed": counts[Invitation.State.FAILED],
    }
    return render(request, "account/invitations.html", context)


@require_POST
@manages_import
def send_invitations_again(request: ConsoleRequest) -> HttpResponse:
    """Send one invitation again, or all that have expired or failed."""
    state = request.POST.get("all", "")
    if state in _SENT_BY_THE_LOT:
        done = send_all_again(request.district, state, actor_of(request))
    else:
        wanted = request.POST.getlist("invitation")
        ids = [int(pk) for pk in wanted if pk.isdecimal() and len(pk) < _DIGITS]
        done = send_again(request.district, ids, actor_of(request))
    _tell(request, done)
    back = request.POST.get("back", "")
    response = redirect("invitations")
    if back:
        response["Location"] += f"?{back}"
    return response


_DIGITS = 18


def _tell(request: ConsoleRequest, done: SentAgain) -> None:
    if done.number:
        people = "1 person is" if done.number == 1 else f"{done.number:,} people are"
        messages.success(request, f"{people} e-mailed a new link now.")
    if not done.refused:
        return
    reasons = list(dict.fromkeys(done.refused.values()))
    more = " …" if len(reasons) > _REASONS_TOLD else ""
    messages.warning(
        request,
        f"{len(done.refused):,} not sent: {' '.join(reasons[:_REASONS_TOLD])}{more}",
    )
