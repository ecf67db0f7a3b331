"""Sign-in identities, roles and rights, zones, staff accounts, invitations, mails."""

from accounts.models.identities import User, UserAccounts
from accounts.models.invitations import INVITATION_LASTS, Invitation, person_key
from accounts.models.mail import Mail
from accounts.models.roles import JobFunction, Right, UserRole, Zone
from accounts.models.staff import NAME_KEY_LENGTH, StaffAccount

__all__ = [
    "INVITATION_LASTS",
    "NAME_KEY_LENGTH",
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
