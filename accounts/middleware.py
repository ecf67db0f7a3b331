"""The district a signed-in person works on, on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.access import console_accounts
from accounts.models import StaffAccount, User
from schools.models import District

CHOSEN_DISTRICT = "chosen_district"
"""Session key: primary key of the district somebody with several chose."""


class DistrictRequest(HttpRequest):
    """A request that has passed `CurrentDistrict`; both None without console access."""

    district: District | None
    account: StaffAccount | None


class CurrentDistrict:
    """Middleware: sets `request.account` and `request.district`.

    The account is the person's active district-level one whose role may manage the
    data import: in the district chosen in the session, else the first by name. It is
    looked up anew each time, so a right that is taken away is gone at once. Anonymous
    requests cost no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: DistrictRequest) -> HttpResponse:
        """Set both, then answer the request."""
        request.account = _account(request)
        request.district = request.account.district if request.account else None
        return self.get_response(request)


def _account(request: HttpRequest) -> StaffAccount | None:
    user = request.user
    if not isinstance(user, User):
        return None
    accounts = console_accounts(user)
    chosen = request.session.get(CHOSEN_DISTRICT)
    of_chosen = (account for account in accounts if account.district_id == chosen)
    return next(of_chosen, accounts[0] if accounts else None)
