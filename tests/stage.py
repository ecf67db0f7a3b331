"""Sets a district up by the commands alone, and runs commands as a shell does."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

from django.core.management import CommandError, call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts.models import StaffAccount
from clever.standin import Standin
from clever.standin.naviance import build_naviance, write_naviance
from clever.standin.wire import Maker
from schools.erasing import erase
from schools.models import District


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def manage(*words: object) -> Ended:
    """Run a command as `python manage.py …` does, its log lines included."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(out):
        try:
            arguments = [str(word) for word in words]
            call_command(*arguments, "--verbosity=2", stdout=out, stderr=err)
        except CommandError as error:
            code = error.returncode
            err.write(f"CommandError: {error}\n")
        except SystemExit as end:
            code = int(end.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())


def done(*words: object) -> Ended:
    """Run a command that must succeed; held rows are a success."""
    ended = manage(*words)
    assert ended.code in (0, 3), ended
    return ended


@dataclass(frozen=True)
class Stage:
    """A district that is being set up: its stand-in, and the files it begins with."""

    slug: str
    standin: Standin
    files: Path

    def with_standin(self, standin: Standin) -> "Stage":
        """Return the same district, served by another stand-in."""
        return replace(self, standin=standin)

    def create(self) -> None:
        """Create the district with its stand-in's token, activated."""
        token = self.files / "token"
        token.write_text(self.standin.token)
        district_id = self.standin.district_id
        done(
            *("create_district", self.slug, "--name", "Maple Valley", "--activate"),
            *("--clever-district-id", district_id, "--clever-token-file", token),
        )

    def load(self) -> None:
        """Create the district, load its files, match its schools."""
        self.create()
        for what in ("schools.csv", "staff.csv", "settings.json"):
            name = {"settings.json": "load_import_settings"}.get(
                what, f"load_{what.removesuffix('.csv')}"
            )
            done(name, self.slug, self.files / what)
        done("match_schools", self.slug)

    def clever_user(self, number: int) -> str:
        """Return the Clever id of the roster's nth person."""
        return Maker(1, "").user_id(number)

    def clever_school(self, number: int) -> str:
        """Return the Clever id of the roster's nth school."""
        return Maker(1, "").school_id(number)

    def import_staff(self, kind: str, *words: object) -> Ended:
        """Run a "test", a "final" or a "sync"."""
        return manage("import_staff", self.slug, f"--{kind}", *words)

    def accounts(self) -> list[dict[str, object]]:
        """Return everything in every account, to be compared before and after."""
        accounts = StaffAccount.objects.filter(district__slug=self.slug)
        return [{**account} for account in accounts.order_by("pk").values()]


def make_stage(slug: str, standin: Standin, roster: str, folder: Path) -> Stage:
    """Return the stage of a district in the stand-in; nothing is loaded yet."""
    # Tests that were killed may have left it in a database that is used again.
    erase(District.objects.filter(clever_id=standin.district_id))
    files = folder / slug
    write_naviance(build_naviance(roster), files)
    return Stage(slug, standin, files)


@contextmanager
def kept(blocker: DjangoDbBlocker, slug: str) -> Iterator[None]:
    """Remove a district that a module's fixture commits, whatever ends the block."""
    try:
        yield
    finally:
        with blocker.unblock():
            erase(District.objects.filter(slug=slug))


def served_by(standin: Standin) -> override_settings:
    """Return the settings under which the stand-in is Clever, as a context."""
    return override_settings(CLEVER_API_URL=standin.url)
