import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

# Empty stands for "not set", and wins over a developer's own .env file.
PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": "a-secret-key-of-production-0123456789-0123456789-0123",
    "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "SITE_URL": "https://navsync.example",
    "DATABASE_URL": "sqlite:///:memory:",
    "CELERY_BROKER_URL": "",
    "ALLOWED_HOSTS": "navsync.example",
    "EMAIL_URL": "smtp://localhost:25",
}


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        env={**inherited, **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set: NavSync needs it to sign"),
        ({"FIELD_ENCRYPTION_KEYS": ""}, "FIELD_ENCRYPTION_KEYS is not set: NavSync"),
        ({"FIELD_ENCRYPTION_KEYS": "short"}, "FIELD_ENCRYPTION_KEYS holds a value"),
    ],
)
def test_production_refuses_to_start_without_its_secrets(environment, sentence):
    finished = manage("check", **environment)

    assert finished.returncode != 0
    assert sentence in finished.stderr


def test_production_passes_the_deployment_check_without_a_warning():
    finished = manage("check", "--deploy", "--fail-level", "WARNING")

    assert (finished.returncode, finished.stderr) == (0, "")


def test_development_needs_no_secrets():
    finished = manage("check", DEBUG="on", SECRET_KEY="", FIELD_ENCRYPTION_KEYS="")

    assert finished.returncode == 0


def test_the_models_have_their_migrations():
    finished = manage("makemigrations", "--check", "--dry-run")

    assert finished.returncode == 0, finished.stdout


def test_redis_hands_no_task_out_twice_while_it_is_being_done():
    finished = manage(
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings as s;"
        "print(s.CELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout'])"
        ";print(s.CELERY_TASK_TIME_LIMIT)",
        CELERY_BROKER_URL="redis://127.0.0.1:6379/0",
    )

    visible_again, longest_run = map(int, finished.stdout.split())
    assert visible_again > longest_run
