import pytest


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
