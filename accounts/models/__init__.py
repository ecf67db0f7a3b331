"""Sign-in identities, roles, zones, staff accounts, invitations, mails, visits."""

from accounts.models.identities import User, UserAccounts
from accounts.models.invitations import INVITATION_LASTS, Invitation, person_key
from accounts.models.mail import Mail
from accounts.models.roles import (
    OF_THE_WHOLE_DISTRICT,
    OVER_OTHERS,
    JobFunction,
    Right,
    UserRole,
    Zone,
)
from accounts.models.staff import NAME_KEY_LENGTH, StaffAccount
from accounts.models.visits import VISIT_LASTS, ConsoleVisit

__all__ = [
    "INVITATION_LASTS",
    "NAME_KEY_LENGTH",
    "OF_THE_WHOLE_DISTRICT",
    "OVER_OTHERS",
    "VISIT_LASTS",
    "ConsoleVisit",
    "Invitation",
    "JobFunction",
    "Mail",
    "Right",
    "StaffAccount",
    "User",
    "UserAccounts",
    "UserRole",
    "Zone",
    "person_key",
]
