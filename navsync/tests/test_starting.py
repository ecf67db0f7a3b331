"""Programs that can't start: one sentence, an exit code, no traceback."""

import os
import subprocess
import sys

import pytest

CELERY = ("celery", "-A", "navsync")
PROGRAMS = {
    "command": ("manage.py", "held_rows", "maple"),
    "web server": (
        *("-m", "gunicorn", "navsync.wsgi", "--preload"),
        "--bind=127.0.0.1:0",
    ),
    "worker": ("-m", *CELERY, "worker", "-n", "x@navsync", "--concurrency=1"),
    "beat": ("-m", *CELERY, "beat"),
}


def run_all(tmp_path, programs, **environment):
    """Run programs side by side; return exit code and standard error of each."""
    given = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DEBUG": "on",
        "CELERY_BROKER_URL": "",
        "BROKER_DIR": str(tmp_path),
        "PYTHONWARNINGS": "ignore",
        **environment,
    }
    started = {
        name: subprocess.Popen(
            [sys.executable, *PROGRAMS[name]],
            env=given,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        for name in programs
    }
    said = {
        name: program.communicate(timeout=60)[1] for name, program in started.items()
    }
    return {name: (started[name].returncode, said[name]) for name in programs}


def says_only(ended, words):
    for name, (code, said) in ended.items():
        assert code == (4 if name == "web server" else 1), (name, said)
        assert words in said, name
        assert len(said.splitlines()) == 1, said
        assert "secret" not in said


def test_no_program_starts_on_settings_that_can_not_be_read(tmp_path):
    ended = run_all(tmp_path, PROGRAMS, EMAIL_URL="pigeon://u:secret@loft")

    says_only(ended, "EMAIL_URL is “pigeon://…@loft”, which says no way to send")


def test_no_program_starts_on_a_database_that_is_not_migrated(tmp_path):
    ended = run_all(
        tmp_path, PROGRAMS, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3"
    )

    says_only(ended, "new.sqlite3 (DATABASE_URL) is not up to date: it lacks the")


@pytest.mark.parametrize("program", ["command", "worker"])
def test_no_program_starts_on_a_database_that_does_not_answer(tmp_path, program):
    nowhere = "postgres://u:secret@127.0.0.1:1/navsync"

    ended = run_all(tmp_path, [program], DATABASE_URL=nowhere)

    says_only(ended, "navsync on 127.0.0.1:1 (DATABASE_URL) can't be used: Connection")
