"""Addresses of signing in beside allauth's own."""

from django.urls import path

from accounts import views

urlpatterns = [
    path(
        "password/set/<uidb64>/<token>/",
        views.SetPassword.as_view(),
        name="set_password",
    ),
]
