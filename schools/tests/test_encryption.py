import pytest
from cryptography.fernet import Fernet
from django.db import connection

from schools.encryption import UnreadableSecretError, decrypt, encrypt
from schools.models import District

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


def stored_token(district: District) -> str:
    """What the database itself holds."""
    table = District._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT clever_token FROM {table}")  # noqa: S608
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_token_is_plain_in_python_and_encrypted_in_the_database():
    District.objects.create(slug="maple", name="Maple", clever_token="t0ken")

    district = District.objects.get()

    assert district.clever_token == "t0ken"
    assert "t0ken" not in stored_token(district)


@pytest.mark.django_db
def test_a_district_without_a_token_can_be_asked_for():
    District.objects.create(slug="maple", name="Maple", clever_token="t0ken")
    cedar = District.objects.create(slug="cedar", name="Cedar")

    assert list(District.objects.filter(clever_token="")) == [cedar]


def test_the_same_text_is_stored_differently_each_time():
    assert encrypt("t0ken") != encrypt("t0ken")


def test_what_an_older_key_wrote_stays_readable_after_rotation(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    written = encrypt("t0ken")

    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    assert decrypt(written) == "t0ken"


def test_the_newest_key_writes_so_the_old_one_can_go(settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    written = encrypt("t0ken")

    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    assert decrypt(written) == "t0ken"


def test_a_secret_that_no_key_fits_is_refused_with_the_remedy(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    written = encrypt("t0ken")
    settings.FIELD_ENCRYPTION_KEYS = [OTHER]

    with pytest.raises(UnreadableSecretError, match="FIELD_ENCRYPTION_KEYS"):
        decrypt(written)


def test_an_altered_secret_is_refused():
    written = encrypt("t0ken")
    altered = written[:-4] + ("AAA=" if not written.endswith("AAA=") else "BBB=")

    with pytest.raises(UnreadableSecretError):
        decrypt(altered)
