"""Clever's own Swagger files, where somebody has put them."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

BESIDE_THE_PROJECT = Path(__file__).parents[4] / "shared" / "clever-spec"

Schema = dict[str, Any]


def load_spec(name: str) -> Schema:
    """Return one of Clever's files; skips the test where they aren't to be had."""
    folder = Path(os.environ.get("CLEVER_SPEC_DIR") or BESIDE_THE_PROJECT)
    if not (folder / name).exists():
        pytest.skip(
            f"Clever's Swagger file {name} isn't in {folder}; name its folder with "
            "CLEVER_SPEC_DIR to have the stand-in checked against it."
        )
    return read_spec(folder / name).copy()


@cache
def read_spec(path: Path) -> Schema:
    """Return the file's content; callers don't alter what is in it."""
    text = path.read_text(encoding="utf-8")
    spec: Schema = yaml.load(text, Loader=yaml.CSafeLoader)
    return spec


class Declared:
    """What one of the files declares of answers, in terms a JSON schema has.

    Swagger 2 needs three things said otherwise: `x-nullable`, the `discriminator` of an
    event, and that a file lists its shapes under `definitions`.
    """

    def __init__(self, spec: Schema) -> None:
        """Take a file that `load_spec` returned."""
        self.spec = spec
        self.definitions: Schema = nullable(spec["definitions"])
        if "EventResponse" in self.definitions:
            self._tell_events_apart()

    def validate(self, path: str, status: int, body: Any) -> None:
        """Check the body of an answer.

        Raises jsonschema's ValidationError, and KeyError for an undeclared status.
        """
        answer = self.spec["paths"][path]["get"]["responses"][str(status)]
        if "$ref" in answer:
            answer = self.spec["responses"][answer["$ref"].rpartition("/")[2]]
        schema = {"allOf": [answer["schema"]], "definitions": self.definitions}
        Draft7Validator(schema).validate(body)

    def _tell_events_apart(self) -> None:
        types = [name for name in self.definitions if "." in name]
        for name in types:
            # Clever gives old values the type "object", though most are strings, in
            # its own recorded answers too.
            for part in self.definitions[name]["allOf"]:
                part.get("properties", {}).pop("previous_attributes", None)
        self.definitions["EventResponse"]["properties"]["data"] = {
            "properties": {"type": {"enum": types}},
            "allOf": [
                {
                    "if": {"properties": {"type": {"const": name}}},
                    "then": {"$ref": f"#/definitions/{name}"},
                }
                for name in types
            ],
        }


def nullable(schema: Any) -> Any:
    """Return a copy in which what is `x-nullable` may be null."""
    if isinstance(schema, list):
        return [nullable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {name: nullable(part) for name, part in schema.items()}
    if copy.pop("x-nullable", False):
        return {"anyOf": [copy, {"type": "null"}]}
    return copy
