"""Sign-in identities, roles and their rights, zones, staff accounts, and mails."""

from accounts.models.identities import User, UserAccounts
from accounts.models.mail import Mail
from accounts.models.roles import JobFunction, Right, UserRole, Zone
from accounts.models.staff import NAME_KEY_LENGTH, StaffAccount

__all__ = [
    "NAME_KEY_LENGTH",
    "JobFunction",
    "Mail",
    "Right",
    "StaffAccount",
    "User",
    "UserAccounts",
    "UserRole",
    "Zone",
]
