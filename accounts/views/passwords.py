"""allauth's page behind a password reset's link, which also notes bad links."""

from typing import Any

from allauth.account.views import PasswordResetFromKeyView

from accounts.refusal_notes import note_refusal


class PasswordResetFromKey(PasswordResetFromKeyView):
    """Set a new password by a mailed link; a link that is no good is on record."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if context.get("token_fail"):
            note_refusal(
                self.request,
                "refused password reset",
                "",
                "The link was used already, is too old, or was made up.",
            )
        return context
