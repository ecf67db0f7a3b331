import pytest

from navsync.environment import Environment, MisconfiguredError, without_secrets

KEY = "bWFkZS1mb3ItdGVzdHMtbm90aGluZy1lbHNlLTEyMzQ="


class Given(Environment):
    """An environment of one variable, X."""

    def __init__(self, value):
        super().__init__()
        self.ENVIRON = {} if value is None else {"X": value}


READERS = {
    "switch": lambda env: env.switch("X", default=False),
    "web address": lambda env: env.web_address("X", "https://clever.com"),
    "hosts": lambda env: env.host_names("X", ["localhost"]),
    "level": lambda env: env.log_level("X"),
    "version": lambda env: env.version("X", "v3.1"),
    "database": lambda env: env.database("X", "sqlite:///a.db")["NAME"],
    "broker": lambda env: env.broker("X"),
    "mail": lambda env: env.mail("X", "consolemail://")["EMAIL_HOST"],
    "keys": lambda env: env.encryption_keys("X", []),
}


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("switch", None, False),
        ("switch", "On", True),
        ("switch", "1", True),
        ("switch", " false ", False),
        ("web address", None, "https://clever.com"),
        ("web address", "http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("web address", "http://[::1]:80", "http://[::1]:80"),
        ("hosts", None, ["localhost"]),
        ("hosts", "a.example, [::1],*", ["a.example", "[::1]", "*"]),
        ("level", "debug", "DEBUG"),
        ("version", "v3.0", "v3.0"),
        ("database", None, "a.db"),
        ("database", "postgres://u:p%40@h:5432/nav", "nav"),
        ("database", "postgresql:///nav?host=/var/run/postgresql", "nav"),
        ("database", "sqlite:///:memory:", ":memory:"),
        ("broker", None, "filesystem://localhost"),
        ("broker", "redis://:p@h:6379/0", "redis://:p@h:6379/0"),
        ("broker", "rediss://h", "rediss://h"),
        ("mail", None, None),
        ("mail", "smtp+tls://u:p@h:587", "h"),
        ("keys", None, []),
        ("keys", f"{KEY}, {KEY}", [KEY, KEY]),
    ],
)
def test_what_can_be_read(kind, value, read):
    assert READERS[kind](Given(value)) == read


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("switch", "maybe", "X is “maybe”, which is neither on nor off. Write on or"),
        ("web address", "navsync", "X is “navsync”, which is no web address. Write it"),
        ("web address", "http://[", "X is “http://…”, which is no web address."),
        ("web address", "ftp://a.example", "X is “ftp://a.example”, which is no web"),
        ("web address", "https://a.example/v3", "without a path."),
        ("web address", "https://u:secret@a", "X is “https://…@a”, which is no web"),
        ("hosts", "https://a.example", "in which “https://a.example” is no host name."),
        ("hosts", "a.example,b:80", "in which “b:80” is no host name. Write names"),
        ("level", "LOUD", "X is “LOUD”, which is no level of a log. Write one of"),
        ("version", "3", "X is “3”, which is no version of Clever's data. Write it as"),
        ("database", "nonsense", "X is “nonsense”, which is no database NavSync works"),
        ("database", "mysql://u:secret@h/x", "X is “mysql://…@h/x”, which is no"),
        ("database", "postgres://u:secret@h", "X is “postgres://…@h”, which is no"),
        ("database", "postgres://u:secret@h:no/x", "X is “postgres://…@…”, which is"),
        (
            "database",
            "postgres://u:se/cret@h/x",
            "with characters such as @ / # in",
        ),
        ("broker", "amqp://u:secret@h", "X is “amqp://…@h”, which is no queue NavSync"),
        ("broker", "redis:6379", "X is “redis:6379”, which is no queue"),
        ("broker", "redis://h:no/0", "Write redis://HOST:6379/0, or leave it unset"),
        ("broker", "redis://h/name", "X is “redis://h/name”, which is no queue"),
        ("mail", "mailgun://u:secret@h", "X is “mailgun://…@h”, which says no way to"),
        ("mail", "smtp://", "X is “smtp://”, which says no way to send e-mail. Write"),
        ("mail", "smtp://u:secret@h:no", "X is “smtp://…@…”, which says no way to"),
        ("keys", f"{KEY},secret", "X holds a value that is no key: a key is 44"),
        ("keys", "secret-é", "value 1 of 1 has 8. Write commas between keys, and make"),
    ],
)
def test_what_is_refused_in_a_sentence_without_its_secret(kind, value, sentence):
    with pytest.raises(MisconfiguredError) as refusal:
        READERS[kind](Given(value))

    assert sentence in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.filterwarnings("error")
def test_a_database_that_is_not_known_warns_nowhere_of_its_password():
    with pytest.raises(MisconfiguredError):
        Given("foo://u:secret@h/x").database("X", "")


def test_a_secret_that_begins_like_a_variable_of_the_shell_stays_one():
    assert Given("$ecret").secret("X") == "$ecret"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("redis://:p@ss@h:6379/0", "redis://…@h:6379/0"),
        ("postgres://u@h/x?password=secret", "postgres://…@h/x"),
        ("postgres://u:secret", "postgres://…"),
        ("u:secret@h/x", "…@h/x"),
    ],
)
def test_addresses_are_shown_without_passwords(address, shown):
    assert without_secrets(address) == shown
