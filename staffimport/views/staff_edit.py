"""Editing one account by hand, over nobody's head."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import schools_in_reach
from accounts.forms import EditForm, pin_of, values_of
from accounts.mailable import whose_else
from accounts.models import StaffAccount
from accounts.people import Person
from accounts.services.staff import PINNED, EditedMeanwhileError
from accounts.services.staff_guards import RoleRefusedError
from accounts.staff_rows import TEXTS
from accounts.staff_values import FIELDS, Pin
from schools.access import ConsoleRequest, actor_of, manages_staff
from schools.errors import RefusedError
from staffimport.core.explain import listed
from staffimport.queries.person_clever import CleverUser, clever_side
from staffimport.queries.person_history import history
from staffimport.queries.words import ACCOUNT_FIELDS
from staffimport.services import staff as service
from staffimport.views.person import full_name, place_of, seen_account

_CHOSEN = ("job_function", "user_role", "zone")


@dataclass(frozen=True, slots=True)
class Line:
    """One field that Clever knows: what is entered, what Clever says, what becomes."""

    field: BoundField
    pin: BoundField
    is_pinned: bool
    clever: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A field changed while somebody edited it; `yours` is "" unless both did.

    `control` is the id of its input on the page.
    """

    name: str
    was: str
    now: str
    yours: str = ""
    control: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@manages_staff
