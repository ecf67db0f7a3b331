"""How names, e-mails and employee ids compare."""

import pytest

from staffimport.core.folding import (
    clean,
    email_key,
    employee_id_key,
    first_name_key,
    is_address,
    last_name_key,
    loose_id_key,
    words,
)

TYPOGRAPHIC = "O\N{RIGHT SINGLE QUOTATION MARK}Brien"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith", "SMITH"),
        ("Smith", "  smith "),
        ("Smith", "Smith Jr."),
        ("Smith", "Smith, Jr"),
        ("Smith", "SMITH III"),
        ("Smith", "Smith Ph.D."),
        ("O'Brien", TYPOGRAPHIC),
        ("O'Brien", "OBrien"),
        ("Muñoz", "Munoz"),
        ("Muñoz", "Mun\u0303oz"),
        ("Straße", "Strasse"),
        ("Øvergård", "Overgard"),
        ("García-López", "Garcia Lopez"),
        ("García-López", "Garcia \N{EN DASH} Lopez"),
        ("De la Cruz", "DELACRUZ"),
        ("Lee", "Lee 🎓"),
        ("Lee", "Lee\u00a0"),
        ("\uff2c\uff45\uff45", "Lee"),
    ],
)
def test_last_names_compare_without_case_accents_punctuation_and_suffix(one, other):
    assert last_name_key(one) == last_name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Smith", "Smyth"), ("Lee", "Li"), ("Jung", "Young"), ("Ng", "Nguyen")],
)
def test_different_last_names_stay_different(one, other):
    assert last_name_key(one) != last_name_key(other)


@pytest.mark.parametrize(
    "name", ["", " ", "-", "…", "🎓", "👩🏽‍🏫", "❤️", ".", "'", "(~)", "\u200b"]
)
def test_a_name_without_letters_is_nothing_to_compare(name):
    assert last_name_key(name) == ""
    assert first_name_key(name) == ""


@pytest.mark.parametrize("name", ["Jr.", "II", "V"])
def test_a_suffix_that_is_all_of_the_name_is_a_name(name):
    assert last_name_key(name) == words(name)[0]


@pytest.mark.parametrize("name", ["李", "Иванов", "محمد", "Παππάς"])
def test_other_scripts_have_a_key_too(name):
    assert last_name_key(name).isascii()
    assert last_name_key(name)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "n/a", "N/A ", "none", "NULL", "--", "."]
)
def test_what_stands_for_nothing_compares_as_nothing(text):
    assert email_key(text) == ""
    assert employee_id_key(text) == ""
    assert loose_id_key(text) == ""


def test_emails_compare_after_trimming_and_case():
    assert email_key(" J.Lee@X.org ") == email_key("j.lee@x.ORG") == "j.lee@x.org"


def test_employee_ids_compare_after_trimming_and_case():
    assert employee_id_key(" s-88A ") == employee_id_key("S-88a")
    assert employee_id_key("007") != employee_id_key("7")
    assert loose_id_key(" 007 ") == loose_id_key("7")


@pytest.mark.parametrize("text", ["0", "000"])
def test_an_id_of_zeros_alone_is_no_id(text):
    assert employee_id_key(text) == loose_id_key(text) == ""


@pytest.mark.parametrize("text", ["a@x.org", "o'neil+k12@x.k12.ca.us", "o@müller.de"])
def test_an_address_can_be_written_to(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "office",
        "a@x",
        "a@@x.org",
        "a b@x.org",
        "a@x.org, b@x.org",
        "@x.org",
        "ö@x.org",
        "\u212aate@x.org",  # a Kelvin sign
        "a@.org",
    ],
)
def test_what_is_no_address_is_known_as_none(text):
    assert not is_address(text)


def test_a_cleaned_text_is_one_line_with_single_spaces_and_not_too_long():
    assert clean(" Ana\t\u0000\n  Lee ", 255) == "Ana Lee"
    assert clean("x" * 300, 255) == "x" * 255
    assert clean("abc def", 4) == "abc"
