"""Where people arrive: the console's home page, or their own account."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.middleware import AccountRequest
from navsync import dashboard


def entrance(request: AccountRequest) -> HttpResponseBase:
    """Show the dashboard; lead people without console access to their own account."""
    if request.accounts and request.district is None:
        return redirect("own_account")
    page: HttpResponse | HttpResponseBase = dashboard.home(request)
    return page
