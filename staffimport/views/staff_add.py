"""Adding an account by hand: who is here already, and saving it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may_manage_import, opens_console, schools_in_reach
from accounts.forms import NewForm
from accounts.look_alikes import Alike, look_alikes
from accounts.models import StaffAccount
from accounts.people import people_of, shown
from accounts.services.invitations import told_of
from accounts.services.staff_adding import AlikeError, HasAccountError, add_account
from accounts.services.staff_guards import RoleRefusedError, reach_of
from accounts.staff_rows import TEXTS
from schools.access import ConsoleRequest, actor_of, manages_staff
from schools.errors import RefusedError
from staffimport.core.explain import listed
from staffimport.store.settings import get_settings
from staffimport.views.person import full_name, place_of

ANOTHER = "another"
SAY_WHO = "Say first under “Here already?” whether this is one of these people."


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is here already, as a choice; `account` stands for the person."""

    account: StaffAccount
    name: str
    about: str
    places: str
    same: str


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says of what was sent: a sentence, or whose account there is."""

    refusal: str = ""
    there: StaffAccount | None = None
    who_is_asked: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@manages_staff
def add(request: ConsoleRequest) -> HttpResponse:
    """Show the form of a new account; sent, add it.

    `person` in the query string is an account of somebody who gets one more. `who`
    says that the new one is of a person who is here already, or of "another". New
    district staff begin with the zone that an import gives them.
    """
    within = reach_of(actor_of(request), request.district)
    if request.method != "POST":
        known = _account(request, request.GET.get("person", ""))
        zone = get_settings(request.district).district_zone_id
        initial: dict[str, object] = {"zone": zone}
        if known is not None:
            initial |= {name: getattr(known, name) for name in TEXTS}
            initial["who"] = str(known.pk)
        return _page(request, NewForm(request.district, None, initial, within))
    form = NewForm(request.district, request.POST, within=within)
    if not form.is_valid():
        return _page(request, form)
    return _add(request, form)


@require_POST
@manages_staff
def alike(request: ConsoleRequest) -> HttpResponse:
    """Return the people who are like what is typed so far."""
    context = {"people": _known(request, request.POST), "who": _who(request.POST)}
    return render(request, "staff/_alike.html", context)


def _add(request: ConsoleRequest, form: NewForm) -> HttpResponse:
    who, school = _who(request.POST), form.school()
    known = _account(request, who)
    try:
        account = add_account(
            request.district,
            school,
            form.values(),
            actor_of(request),
            is_pinned=form.cleaned_data["pinning"] == "pinned",
            same_as=known,
            is_another=bool(who),
        )
    except AlikeError:
        return _page(request, form, _Told(SAY_WHO, who_is_asked=True))
    except HasAccountError as refusal:
        return _page(request, form, _Told(refusal.user_message, refusal.account))
    except RoleRefusedError as refusal:
        form.add_error("user_role", refusal.user_message)
        return _page(request, form)
    except RefusedError as refusal:
        return _page(request, form, _Told(refusal.user_message))
    messages.success(
        request,
        f"{full_name(account)} has an account at "
        f"{account.school or 'the district level'}. Imports leave it alone until "
        "Clever has this person there.",
    )
    if told := told_of(account, schools_in_reach(request.user, request.district)):
        messages.info(request, told)
    if known is not None and not _is_one_person(account, known):
        messages.warning(
            request,
            f"Staff shows it as another person than {full_name(known)}, and one "
            "Naviance ID does not open both: give both accounts the same name and "
            "e-mail.",
        )
    if opens_console(account) and not may_manage_import(account):
        messages.warning(
            request,
            f"The zone {account.zone} restricts the account: it may not manage the "
            "data import. For that, edit it and give it full access.",
        )
    return redirect("staffimport:staff_person", account.pk)


def _is_one_person(account: StaffAccount, known: StaffAccount) -> bool:
    (person,) = people_of(account.district, [account])
    return known in person.accounts


def _account(request: ConsoleRequest, pk: str) -> StaffAccount | None:
    """Return an account that the signed-in person sees; None for anything else."""
    within = schools_in_reach(request.user, request.district)
    try:
        return shown(request.district, within).filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def _who(sent: QueryDict) -> str:
    return sent.get("who", "")


def _page(
    request: ConsoleRequest, form: NewForm, told: _Told | None = None
) -> HttpResponse:
    sent = request.POST if form.is_bound else None
    who = _who(sent) if sent is not None else str(form.initial.get("who", ""))
    told = told or _Told()
    faults = form.errors.items() if form.is_bound else ()
    context = {
        "form": form,
        "texts": [form[name] for name in TEXTS],
        "rest": [form["job_function"], form["user_role"]],
        "ticks": [form["teacher_list"], form["counselor_list"]],
        "people": _known(request, sent, who),
        "who": who,
        "told": told,
        "faults": [(form[name], str(errors[0])) for name, errors in faults],
    }
    return render(request, "staff/add.html", context)


@dataclass(frozen=True, slots=True)
class _Typed:
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    employee_id: str = ""


def _known(
    request: ConsoleRequest, sent: QueryDict | None, who: str = ""
) -> list[Known]:
    """Return the people who are like what was sent, and the one that is chosen."""
    within = schools_in_reach(request.user, request.district)
    chosen = _account(request, who or (_who(sent) if sent is not None else ""))
    found = []
    if sent is not None:
        names = _Typed.__dataclass_fields__
        typed = _Typed(**{name: sent.get(name, "").strip() for name in names})
        if any(getattr(typed, name) for name in names):
            found = look_alikes(request.district, typed, within)
    if chosen and not any(chosen in one.person.accounts for one in found):
        (person,) = people_of(request.district, [chosen], within)
        found.insert(0, Alike(person, ()))
    return [_choice(one, chosen) for one in found]


def _choice(one: Alike, chosen: StaffAccount | None) -> Known:
    accounts = one.person.accounts
    account = next((a for a in accounts if a == chosen), accounts[0])
    return Known(
        account=account,
        name=full_name(account),
        about=", ".join(filter(None, [account.job_title, account.email])),
        places=listed(
            place_of(a) + (" (inactive)" if a.status == "inactive" else "")
            for a in accounts
        ),
        same=listed(one.reasons),
    )
