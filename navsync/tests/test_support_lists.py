"""Support's lists are narrowed to a district, and stay short with many of them."""

import pytest
from django.contrib.admin.sites import site

from accounts.models import User
from navsync.tests.test_admin import OURS, make_everything, url
from schools.models import District
from tests.cast import make_district, make_run

pytestmark = pytest.mark.django_db

RUNS = "/admin/staffimport/importrun/"


@pytest.fixture
def support(client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("sam@navsync.example", "secret-password")
    client.force_login(user)
    return client


def names_offered(answer):
    """The districts that the filter of a list offers."""
    [spec] = [s for s in answer.context["cl"].filter_specs if s.title == "district"]
    return [name for _key, name in spec.lookup_choices]


def narrowed_by_district():
    return [
        model
        for model in OURS
        if any(
            getattr(chosen, "parameter_name", "") == "district"
            for chosen in site.get_model_admin(model).list_filter
        )
    ]


@pytest.mark.parametrize("model", narrowed_by_district(), ids=lambda m: m.__name__)
def test_a_list_keeps_the_rows_of_the_chosen_district(support, model):
    make_everything(1)
    make_everything(2)
    first = District.objects.get(slug="d1")
    everything = support.get(url(model, "changelist")).context["cl"].queryset.count()

    answer = support.get(url(model, "changelist"), {"district": first.pk})

    assert answer.context["cl"].queryset.count() * 2 == everything


def test_of_many_districts_the_filter_names_the_chosen_one_alone(support):
    for number in range(31):
        make_district(f"d{number:02}")
    chosen = District.objects.get(slug="d07")
    run = make_run(chosen)

    answer = support.get(RUNS, {"district": chosen.pk})

    assert names_offered(answer) == [chosen.name]
    assert list(answer.context["cl"].queryset) == [run]


def test_of_few_districts_the_filter_names_all(support):
    make_district("oak")
    make_district("elm")

    assert names_offered(support.get(RUNS)) == ["Elm Unified", "Oak Unified"]


@pytest.mark.parametrize("value", ["made-up", "999", "9" * 30])
def test_a_district_that_is_not_there_has_no_rows(support, value):
    make_run(make_district("oak"))

    answer = support.get(RUNS, {"district": value})

    assert answer.status_code == 200
    assert not answer.context["cl"].queryset.exists()
