"""Sign-in identities, roles and their rights, zones, and staff accounts."""

from accounts.models.identities import User, UserAccounts
from accounts.models.roles import JobFunction, Right, UserRole, Zone
from accounts.models.staff import NAME_KEY_LENGTH, StaffAccount

__all__ = [
    "NAME_KEY_LENGTH",
    "JobFunction",
    "Right",
    "StaffAccount",
    "User",
    "UserAccounts",
    "UserRole",
    "Zone",
]
