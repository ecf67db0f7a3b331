"""Setting a first password by a link."""

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import reverse_lazy

from accounts.models import User


class SetPassword(PasswordResetConfirmView):
    """Set the first password, or a new one, by a link somebody was given.

    The link carries Django's password reset token: it works once, and no longer than
    PASSWORD_RESET_TIMEOUT. Afterwards the person signs in on the sign-in page, where
    support also proves its second factor.
    """

    template_name = "account/set_password.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        """Set the password, and say on the sign-in page that it is set."""
        response = super().form_valid(form)
        messages.success(self.request, "Your password is set. Sign in with it.")
        return response
