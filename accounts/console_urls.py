"""Addresses of the console's pages about accounts."""

from django.urls import path

from accounts.views.invitations import invitations, send_invitations_again

urlpatterns = [
    path("", invitations, name="invitations"),
    path("send-again/", send_invitations_again, name="send_invitations_again"),
]
