"""How much text the columns of a model take."""

from collections.abc import Iterable

from django.db.models import CharField, Model


def column_lengths(model: type[Model], names: Iterable[str]) -> dict[str, int]:
    """Return the longest text each of the named columns of `model` takes."""
    fields = [model._meta.get_field(name) for name in names]  # noqa: SLF001 - Django's API
    return {
        field.name: field.max_length
        for field in fields
        if isinstance(field, CharField) and field.max_length
    }
