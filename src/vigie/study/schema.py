"""The JSON Schema of a study file, for editors; generated from the model, so that it cannot go stale."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from vigie.study.imports import AnyImport
from vigie.study.loading import LISTS
from vigie.study.model import Header

TITLE = "Vigie study"


def study_schema() -> dict[str, Any]:
    """The schema of study.yaml."""
    schema = _of(Header)
    definitions = schema.pop("$defs", {})
    for name, shape in LISTS.items():
        listed = _of(list[shape])  # type: ignore[valid-type]
        definitions |= listed.pop("$defs", {})
        schema["properties"][name] = listed
    imports = _of(dict[str, AnyImport])
    definitions |= imports.pop("$defs", {})
    schema["properties"]["imports"] = imports
    schema |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": TITLE, "additionalProperties": False}
    schema["required"] = [*schema.get("required", []), "waves"]
    return schema | {"$defs": definitions}


def _of(shape: Any) -> dict[str, Any]:
    return TypeAdapter(shape).json_schema(mode="validation", by_alias=True)
