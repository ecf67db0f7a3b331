"""Keys as pages are sent them: what can be none never reaches the database."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

_MOST_DIGITS = 19  # of a key in the database


def is_key(text: object) -> bool:
    """Return whether a text can be the key of a row."""
    digits = str(text)
    return digits.isascii() and digits.isdecimal() and len(digits) < _MOST_DIGITS


class _ShowsKeys:
    """Shows what was chosen, as far as it can be a key."""

    def optgroups(self, name: str, value: Iterable[str], attrs: Any = None) -> Any:
        """Return the choices, without looking for what can be none."""
        keys = [*filter(is_key, value)]
        return super().optgroups(name, keys, attrs)  # type: ignore[misc]


class KeySelect(_ShowsKeys, AutocompleteSelect):
    """Finds one row by what is typed."""


class KeysSelect(_ShowsKeys, AutocompleteSelectMultiple):
    """Finds rows by what is typed."""


class KeysField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rows by their keys."""

    def clean(self, value: Any) -> QuerySet[Any]:
        """Return the rows; refuse what can be no key by name."""
        for each in value or ():
            if not is_key(each):
                code = "invalid_pk_value"
                message = self.error_messages[code]
                raise ValidationError(message, code=code, params={"pk": each})
        return super().clean(value)
