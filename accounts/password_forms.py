"""allauth's forms for a new password, in this product's words."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm

_NEW, _AGAIN = "Choose a password", "The same password again"


class ChangePassword(ChangePasswordForm):
    """The old password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["oldpassword"].label = "Your password until now"
        self.fields["password1"].label = _NEW
        self.fields["password2"].label = _AGAIN


class SetPassword(ResetPasswordKeyForm):
    """A new password twice, for who has a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["password1"].label = _NEW
        self.fields["password2"].label = _AGAIN
