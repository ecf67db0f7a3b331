"""What every page of Set Up Clever has: its tabs, the way to launch, prerequisites."""

from django import template
from django.urls import reverse
from django.utils import timezone

from navsync.facts import Due, read_due, read_overview
from navsync.standing import stand
from navsync.templatetags.console import NavLink
from schools.access import ConsoleRequest
from schools.queries.launch_history import activation, launch_history
from staffimport.models import ImportRun

register = template.Library()

_KEPT_AS = "set_up_due"


class Tab(NavLink, total=False):
    """A tab with how many things wait there, and the words for them."""

    due: int
    due_words: str


@register.inclusion_tag("_tabs.html", takes_context=True)
def set_up_tabs(context: template.Context, current: str) -> dict[str, object]:
    """Show the tabs of Set Up Clever, each with how much waits there.

    `current` is match_schools, settings, results, decisions or history.
    """
    due = _due(context)
    tabs: list[Tab] = [
        {
            "name": "Match Schools",
            "url": reverse("schools:match_schools"),
            "current": current == "match_schools",
            "due": sum(w.count for w in due.unmatched),
            "due_words": "unmatched",
        },
        {
            "name": "Import Staff Data",
            "url": reverse("staffimport:settings"),
            "current": current == "settings",
        },
        {
            "name": "Results",
            "url": _results(due.test or due.applied),
            "current": current == "results",
            "due": due.rows,
            "due_words": "wait for you",
        },
        {
            "name": "Decisions",
            "url": reverse("staffimport:decisions"),
            "current": current == "decisions",
        },
        {
            "name": "Import history",
            "url": reverse("staffimport:runs"),
            "current": current == "history",
        },
    ]
    return {"label": "Set Up Clever", "links": tabs}


@register.inclusion_tag("navsync/_way.html", takes_context=True)
def way(context: template.Context, *, folds: bool = False) -> dict[str, object]:
    """Show the course to the launch, what is next and who must act next.

    With `folds` it can be closed, and starts closed on phones.
    """
    due = _due(context)
    overview = read_overview(_request(context).district, timezone.now(), due)
    return {"standing": stand(overview.facts), "folds": folds}


@register.inclusion_tag("navsync/_prerequisites.html", takes_context=True)
def prerequisites(context: template.Context) -> dict[str, object]:
    """Show what a district needs before it sets up, and with whom to check it.

    Manual, "Staff Integration Prerequisites".
    """
    district = _request(context).district
    return {
        "district": district,
        "has_account": bool(district.clever_token and district.clever_checked_at),
        "activation": activation(launch_history(district)),
    }


def _due(context: template.Context) -> Due:
    """Return what is read once a page, however many parts of it ask."""
    due = context.render_context.get(_KEPT_AS)
    if due is None:
        gate = context.get("gate")  # of a page that needs it itself
        due = read_due(_request(context).district, timezone.now(), gate)
        context.render_context[_KEPT_AS] = due
    return due


def _request(context: template.Context) -> ConsoleRequest:
    request: ConsoleRequest = context["request"]
    return request


def _results(run: ImportRun | None) -> str:
    """Return the address of the newest results, the history where there are none."""
    if run is None:
        return reverse("staffimport:runs")
    return reverse("staffimport:run", args=[run.pk])
