"""The districts' admin, and what other packages bring without the secrets they'd show.

Clever's application is in the settings and no sign-in's token is kept, so those two
lists have nothing to say but what nobody may see.
"""

from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.socialaccount.admin import SocialAppAdmin, SocialTokenAdmin
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.queries.people import name_and_email
from accounts.ranks import is_below
from navsync.audited import OfIdentityAdmin, put_on_record
from navsync.leaving.support import LEAVING_ACTIONS, LEAVING_LINK
from navsync.support import visits  # noqa: F401 — it registers its page
from navsync.support.district_admin import SupportDistrictAdmin
from schools.models import District
from schools.support_actions import add_actions
from schools.support_links import add_links

put_on_record()
add_actions(*LEAVING_ACTIONS)
add_links(District, LEAVING_LINK)
admin.site.register(District, SupportDistrictAdmin)

# Imported, they are registered; taken out again, they stay so.
for hidden, _ in ((SocialApp, SocialAppAdmin), (SocialToken, SocialTokenAdmin)):
    admin.site.unregister(hidden)
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class SecondFactorAdmin(OfIdentityAdmin, AuthenticatorAdmin):
    """Who has which second factor; deleting one lets its person set up another."""

    fields = ["user", "type", "created_at", "last_used_at"]
    actions = ["delete_selected"]
    search_fields = ["user__email", "user__first_name", "user__last_name"]
    list_select_related = ["user"]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Return False: people set up their own."""
        return False

    def has_change_permission(
        self, _request: HttpRequest, _second_factor: Authenticator | None = None
    ) -> bool:
        """Return False: there is nothing to change."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, second_factor: Authenticator | None = None
    ) -> bool:
        """Return whether this person may take it away: none of peers or above."""
        may: bool = super().has_delete_permission(request, second_factor)
        if second_factor is None:
            return may
        return may and is_below(second_factor.user, request.user)

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Ask before it is deleted; say why somebody's stays."""
        found = self.get_object(request, unquote(object_id))
        may_others = self.has_delete_permission(request)
        if found and may_others and not self.has_delete_permission(request, found):
            messages.error(request, _stays(found))
            return redirect("admin:mfa_authenticator_change", found.pk)
        return super().delete_view(request, object_id, extra_context)

    @admin.action(description="Delete selected authenticators", permissions=["delete"])
    def delete_selected(
        self, request: HttpRequest, chosen: QuerySet[Authenticator]
    ) -> HttpResponse | None:
        """Delete the chosen ones but for those that this person may not take away."""
        kept = [
            factor
            for factor in chosen
            if not self.has_delete_permission(request, factor)
        ]
        for factor in kept:
            messages.error(request, _stays(factor))
        rest = chosen.exclude(pk__in=[factor.pk for factor in kept])
        return delete_selected(self, request, rest) if rest.exists() else None


def _stays(second_factor: Authenticator) -> str:
    return (
        f"The second factor of {name_and_email(second_factor.user)} stays: they may do "
        "as much as you or more, so only a superuser takes it away."
    )
