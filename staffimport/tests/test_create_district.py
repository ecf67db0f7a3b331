"""create_district, as people script against it."""

import io
import sys

import pytest
from django.core.management import CommandError, ManagementUtility, call_command

from schools.models import District


@pytest.fixture
def token_file(standin, tmp_path):
    path = tmp_path / "token"
    path.write_text(f"{standin.token}\n")
    return path


@pytest.fixture
def connected(db, standin, settings):
    """Clever is there, and no district yet."""
    settings.CLEVER_API_URL = standin.url
    return standin


def run(*args):
    out = io.StringIO()
    call_command("create_district", *args, stdout=out)
    return out.getvalue()


def arguments(standin, token_file, *more):
    return (
        "valley",
        "--name=Valley",
        f"--clever-district-id={standin.district_id}",
        f"--clever-token-file={token_file}",
        *more,
    )


def test_a_district_comes_with_its_roles_and_settings(connected, token_file):
    out = run(*arguments(connected, token_file, "--activate", "--nces-id=0699980"))

    district = District.objects.get()
    assert (district.state, district.nces_id) == ("activated", "0699980")
    assert district.clever_token == connected.token
    assert district.user_roles.filter(name="District Site Manager").exists()
    assert str(district.import_settings.school_user_role) == "Other School Staff"
    assert out == (
        f"Created Valley (valley): activated, launch date {district.launch_date}.\n"
    )


def test_whom_it_was_confirmed_with_goes_with_an_activation(connected, token_file):
    confirmed = "--confirmed-with=Dana Whitfield"
    with pytest.raises(CommandError, match="goes with --activate") as failed:
        run(*arguments(connected, token_file, confirmed))
    assert failed.value.returncode == 2
    assert not District.objects.exists()

    run(*arguments(connected, token_file, "--activate", confirmed))

    activation = District.objects.get().audit_entries.get(verb="activated district")
    assert activation.changes["confirmed_with"] == [None, "Dana Whitfield"]


def test_the_token_may_come_from_stdin_and_is_never_printed(connected, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(f"\ufeff{connected.token}\r\n".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)

    out = run(*arguments(connected, "-"))

    assert District.objects.get().clever_token == connected.token
    assert out == "Created Valley (valley): requested.\n"


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("wrong", "Clever did not accept this district's access token."),
        ("", "The district's Clever access token is empty"),
        ("tökén", "contains characters no token has"),
    ],
)
def test_a_wrong_token_is_a_sentence_and_creates_nothing(
    connected, token_file, token, sentence
):
    token_file.write_text(token)

    with pytest.raises(CommandError) as failed:
        run(*arguments(connected, token_file))

    assert failed.value.returncode == 1
    assert sentence in " ".join(str(failed.value).split())
    assert not District.objects.exists()


def test_no_network_is_a_sentence_and_creates_nothing(connected, token_file):
    connected.stop()

    with pytest.raises(CommandError, match="Clever could not be reached") as failed:
        run(*arguments(connected, token_file))

    assert failed.value.returncode == 1
    assert not District.objects.exists()


def test_another_districts_token_is_a_sentence_and_creates_nothing(
    connected, token_file
):
    token_file.write_text(connected.add_district("small").token)

    with pytest.raises(CommandError, match="belongs to the Clever district"):
        run(*arguments(connected, token_file))

    assert not District.objects.exists()


@pytest.mark.parametrize("nces_id", ["abc", "699980", "069998000199"])
def test_what_is_no_nces_id_of_a_district_is_a_sentence(connected, token_file, nces_id):
    with pytest.raises(CommandError, match=f"“{nces_id}” is no NCES id of a district"):
        run(*arguments(connected, token_file, f"--nces-id={nces_id}"))

    assert not District.objects.exists()


def test_a_missing_token_file_is_a_sentence(connected):
    with pytest.raises(CommandError, match="can't be read: No such file"):
        run(*arguments(connected, "/no/such/file"))


@pytest.mark.parametrize(
    "args",
    [
        ["valley"],
        ["not a slug", "--name=x", "--clever-district-id=1", "--clever-token-file=-"],
    ],
)
def test_wrong_use_is_exit_code_2(args, capsys):
    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["manage.py", "create_district", *args]).execute()

    assert ended.value.code == 2
    assert "usage: manage.py create_district" in capsys.readouterr().err
