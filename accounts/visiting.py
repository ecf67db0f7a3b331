"""Which district's console a session only looks at: the session's side of a visit.

The session keeps the visit's number alone. Whether it still holds is asked of the
database on every request: its time, its end, and the visitor's rights.
"""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_header_parameters

from accounts.access import may_visit
from accounts.models import ConsoleVisit, User
from accounts.services.visits import end_visit
from schools.access import remote_address
from schools.audit import Actor, record

DOWNLOADED = "downloaded on a visit"

_VISIT = "console_visit"
End = ConsoleVisit.End

_OVER = {
    End.TIME_UP: "The hour is over: you no longer look at {}.",
    End.NO_RIGHT: "You may no longer look at {}.",
}


def enter(request: HttpRequest, visit: ConsoleVisit) -> None:
    """Look at the visit's district from the next request on."""
    request.session[_VISIT] = visit.pk


def is_on(request: HttpRequest) -> bool:
    """Return whether the session is on a visit, be it over or not."""
    return _VISIT in request.session


def leave(request: HttpRequest, visit: ConsoleVisit, how: ConsoleVisit.End) -> None:
    """End the visit, and with it what the session looks at."""
    request.session.pop(_VISIT, None)
    end_visit(visit, how, _actor(request, visit))


def tell_of_download(
    request: HttpRequest, visit: ConsoleVisit, response: HttpResponse
) -> None:
    """Keep in the district's audit trail that the visitor takes a file, if it is one.

    Call it before the file is sent, where the database may be written.
    """
    how, given = parse_header_parameters(response.get("Content-Disposition", ""))
    if how == "attachment" and request.method == "GET":
        file = given.get("filename", request.path)
        record(visit.district, _actor(request, visit), DOWNLOADED, file)


def current(request: HttpRequest) -> ConsoleVisit | None:
    """Return the visit the session is on; one that is over is ended here and now.

    The visitor is told, and the signed-in person's `visited` is the visit's district
    for the rest of the request.
    """
    number = request.session.get(_VISIT)
    if number is None:
        return None
    visits = ConsoleVisit.objects.select_related("district", "visitor")
    visit = visits.filter(pk=number).first()
    if visit is None:  # so is the district
        del request.session[_VISIT]
        return None
    how = _over(request, visit)
    if how is not None:
        leave(request, visit, how)
        if how in _OVER:
            messages.warning(request, _OVER[how].format(visit.district))
        return None
    cast("User", request.user).visited = visit.district
    return visit


def _over(request: HttpRequest, visit: ConsoleVisit) -> ConsoleVisit.End | None:
    """Return how the visit is over, None if it goes on."""
    if visit.ended_at is not None:
        return End(visit.ended_by)
    user = request.user
    if not isinstance(user, User) or user != visit.visitor or not may_visit(user):
        return End.NO_RIGHT
    return End.TIME_UP if visit.ends_at <= timezone.now() else None


def _actor(request: HttpRequest, visit: ConsoleVisit) -> Actor:
    return Actor(str(visit.visitor), visit.visitor, remote_address(request))
