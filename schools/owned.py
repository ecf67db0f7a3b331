"""Everything in the database that belongs to a district, found by its foreign keys.

A model belongs to a district if a key that cascades leads there, at once or over
others. So a model that comes later is not forgotten.
"""

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models

from schools.models import District

Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Owned:
    """A model and its way to the district, as a lookup ("settings__district")."""

    model: Model
    path: str

    def rows(self, district_id: int) -> models.QuerySet[Any]:
        """Return the rows of one district."""
        manager = self.model._base_manager  # noqa: SLF001 - Django's public name
        return manager.filter(**{self.path: district_id})


def owned_models() -> list[Owned]:
    """Return the models that belong to a district, referring ones before referred.

    In that order their rows can be deleted, whatever the keys between them say.
    """
    paths = _paths()
    referring: dict[Model, set[Model]] = {model: set() for model in paths}
    for model in paths:
        for key in _keys(model):
            if key.related_model in paths and key.related_model is not model:
                referring[key.related_model].add(model)
    order = TopologicalSorter(referring).static_order()
    return [Owned(model, paths[model]) for model in order]


def _paths() -> dict[Model, str]:
    """Return the shortest way of each model to the district."""
    paths: dict[Model, str] = {}
    reached: dict[Model, str] = {District: ""}
    everything = apps.get_models(include_auto_created=True)
    while reached:
        found = {
            model: "__".join(filter(None, [key.name, reached[key.related_model]]))
            for model in everything
            if model not in paths and model is not District
            for key in _keys(model)
            if key.related_model in reached and _cascades(key)
        }
        paths |= found
        reached = found
    return paths


def _keys(model: Model) -> list[Any]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's public name
    return [field for field in fields if isinstance(field, models.ForeignKey)]


def _cascades(key: Any) -> bool:
    return key.remote_field.on_delete is models.CASCADE
