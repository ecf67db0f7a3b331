"""The provider, registered with allauth by this module's name."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.clever.provider import CleverProvider
from django.http import HttpRequest

from accounts.clever_sso.views import CleverSsoAdapter


class CleverSso(CleverProvider):
    """Clever, without roles, scopes or addresses: who signs in is an id and a district.

    A person's roles may be several, null or none (https://dev.clever.com/docs/users);
    allauth's own provider picks one, and breaks where there is none.
    """

    oauth2_adapter_class = CleverSsoAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Sign in, and nothing else: no address of ours can ask for more."""
        next_url = get_next_redirect_url(request)
        return {"process": AuthProcess.LOGIN, "next_url": next_url}

    def get_default_scope(self) -> list[str]:
        """Return no scope: Clever asks for none but of OpenID."""
        return []

    def extract_uid(self, data: dict[str, str]) -> str:
        """Return the Clever id."""
        return data["clever_id"]

    def extract_extra_data(self, data: dict[str, str]) -> dict[str, str]:
        """Return nothing: what Clever says of people is not kept here."""
        return {}

    def extract_common_fields(self, data: dict[str, str]) -> dict[str, str]:
        """Return nothing: names come from the account, an address from nobody."""
        return {}


provider_classes: list[type[CleverProvider]] = [CleverSso]
