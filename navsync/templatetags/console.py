"""The console's components as template tags, and how it writes times and names."""

import html
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypedDict

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.middleware import AccountRequest
from accounts.models import Right

register = template.Library()

# Glyph and word of each kind; a kind also names its colour in navsync.css.
KINDS: dict[str, tuple[str, str]] = {
    "created": ("plus", "Created"),
    "matched": ("equals", "Matched"),
    "inactive": ("archive", "Inactive"),
    "reactivated": ("rotate", "Reactivated"),
    "conflict": ("alert", "Conflict"),
    "relink": ("relink", "Relink"),
    "skipped": ("skip", "Skipped"),
    "planned": ("list", "Planned"),
    "applied": ("check", "Applied"),
    "held": ("pause", "Held"),
    "dismissed": ("x", "Dismissed"),
    "superseded": ("rotate", "Superseded"),
    "only_first": ("x", "Only in the first run"),
    "only_second": ("plus", "Only in the second run"),
    "another_outcome": ("rotate", "Another outcome"),
    "another_change": ("pencil", "Another change"),
    "another_state": ("pause", "Another state"),
    "another_reason": ("info", "Another reason"),
    "check": ("info", "Check"),
    "test": ("list", "Test import"),
    "final": ("flag", "Final import"),
    "sync": ("relink", "Sync"),
    "undo": ("rotate", "Undo"),
    "waiting": ("clock", "Waiting"),
    "sent": ("mail", "Sent"),
    "used": ("check", "Used"),
    "expired": ("clock", "Expired"),
    "unmailed": ("mailoff", "Nobody to mail"),
    "queued": ("clock", "Queued"),
    "running": ("clock", "In Progress"),
    "succeeded": ("check", "Succeeded"),
    "failed": ("x", "Failed"),
    "cancelled": ("x", "Cancelled"),
    "active": ("check", "Active"),
    "done": ("check", "Done"),
    "info": ("info", "Note"),
    "warn": ("alert", "Warning"),
    "stop": ("alert", "Error"),
    "you": ("flag", "Your turn"),
    "locked": ("lock", "Locked"),
    "edited": ("pencil", "Edited"),
    "decided": ("flag", "Decided"),
    "invited": ("key", "Invited"),
    "pinned": ("pin", "Pinned"),
    "drifting": ("drift", "Drifts"),
    "unsaved": ("pencil", "Not saved"),
}

# Django's message levels in our kinds.
LEVELS = {"success": "done", "warning": "warn", "error": "stop", "debug": "info"}

ZONE_NAMES = {
    "America/New_York": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Phoenix": "Mountain Time (Arizona)",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time",
    "Pacific/Honolulu": "Hawaii Time",
}


class NavLink(TypedDict):
    """One link of the navigation or of a row of tabs."""

    name: str
    url: str
    current: bool


@register.simple_tag
def glyph(name: str) -> SafeString:
    """Return a glyph of the sprite; it says nothing to screen readers."""
    return format_html(
        '<svg class="g" aria-hidden="true" focusable="false">'
        '<use href="{}#g-{}"/></svg>',
        static("sprite.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def focus_here(context: Context) -> str:
    """Return the attribute of the element that has the focus when the page is there.

    Into a page that is there already the page's script puts it: the browser heeds
    `autofocus` there once at most, at a time of its own, and complains otherwise.
    """
    return "data-focus" if context["request"].htmx else "autofocus"


@register.simple_tag
def kind_glyph(kind: str) -> SafeString:
    """Return the glyph of an outcome or a state."""
    return glyph(KINDS[kind][0])


@register.simple_tag
def badge(kind: str, word: str = "", *, line: bool = False) -> SafeString:
    """Return an outcome or a state: glyph and word, `line` for a state beside one."""
    glyph_name, own_word = KINDS.get(kind, ("info", kind.capitalize()))
    return format_html(
        '<span class="badge{}" data-kind="{}">{}{}</span>',
        " badge--line" if line else "",
        kind,
        glyph(glyph_name),
        word or own_word,
    )


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], chosen: str = "") -> SafeString:
    """Return the options of a list from (value, word), with one of them chosen.

    A district may have thousands of schools: made here it takes a tenth of the time
    that a loop in a template does.
    """
    return SafeString(
        "".join(
            f'<option value="{html.escape(value)}"'
            f"{' selected' if value == chosen else ''}>{html.escape(word)}</option>"
            for value, word in choices
        )
    )


