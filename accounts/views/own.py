"""A person's own pages: which of their accounts to work with, and that account."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from accounts import sessions
from accounts.access import opens_console, schools_within
from accounts.middleware import AccountRequest
from accounts.models import StaffAccount
from accounts.queries.people import site_managers
from accounts.services.own import remember_account

_NAMED = 5  # schools of a zone


@never_cache
@login_required
def choose_account(request: AccountRequest) -> HttpResponse:
    """Let somebody with several accounts say which to work with, now and next time."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "POST":
        account = _chosen(request)
        remember_account(request.user, account if "remember" in request.POST else None)
        sessions.use(request, account)
        return _go_on(request, account, after)
    if len(request.accounts) == 1:
        sessions.use(request, request.accounts[0])
        return _go_on(request, request.accounts[0], after)
    context = {
        "after": after,
        "accounts": [(account, _what(account)) for account in request.accounts],
        "with_clever": sessions.clever_sign_in(request) is not None,
        "managers": _managers(request),
    }
    return render(request, "account/choose_account.html", context)


@never_cache
@login_required
def own_account(request: AccountRequest) -> HttpResponse:
    """Show somebody the account they work with."""
    if request.account is None:
        return redirect("choose_account" if request.accounts else "home")
    context = {
        "account": request.account,
        "managers": site_managers(request.account.district, but=request.user),
        "reach": _reach(request.account),
        "has_console": request.district is not None,
        "with_clever": sessions.clever_sign_in(request) is not None,
    }
    return render(request, "account/own_account.html", context)


def closed(_request: HttpRequest, **_: str) -> HttpResponse:
    """Answer that there is no such page: one of allauth's that we don't open."""
    raise Http404


def _chosen(request: AccountRequest) -> StaffAccount:
    try:
        wanted = UUID(request.POST.get("account", ""))
    except ValueError:
        raise Http404 from None
    for account in request.accounts:
        if account.pk == wanted:
            return account
    raise Http404


def _go_on(request: HttpRequest, account: StaffAccount, after: str) -> HttpResponse:
    """Lead to where somebody was going, as far as the account takes them."""
    if not opens_console(account):
        return redirect("own_account")
    is_ours = url_has_allowed_host_and_scheme(
        after, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(after if is_ours else "home")


def _reach(account: StaffAccount) -> str:
    """Return in words which schools an account at the district reaches."""
    if account.school_id is not None:
        return ""
    if account.zone is None:
        return "All schools of the district"
    names = list(
        schools_within(account).order_by("name").values_list("name", flat=True)
    )
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    shown = ", ".join(names[:_NAMED]) or "none"
    return f"{account.zone}: {shown}{more}"


def _managers(request: AccountRequest) -> list[str]:
    """Return whom to ask; nobody by name where there are several districts."""
    districts = {account.district for account in request.accounts}
    if len(districts) != 1:
        return []
    return site_managers(districts.pop(), but=request.user)


def _what(account: StaffAccount) -> str:
    """Return what the person is there: the title, else the role."""
    return account.job_title or str(account.user_role or "")
