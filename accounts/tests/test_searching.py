"""What a search for people finds, and how lists are sorted."""

from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import StaffAccount
from accounts.searching import fold, search_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Zoë   ÅNGSTRÖM ", "zoe angstrom"),
        ("O’Brien", "o'brien"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_search_ignores_case_accents_and_spaces(text, folded):
    assert fold(text) == folded


def test_the_first_line_is_the_name_and_the_rest_all_else_there_is_to_find():
    text = search_text("Zoë", "M.", "Ångström", "Dean", "z@x.org", "00417")

    assert text == "angstrom zoe\nm. z@x.org 00417 dean"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("angstrom zoe\nz@x.org", "angstrom zoe"),
        ("\nz@x.org", ""),
        ("written before there were lines", "written before there were lines"),
        ("", ""),
        ("x" * 300 + "\nz@x.org", "x" * 120),
    ],
)
def test_the_database_cuts_the_name_out_of_what_is_searched(maple, text, key):
    account = StaffAccount.objects.create(district=maple, search_text=text)
    account.refresh_from_db()

    assert account.name_key == key


def test_accounts_from_before_are_found_after_the_upgrade(maple):
    account = StaffAccount.objects.create(district=maple, last_name="Núñez")
    migration = import_module("accounts.migrations.0005_fill_search_text")

    migration.fill(apps, None)

    account.refresh_from_db()
    assert account.name_key == "nunez"
