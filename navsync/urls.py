"""Every address NavSync answers."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from health_check.views import HealthCheckView

from navsync import launch
from navsync.entrance import entrance
from navsync.leaving import pages as leaving
from navsync.support import visits

admin.site.site_header = "NavSync support"
admin.site.site_title = "NavSync support"
# Support signs in on the same page as everybody, with its rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", entrance, name="home"),
    path("launch/", launch.launch, name="launch"),
    path("launch/wish/", launch.take_back, name="take_back_wish_for_date"),
    path("leaving/", leaving.leaving, name="leaving"),
    path("leaving/wish/", leaving.take_back, name="take_back_wish_to_leave"),
    path("leaving/data.zip", leaving.own_export, name="own_export"),
    path("sync/resume/", launch.resume, name="resume_sync"),
    path("visit/", visits.visit, name="visit"),
    path("visit/end/", visits.end_visit, name="end_visit"),
    path("setup/", include("schools.urls")),
    path("staff/invitations/", include("accounts.console_urls")),
    path("", include("staffimport.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path(
        "healthz",
        HealthCheckView.as_view(checks=["health_check.checks.Database"]),
        name="healthz",
    ),
]
