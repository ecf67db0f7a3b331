"""allauth's forms for a new password, in this product's words."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms


class NewPassword(forms.Form):
    """A new password twice: the first is judged, the second only compared with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["password1"].label = "Choose a password"
        self.fields["password2"].label = "The same password again"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # in other words than the label


class ChangePassword(NewPassword, ChangePasswordForm):
    """The old password, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Your password until now"


class SetPassword(NewPassword, ResetPasswordKeyForm):
    """A new password, for who has a link."""


class FirstPassword(NewPassword, SetPasswordForm):
    """A password for somebody who has none."""
