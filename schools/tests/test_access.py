from django.contrib.auth.models import AnonymousUser

from schools.access import actor_of


def test_the_audit_trail_names_who_asked_and_not_the_proxy_in_front(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7")
    request.user = AnonymousUser()

    assert actor_of(request).address == "203.0.113.7"
