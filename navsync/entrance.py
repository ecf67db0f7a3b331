"""Where people arrive: the console's home page, their own account, or support's."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.middleware import AccountRequest
from navsync import dashboard


def entrance(request: AccountRequest) -> HttpResponseBase:
    """Show the dashboard; lead people without console access where their work is."""
    if request.district is None:
        if request.accounts:
            return redirect("own_account")
        if request.user.is_staff:
            return redirect("admin:index")
    page: HttpResponse | HttpResponseBase = dashboard.home(request)
    return page
