"""What the deeds are done to: a district with one of everything, and who does them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Right, StaffAccount
from clever.oauth import DistrictToken
from clever.records import District as CleverDistrict
from schools.audit import Actor
from schools.models import District, School, SchoolMatch
from tests.cast import (
    make_account,
    make_admin,
    make_district,
    make_match,
    make_school,
)

WHY = "Because it must be"
Deed = Callable[[], object]


@dataclass
class World:
    """A district, imported but not launched, and its site manager Dana."""

    oak: District
    school: School
    match: SchoolMatch
    lee: StaffAccount
    dana: Actor
    patch: Any

    def facts(self, **facts: object) -> None:
        """Write facts of the district."""
        District.objects.filter(pk=self.oak.pk).update(**facts)
        self.oak.refresh_from_db()

    def clever_says(self, token: str = "n" * 40) -> None:
        """Let Clever's list have this token, and Clever take it."""
        id_ = str(self.oak.clever_id)
        tokens = [DistrictToken(id_, token)]
        found = CleverDistrict(id=id_)
        for module in ("tokens", "leaving", "districts"):
            name = f"schools.services.{module}"
            self.patch.setattr(f"{name}.check_token", lambda *_: found)
            if module != "districts":
                self.patch.setattr(f"{name}.has_application", lambda: True)
                self.patch.setattr(f"{name}.district_tokens", lambda *_: tokens)


def make_world(patch: Any) -> World:
    """Return a new world."""
    now = timezone.now()
    oak = make_district(
        "oak",
        uses_sso=False,
        first_final_at=now,
        launch_date=(now + timedelta(days=20)).date(),
    )
    user = make_admin(oak, rights=list(Right))
    school = make_school(oak)
    match = make_match(school)
    lee = make_account(school)
    dana = Actor("Dana Whitfield", user, "10.0.0.7")
    return World(oak, school, match, lee, dana, patch)
