import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.urls import get_resolver, reverse

PASSWORD = "correct horse battery"


@pytest.fixture
def support(db):
    return get_user_model().objects.create_superuser("help@navsync.example", PASSWORD)


@pytest.fixture
def admin_page():
    return reverse("admin:index")


def test_sign_in_takes_the_email_address_in_any_case(client, support):
    response = client.post(
        reverse("account_login"),
        {"login": "Help@NavSync.example", "password": PASSWORD},
    )

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(support.pk)


def test_nobody_can_sign_up(client, db):
    response = client.post(
        reverse("account_signup"),
        {"email": "new@maple.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert "account/signup_closed.html" in [t.name for t in response.templates]
    assert not get_user_model().objects.exists()


def test_support_without_a_second_factor_is_sent_to_set_one_up(
    client, support, admin_page, settings
):
    settings.SUPPORT_MFA_REQUIRED = True
    client.force_login(support)

    response = client.get(admin_page)

    assert (response.status_code, response.url) == (
        302,
        reverse("mfa_activate_totp"),
    )


def test_no_page_of_support_lies_where_no_second_factor_is_asked():
    own = [p for p in get_resolver().url_patterns if str(p.pattern).startswith("admin")]

    assert [getattr(each, "app_name", None) for each in own] == ["admin"]


def test_support_with_a_second_factor_comes_in(client, support, admin_page, settings):
    settings.SUPPORT_MFA_REQUIRED = True
    TOTP.activate(support, generate_totp_secret())
    client.force_login(support)

    assert client.get(admin_page).status_code == 200


def test_support_comes_in_where_no_second_factor_is_asked(client, support, admin_page):
    client.force_login(support)

    assert client.get(admin_page).status_code == 200


def test_a_visitor_of_the_admin_is_sent_to_the_one_sign_in_page(client, admin_page, db):
    response = client.get(admin_page, follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
