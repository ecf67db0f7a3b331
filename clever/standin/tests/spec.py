"""Clever's own Swagger files, where somebody has put them."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

BESIDE_THE_PROJECT = Path(__file__).parents[4] / "shared" / "clever-spec"


def load_spec(name: str) -> dict[str, Any]:
    """Return one of Clever's files; skips the test where they aren't to be had."""
    folder = Path(os.environ.get("CLEVER_SPEC_DIR") or BESIDE_THE_PROJECT)
    if not (folder / name).exists():
        pytest.skip(
            f"Clever's Swagger file {name} isn't in {folder}; name its folder with "
            "CLEVER_SPEC_DIR to have the stand-in checked against it."
        )
    text = (folder / name).read_text(encoding="utf-8")
    spec: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return spec
