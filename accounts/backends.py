"""What a signed-in person may do in a district: the rights of their roles there."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from accounts.access import rights_in
from accounts.models import User
from schools.models import District


class DistrictRights(BaseBackend):
    """Answers `user.has_perm("accounts.manage_data_import", district)`.

    Rights come from the roles of the person's active district-level accounts in that
    very district. Nobody signs in by this backend.
    """

    def has_perm(
        self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        """Return whether a role of the person in the district `obj` has the right."""
        if not isinstance(obj, District) or not isinstance(user_obj, User):
            return False
        app, _, right = perm.partition(".")
        return (
            user_obj.is_active
            and app == "accounts"
            and right in rights_in(user_obj, obj)
        )
