"""What the pages of signing in need to know."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def has_clever() -> bool:
    """Return whether this installation can sign people in with Clever at all."""
    return bool(settings.CLEVER_CLIENT_ID)
