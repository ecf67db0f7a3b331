import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from accounts.models import Right
from accounts.password_reset import send_password_reset
from tests.cast import make_admin, make_district, signed_in


@pytest.mark.django_db
def test_the_health_page_answers_while_the_database_does(client):
    response = client.get("/healthz", headers={"accept": "application/json"})

    assert response.status_code == 200
    assert list(response.json().values()) == ["OK"]


@pytest.mark.django_db
def test_pages_allow_their_own_content_alone_and_no_frame(client):
    response = client.get("/accounts/login/")

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"


def directives(answer):
    return set(re.split(r",\s*", answer.headers.get("Cache-Control", "")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/staff/", "/staff/accounts.csv", "/audit/", "/runs/", "/no-such/"]
)
def test_no_browser_keeps_a_page_of_somebody_who_is_signed_in(path):
    dana = make_admin(make_district("oak"), rights=Right)

    assert {"private", "no-store"} <= directives(signed_in(dana).get(path))


@pytest.mark.django_db
def test_no_browser_keeps_the_page_behind_a_mailed_link(client, mailoutbox):
    dana = make_admin(make_district("oak"))
    send_password_reset(dana.email)
    [link] = re.findall(rf"{settings.SITE_URL}(/\S+)", str(mailoutbox[0].body))

    opened = client.get(link)
    form = client.get(opened.url)

    for answer in (opened, form):
        assert {"private", "no-store"} <= directives(answer)


def test_browsers_keep_what_is_nobodys(client):
    assert finders.find("navsync.css")

    answer = client.get("/static/navsync.css")
    b"".join(answer.streaming_content)  # reads the file, so that it is closed

    assert "no-store" not in directives(answer)
    assert any(word.startswith("max-age=") for word in directives(answer))
