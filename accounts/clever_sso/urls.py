"""Addresses of signing in with Clever; allauth includes them with its own."""

from django.urls import path

from accounts.clever_sso import views

urlpatterns = [
    path("clever/login/", views.begin, name="clever_login"),
    path("clever/login/callback/", views.callback, name="clever_callback"),
    path("clever/login/portal/", views.from_portal, name="clever_from_portal"),
]
