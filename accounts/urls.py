"""Addresses of accounts and signing in beside allauth's own."""

from django.urls import path, re_path

from accounts.views.invitation import invitation
from accounts.views.own import choose_account, closed, own_account
from accounts.views.passwords import PasswordResetFromKey

urlpatterns = [
    path("choose/", choose_account, name="choose_account"),
    path("me/", own_account, name="own_account"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    # The path is allauth's, and so is its name.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        PasswordResetFromKey.as_view(),
    ),
    # Of allauth's pages these would let people take addresses nobody has proven to
    # be theirs, tie other sign-ins to an identity, or tell of a mail nobody has sent;
    # who has no password sets one by a mailed link.
    path("password/set/", closed),
    path("confirm-email/", closed),
    path("confirm-email/<path:rest>", closed),
    path("email/", closed),
    path("3rdparty/", closed),
    path("3rdparty/<path:rest>", closed),
    path("social/<path:rest>", closed),
]
