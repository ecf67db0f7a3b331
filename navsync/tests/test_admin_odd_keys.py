"""Whatever keys support's forms are sent, they answer with a sentence."""

import pytest

from accounts.models import User, Zone
from tests.cast import make_district

pytestmark = pytest.mark.django_db

HUGE = "9" * 30


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("support@navsync.example", "secret-password")
    client.force_login(user)
    return client


@pytest.mark.parametrize("key", ["abc", HUGE, "٩٩٩٩٩٩", "-1"])
@pytest.mark.parametrize(
    ("page", "field", "words"),
    [
        ("accounts/zone", "schools", "not a valid value"),
        ("accounts/zone", "district", "Choose one of the connected districts."),
        ("accounts/userrole", "district", "Choose one of the connected districts."),
        ("schools/school", "district", "Choose one of the connected districts."),
        ("accounts/user", "groups", "not a valid value"),
    ],
)
def test_what_can_be_no_key_is_refused_at_its_field(support, page, field, words, key):
    make_district("oak")
    where = f"/admin/{page}/add/"
    if field == "groups":
        asker = User.objects.get()
        where = f"/admin/{page}/{asker.pk}/change/"

    answer = support.post(where, {field: key})

    assert words in answer.content.decode()
    assert not Zone.objects.filter(name="").exists()


@pytest.mark.parametrize("form", ["9", "-1", "abc", ""])
def test_a_confirmation_of_no_such_file_leads_back(support, form):
    oak = make_district("oak")

    answer = support.post(
        "/admin/accounts/staffaccount/process_import/",
        {"format": form, "district": oak.pk, "import_file_name": "x"},
        follow=True,
    )

    assert "The file is not kept any more. Upload it again." in answer.content.decode()


def test_a_district_that_can_not_be_has_no_data(support):
    page = f"/admin/schools/district/{HUGE}/data.zip"

    assert support.get(page).status_code == 404
