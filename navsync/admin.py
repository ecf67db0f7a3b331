"""The districts' admin, and what other packages bring without the secrets they'd show.

Clever's application is in the settings and no sign-in's token is kept, so those two
lists have nothing to say but what nobody may see.
"""

from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.socialaccount.admin import SocialAppAdmin, SocialTokenAdmin
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.http import HttpRequest

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
    search_fields = ["user__email"]
    list_select_related = ["user"]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Return False: people set up their own."""
        return False

    def has_change_permission(
        self, _request: HttpRequest, _second_factor: Authenticator | None = None
    ) -> bool:
        """Return False: there is nothing to change."""
        return False
