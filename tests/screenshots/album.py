"""Where the screenshots go, and how they are made small."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DESK, PHONE = 1280, 390
COLOURS = 256
LONGEST = 1100
"""Of a longer page the beginning is shown."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a step of the walk works on: a page, who signs in, and Clever."""

    page: Page
    email: str
    password: str
    clever_url: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: how to come to what it shows, and the width it is shown in."""

    name: str
    come_there: Callable[[Visit], None]
    width: int
    whole: bool

    @property
    def file(self) -> Path:
        """Where the picture is kept."""
        return FOLDER / f"{self.name}.png"

    def take(self, visit: Visit) -> None:
        """Come there, and keep what is seen; a dialog is shown with what it covers."""
        page = visit.page
        page.set_viewport_size({"width": self.width, "height": 800})
        self.come_there(visit)
        page.mouse.move(0, 0)
        if self.whole:
            page.evaluate("scrollTo(0, 0)")
        height = page.evaluate("document.documentElement.scrollHeight")
        if self.whole:
            page.set_viewport_size(
                {"width": self.width, "height": min(height, LONGEST)}
            )
        _keep_small(page.screenshot(animations="disabled", caret="hide"), self.file)


def _keep_small(png: bytes, file: Path) -> None:
    """Write a picture with few colours, which a page of ours has."""
    with Image.open(io.BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
