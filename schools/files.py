"""Opens files that a command writes, and says what is wrong with their names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from schools.errors import RefusedError


def check_writable(path: Path) -> None:
    """Raise RefusedError if the file can't be written: before an import, not after."""
    if str(path) == "-":
        sentence = (
            "“-” is no file: what the command says goes to standard output. Name a "
            "file, then read it."
        )
        raise RefusedError(sentence)
    place = path if path.exists() else path.parent
    if path.is_dir() or not place.exists() or not os.access(place, os.W_OK):
        raise RefusedError(_sentence(path, "no such folder, or not allowed"))


@contextmanager
def open_for_writing(path: Path) -> Iterator[TextIO]:
    """Give the file, opened as UTF-8 text with line ends as they are written.

    Raises RefusedError when it can't be written.
    """
    with writing(path), path.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise RefusedError where the block fails to write the file."""
    try:
        yield
    except OSError as error:
        raise RefusedError(_sentence(path, error.strerror or str(error))) from error


def _sentence(path: Path, why: str) -> str:
    return (
        f"The file {path} can't be written: {why}. Name a file in a folder you may "
        "write to."
    )
