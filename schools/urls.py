"""Addresses of setting up Clever: the way there, and Match Schools."""

from django.urls import path

from schools.views import match_schools, setup

app_name = "schools"

urlpatterns = [
    path("", setup.data_import, name="setup"),
    path("match-schools/", match_schools.match_schools, name="match_schools"),
    path("match-schools/verify/", setup.verify, name="verify_matches"),
]
