"""The admin guide and its pictures fit each other."""

import re
from pathlib import Path

from PIL import Image

from tests.screenshots.album import DESK, FOLDER, PHONE
from tests.screenshots.walk import SHOTS

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "admin-guide.md"
MOST_BYTES = 3_000_000


def shown():
    """The pictures of the guide, in its order."""
    return re.findall(r"!\[[^\]]+\]\(screenshots/([\w-]+)\.png\)", GUIDE.read_text())


def test_the_walk_takes_each_picture_of_the_guide_once():
    assert sorted(shot.name for shot in SHOTS) == sorted(shown())


def test_each_picture_is_there_and_no_other():
    assert {file.stem for file in FOLDER.glob("*")} == set(shown())


def test_each_picture_is_as_wide_as_what_it_shows():
    widths = {}
    for shot in SHOTS:
        with Image.open(shot.file) as picture:
            widths[shot.name] = picture.width

    assert widths == {shot.name: shot.width for shot in SHOTS}
    assert set(widths.values()) == {DESK, PHONE}


def test_the_pictures_are_small_enough_to_keep():
    assert sum(file.stat().st_size for file in FOLDER.glob("*.png")) < MOST_BYTES
