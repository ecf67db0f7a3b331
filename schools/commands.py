"""What the commands of all apps share: the district, files, sentences, exit codes."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any  # what argparse made of the arguments

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug

from clever.errors import CleverError
from schools.csv_files import CsvRefusedError, Problem
from schools.database import DatabaseUnusableError, check_database
from schools.encryption import UnreadableSecretError
from schools.errors import RefusedError
from schools.models import District


class SentenceCommand(BaseCommand):
    """A command that fails with sentences.

    Subclasses define `act`. What it raises of `failures` (all have a `user_message`)
    becomes that sentence on stderr and exit code 1, and so does a database that can't
    be worked on; wrong use is argparse's code 2.
    """

    failures: tuple[type[Exception], ...] = (
        CleverError,
        RefusedError,
        UnreadableSecretError,
        DatabaseUnusableError,
    )

    def handle(self, *_args: object, **options: Any) -> None:
        """Carry out `act`, turning its failures into sentences."""
        try:
            check_database()
            self.act(**options)
        except self.failures as error:
            if isinstance(error, CsvRefusedError):
                self.write_problems(error.problems)
            raise CommandError(getattr(error, "user_message", str(error))) from error

    def act(self, **options: Any) -> None:
        """Do what the command is for; every command defines it."""
        raise CommandError("This command does nothing by itself.")

    def write_problems(self, problems: list[Problem]) -> None:
        """Write one line for each bad row of a file to stderr."""
        for problem in problems:
            self.stderr.write(str(problem))


class DistrictCommand(SentenceCommand):
    """A command about one district, whose slug is its first argument."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the district's slug; subclasses call this first."""
        parser.add_argument("slug", type=slug, help="short name of the district")

    def district(self, slug: str) -> District:
        """Return the district with this slug; CommandError names those there are."""
        district = District.objects.filter(slug=slug).first()
        if district is not None:
            return district
        slugs = District.objects.order_by("slug").values_list("slug", flat=True)
        known = ", ".join(slugs)
        remedy = (
            f"Use one of: {known}." if known else "Add it first with create_district."
        )
        sentence = f"There is no district “{slug}”. {remedy}"
        raise CommandError(sentence)

    def write_skipped(self, problems: list[Problem]) -> None:
        """Say on stderr which rows of a file were left out, if any were."""
        if problems:
            self.write_problems(problems)
            lines = len({problem.line for problem in problems})
            rows = "1 bad row was" if lines == 1 else f"{lines} bad rows were"
            self.stderr.write(f"{rows} skipped, as said above.")


def slug(text: str) -> str:
    """Take a slug from the command line, for argparse's `type`."""
    try:
        validate_slug(text)
    except ValidationError as error:
        problem = (
            f"“{text}” is no short name: use letters, digits, hyphens and underscores"
        )
        raise ArgumentTypeError(problem) from error
    return text


def read_file(path: str) -> bytes:
    """Return what a file holds; RefusedError says why it can't be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        sentence = (
            f"The file {path} can't be read: {error.strerror}. Check its name and "
            "whether you may read it."
        )
        raise RefusedError(sentence) from error