def edit(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """Show an account's form; sent, save it.

    What somebody else or an import has changed since the form was shown is joined with
    what was typed, and nothing is saved before that was seen.
    """
    found = seen_account(request, account)
    if request.method != "POST":
        return _page(request, EditForm(found))
    if request.POST.get("revision") != str(found.revision):
        return _join(request, found)
    form = EditForm(found, request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        changes = service.edit(found, form.values(), form.pins(), actor_of(request))
    except EditedMeanwhileError:
        return _join(request, seen_account(request, account))
    except RefusedError as refusal:
        return _refused(request, form, refusal)
    _tell(request, changes)
    if "email" in changes:
        _tell_whose_it_is(request, seen_account(request, account))
    return redirect("staffimport:staff_person", found.pk)


@require_POST
@manages_staff
def unpin(request: ConsoleRequest, account: UUID) -> HttpResponse:
    """Let a pinned field (`field`) follow Clever again."""
    found, field = seen_account(request, account), request.POST.get("field", "")
    try:
        service.unpin(found, field, actor_of(request))
    except RefusedError as refusal:
        messages.error(request, refusal.user_message)
    else:
        name = ACCOUNT_FIELDS[field]
        messages.success(
            request,
            f"{name} at {place_of(found)} follows Clever again. The next sync writes "
            "what Clever says.",
        )
    return redirect("staffimport:staff_person", found.pk)


def _join(request: ConsoleRequest, found: StaffAccount) -> HttpResponse:
    """Show the form with what both have changed, and what that is."""
    data = request.POST.copy()
    base, theirs = _base(data), values_of(found)
    clashes, taken = [], []
    form = EditForm(found, data)
    for name in FIELDS:
        was, now, yours = base.get(name, ""), theirs[name], data.get(name, "")
        if name not in form.fields or now in (was, yours):
            continue
        words = _Words(form, name)
        if was == yours:
            data[name] = now
            taken.append(Clash(ACCOUNT_FIELDS[name], words(was), words(now)))
        else:
            both = words(was), words(now), words(yours)
            control = form[name].id_for_label
            clashes.append(Clash(ACCOUNT_FIELDS[name], *both, control))
    for name in TEXTS:
        # "Pin it if I change it" is no choice any more where somebody has pinned it.
        if name in found.pinned_fields and data.get(pin_of(name)) == Pin.CHANGED:
            data[pin_of(name)] = Pin.PINNED
    events = history(request.district, Person((found,)))
    context: dict[str, object] = {
        "clashes": clashes,
        "taken": taken,
        "by": events[0].run or events[0].by if events else "somebody",
    }
    return _page(request, EditForm(found, data), joined=context)


def _base(data: QueryDict) -> dict[str, str]:
    """Return the values the form began with; none where it doesn't say."""
    try:
        found = json.loads(data.get("base", ""))
    except (ValueError, RecursionError):
        return {}
    return {k: str(v) for k, v in found.items()} if isinstance(found, dict) else {}


class _Words:
    """What a form sends of a field, as people read it."""

    def __init__(self, form: EditForm, name: str) -> None:
        field = form.fields[name]
        self._choices = {
            str(pk): str(word) for pk, word in getattr(field, "choices", ())
        }
        self._is_tick = name in ("teacher_list", "counselor_list")

    def __call__(self, value: str) -> str:
        if self._is_tick:
            return "yes" if value else "no"
        return self._choices.get(value, value) or "blank"


def _refused(
    request: ConsoleRequest, form: EditForm, refusal: RefusedError
) -> HttpResponse:
    """Show the form with what the service refused, beside its field if it has one."""
    if isinstance(refusal, RoleRefusedError):
        form.add_error("user_role", refusal.user_message)
        return _page(request, form)
    return _page(request, form, refusal=refusal.user_message)


def _page(
    request: ConsoleRequest,
    form: EditForm,
    *,
    refusal: str = "",
    joined: dict[str, object] | None = None,
) -> HttpResponse:
    account = form.account
    side = clever_side(request.district, Person((account,)))
    user = side.users[0] if side and side.users else None
    says = side.says.get(account.pk, {}) if side else {}
    context = {
        "account": account,
        "name": full_name(account),
        "place": place_of(account),
        "form": form,
        "lines": [
            Line(
                form[name],
                form[pin_of(name)],
                name in account.pinned_fields,
                says.get(name) or _agreed(account, name, user),
            )
            for name in TEXTS
        ],
        "rest": [
            form[n] for n in ("job_function", "user_role", "zone") if n in form.fields
        ],
        "ticks": [form["teacher_list"], form["counselor_list"]],
        "side": side,
        "clever_user": user,
        "base": json.dumps(values_of(account)),
        "refusal": refusal,
        "joined": joined,
        "faults": [] if joined else _faults(form),
    }
    return render(request, "staff/edit.html", context)


def _agreed(account: StaffAccount, name: str, user: CleverUser | None) -> str:
    """Return the account's own value where Clever says the same, "" where nothing."""
    return str(getattr(account, name)) if user and user.values.get(name) else ""


def _faults(form: EditForm) -> list[tuple[BoundField, str]]:
    """Return the fields that can't be saved, each with its sentence."""
    if not form.is_bound:
        return []
    return [(form[name], str(errors[0])) for name, errors in form.errors.items()]


def _tell(request: ConsoleRequest, changes: dict[str, list[object]]) -> None:
    if not changes:
        messages.info(request, "Nothing to save: nothing was changed.")
        return
    fields = [ACCOUNT_FIELDS[name] for name in changes if name != PINNED]
    told = [f"Saved: {listed(fields)}." if fields else "Saved."]
    old, new = changes.get(PINNED, [[], []])
    if isinstance(old, list) and isinstance(new, list):
        told += _told_of_pins(
            [ACCOUNT_FIELDS[n] for n in new if n not in old],
            [ACCOUNT_FIELDS[n] for n in old if n not in new],
        )
    messages.success(request, " ".join(told))


def _tell_whose_it_is(request: ConsoleRequest, account: StaffAccount) -> None:
    """Warn that other people have the e-mail, too: those that somebody sees."""
    within = schools_in_reach(request.user, request.district)
    if others := whose_else(account, within):
        messages.warning(
            request,
            f"{account.email} is also the e-mail of {others}. If it is not this "
            "person’s, put it right: nobody is invited at an address that people "
            "share.",
        )


def _told_of_pins(pinned: list[str], freed: list[str]) -> list[str]:
    told = []
    if pinned:
        are, them = ("are", "them") if len(pinned) > 1 else ("is", "it")
        told.append(f"{listed(pinned)} {are} pinned: no import changes {them}.")
    if freed:
        follow = "follow" if len(freed) > 1 else "follows"
        told.append(f"{listed(freed)} {follow} Clever again.")
    return told
