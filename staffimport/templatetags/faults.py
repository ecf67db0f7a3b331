"""Faults of a form by the names of its fields."""

from django import template

register = template.Library()


@register.filter
def of(faults: dict[str, str], name: str) -> str:
    """Return the fault of a field, "" if it has none."""
    return faults.get(name, "")


@register.filter
def suffix(prefix: str, number: int) -> str:
    """Return the name of a numbered field: "keyword-" and 3 give "keyword-3"."""
    return f"{prefix}{number}"
