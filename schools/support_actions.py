"""What support can do for a district, each asked for with its reason: one list.

Upper apps add their own actions to it, so that support finds all of them in one place
and no lower app imports an upper one. `support_pages` shows the page on which the
reason is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import PermissionsMixin as Person

from schools.audit import Actor
from schools.models import District
from schools.support_forms import ReasonForm

Given = dict[str, object]


@dataclass(frozen=True, slots=True)
class SupportAction:
    """One action: `name` is its word in addresses, `label` that of its button.

    `explanation` says what it does, `permission` ("app.codename") who may. `why_not`
    tells in sentences why it does not suit a district as it stands, and nothing of the
    others. `carry_out` gets the district, who asks and the form's cleaned data; it
    returns a sentence that says what was done, and raises RefusedError or CleverError
    where it can't be. `is_for_one` says that it is asked about one district at a time;
    `about` tells in sentences what there is to know about a district before.
    """

    name: str
    label: str
    explanation: str
    permission: str
    why_not: Callable[[District], list[str]]
    carry_out: Callable[[District, Actor, Given], str]
    form: type[ReasonForm] = ReasonForm
    is_for_one: bool = False
    about: Callable[[District], list[str]] = lambda _: []

    def suits(self, district: District) -> bool:
        """Return whether it makes sense for a district as it stands."""
        return not self.why_not(district)


_ACTIONS: list[SupportAction] = []


def add_actions(*actions: SupportAction) -> None:
    """Add actions to support's list; call it from an app's admin."""
    _ACTIONS.extend(actions)


def all_actions() -> list[SupportAction]:
    """Return all actions, in the order of their buttons."""
    return [*_ACTIONS]


def allowed_actions(user: Person | AnonymousUser) -> list[SupportAction]:
    """Return the actions that somebody of support may carry out."""
    return [action for action in _ACTIONS if user.has_perm(action.permission)]


def suitable_actions(
    district: District, user: Person | AnonymousUser
) -> list[SupportAction]:
    """Return what somebody may do that makes sense for a district now."""
    return [action for action in allowed_actions(user) if action.suits(district)]


def find_action(name: str) -> SupportAction | None:
    """Return the action with this name, None if there is none."""
    return next((action for action in _ACTIONS if action.name == name), None)