@register.simple_block_tag
def note(content: str, kind: str, label: str = "", role: str = "") -> SafeString:
    """Show a message on the page around a <div> and, if any, a .note__do.

    `kind` is one of ours or a level of Django's messages; errors are announced.
    """
    kind = LEVELS.get(kind, kind)
    return render_to_string(
        "_note.html",
        {
            "content": content,
            "kind": kind,
            "glyph": KINDS.get(kind, KINDS["info"])[0],
            "label": label,
            "role": role or ("alert" if kind == "stop" else "region" if label else ""),
        },
    )


@register.simple_block_tag
def panel(content: str, title: str, ident: str, aside: str = "") -> SafeString:
    """Show one topic: a titled section with id `ident`, `aside` beside its title."""
    return render_to_string(
        "_panel.html",
        {"content": content, "title": title, "ident": ident, "aside": aside},
    )


@register.inclusion_tag("_course.html")
def course(steps: Sequence[object]) -> dict[str, object]:
    """Show the way to launch; each step has name, state, line and who."""
    return {"steps": steps}


@register.inclusion_tag("_tabs.html")
def tabs(label: str, links: Sequence[NavLink]) -> dict[str, object]:
    """Show a row of pages that belong together."""
    return {"label": label, "links": links}


@register.simple_tag
def nav_links(request: AccountRequest) -> SafeString:
    """Return the main navigation's items, with the page that is open marked.

    Whoever a zone restricts gets what is open to them.
    """
    match = request.resolver_match
    view = match.view_name if match else ""
    links = [
        ("Home", reverse("home"), view == "home"),
        (
            "Staff",
            reverse("staffimport:staff"),
            view.startswith("staffimport:staff"),
        ),
        ("History", reverse("staffimport:runs"), view == "staffimport:runs"),
        (
            "Readiness",
            reverse("staffimport:readiness"),
            view.startswith("staffimport:readiness"),
        ),
    ]
    if request.is_restricted:
        links = [link for link in links if link[0] == "Staff"]
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        (
            (url, SafeString(' aria-current="page"' if current else ""), name)
            for name, url, current in links
        ),
    )


@register.filter
def offers_roles(request: AccountRequest) -> bool:
    """Return whether to lead to the pages of roles and zones, which ask for the right.

    It is read from the account in use, which every page has at hand.
    """
    if request.is_restricted:
        return False
    role = request.account.user_role if request.account else None
    return bool(request.visit or (role and Right.MANAGE_ROLES in role.rights))


@register.simple_tag
def support_link(words: str = "Contact Naviance Support") -> SafeString:
    """Return a link that writes to Naviance Support."""
    return format_html('<a href="mailto:{}">{}</a>', settings.SUPPORT_EMAIL, words)


@register.filter
def moment(value: datetime | None) -> str:
    """Return a time as pages write it: "Today, 5:16 AM", "Oct 12, 4:02 PM"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    hour = f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"  # noqa: PLR2004 — noon
    return f"{day(local.date())}, {hour}"


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day as pages write it: "Today", "Oct 12" or "Oct 12, 2025"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    today = timezone.localdate()
    if value == today:
        return "Today"
    year = "" if value.year == today.year else f", {value.year}"
    return f"{value:%b} {value.day}{year}"


@register.filter
def in_sentence(words: str) -> str:
    """Return a time or day as it stands within a sentence: "today, 5:16 AM"."""
    return words.replace("Today", "today", 1)


@register.filter
def long_day(value: date | None) -> str:
    """Return a day in full: "Monday, October 19"."""
    return "" if value is None else f"{value:%A, %B} {value.day}"


@register.filter
def zone_name(name: str) -> str:
    """Return a time zone's name as people say it: "Pacific Time"."""
    return ZONE_NAMES.get(name, name.replace("_", " "))
