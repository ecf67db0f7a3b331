"""Links that upper apps add to support's pages: a way from an object to more of it.

The page of a district or of a run shows them at its top, whoever added them, to those
who hold the link's permission.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class SupportLink:
    """One link: `label` is its text, `address` gives where it leads for an object.

    `permission` is what somebody of support needs to see it ("app.codename"); the page
    it leads to asks for it again. `suits` tells for which objects it makes sense.
    """

    label: str
    permission: str
    address: Callable[[Any], str]
    suits: Callable[[Any], bool] = lambda _: True


_LINKS: defaultdict[type[Model], list[SupportLink]] = defaultdict(list)


def add_links(model: type[Model], *links: SupportLink) -> None:
    """Add links to the pages of a model's objects; call it from an app's admin."""
    _LINKS[model].extend(links)


def links_of(request: HttpRequest, shown: Model) -> list[tuple[str, str]]:
    """Return label and address of the links for an object that this person may use."""
    return [
        (link.label, link.address(shown))
        for link in _LINKS[type(shown)]
        if request.user.has_perm(link.permission) and link.suits(shown)
    ]
