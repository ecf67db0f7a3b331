"""The pages of Clever's sign-in and portal, for people: plain, and good on a phone."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from markupsafe import Markup
from werkzeug.wrappers import Response

from clever.standin.district import District
from clever.standin.wire import Record

_PAGE = Markup(
    """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Clever (stand-in)</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1b2733; background: #f4f7fb;
  max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }}
ul {{ list-style: none; padding: 0; }} li {{ margin: 0 0 .5rem; }}
button, .button {{ font: inherit; min-height: 2.75rem; padding: .5rem 1rem;
  border: 1px solid #4a6fa5; border-radius: .4rem; background: #fff; color: #1b2733;
  text-align: left; width: 100%; box-sizing: border-box; display: block;
  cursor: pointer; text-decoration: none; }}
input {{ font: inherit; min-height: 2.75rem; padding: 0 .75rem; width: 100%;
  box-sizing: border-box; margin: .25rem 0 .5rem; }}
small {{ color: #47566a; }} a {{ color: #1d4e89; }}
</style></head><body><main><p><small>Clever (stand-in)</small></p>
<h1>{title}</h1>
{body}</main></body></html>"""
)


def name_of(user: Record) -> str:
    """Return a person's name as far as Clever has one."""
    name = user.get("name") or {}
    parts = (name.get("first") or "", name.get("last") or "")
    return " ".join(filter(None, parts)) or f"No name ({user['id']})"


def problem(sentence: str, status: int) -> Response:
    """Return a page that says what is wrong."""
    return _page("This does not work", Markup("<p>{}</p>").format(sentence), status)


def districts(choices: Sequence[District], after: str) -> Response:
    """Return the page that asks for one's district."""
    items = _joined(
        Markup(
            '<li><a class="button" href="/signin?district={}&amp;next={}">{}</a></li>'
        ).format(district.id, quote(after, safe=""), district.record["name"])
        for district in choices
    )
    return _page("Find your district", Markup("<ul>{}</ul>").format(items))


def people(
    district: District, shown: Sequence[Record], found: int, search: str, after: str
) -> Response:
    """Return the page that asks who one is; `shown` are the first of `found`."""
    items = _joined(
        Markup(
            '<li><button name="user" value="{}">{}<br><small>{}</small></button></li>'
        ).format(user["id"], name_of(user), _described(user))
        for user in shown
    )
    body = Markup(
        """<p>{district}. No password here: choose whom you sign in as.</p>
<form method="get" action="/signin">
<label for="q">Name or e-mail</label><input id="q" name="q" value="{search}">
<input type="hidden" name="district" value="{id}">
<input type="hidden" name="next" value="{after}">
<button>Search</button></form>
<p><small>{counted}</small></p>
<form method="post" action="/signin">
<input type="hidden" name="district" value="{id}">
<input type="hidden" name="next" value="{after}">
<ul>{items}</ul></form>{cancel}"""
    ).format(
        district=district.record["name"],
        id=district.id,
        search=search,
        after=after,
        counted=f"{len(shown)} of {found} people",
        items=items,
        cancel=_cancel(after),
    )
    return _page("Log in to Clever", body)


def portal(district: District, user: Record, icon: str) -> Response:
    """Return the portal of somebody signed in; without `icon` the app has none."""
    app = (
        Markup('<p><a class="button" href="{}">Naviance</a></p>').format(icon)
        if icon
        else Markup("<p>No redirect URI is registered, so no app has an icon.</p>")
    )
    body = Markup(
        "<p>{}. Signed in as {}.</p>{}"
        '<form method="post" action="/signout"><button>Log out of Clever</button>'
        "</form>"
    ).format(district.record["name"], name_of(user), app)
    return _page("Portal", body)


def _page(title: str, body: Markup, status: int = 200) -> Response:
    html = _PAGE.format(title=title, body=body)
    return Response(html, status, content_type="text/html; charset=utf-8")


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _described(user: Record) -> str:
    """Return a person's titles, or the roles of one without a title."""
    held = {name: role for name, role in user["roles"].items() if role}
    titles = {role.get("title") for role in held.values()} - {None, ""}
    return ", ".join(sorted(titles)) or ", ".join(sorted(held)) or "no role"


def _cancel(after: str) -> Markup:
    """Return the way back to the app of somebody who does not want to sign in."""
    if urlsplit(after).path != "/oauth/authorize":
        return Markup("")
    return Markup('<p><a href="{}&amp;denied=1">Cancel</a></p>').format(after)
