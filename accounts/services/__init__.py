"""What people ask for about accounts: roles, staff files, access to the console.

By subject: `roles`, `loading`, `invitations`. What can't be done raises
`schools.errors.RefusedError`, whose sentence is for people.
"""

from accounts.services.invitations import invite_new
from accounts.services.inviting import invite_to_console
from accounts.services.loading import StaffReport, load_staff
from accounts.services.roles import Names, create_built_in_roles

__all__ = [
    "Names",
    "StaffReport",
    "create_built_in_roles",
    "invite_new",
    "invite_to_console",
    "load_staff",
]
