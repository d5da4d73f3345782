"""What may stand where in a file of a study, read off the JSON Schema: parts, their keys, their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from vigie.study.document import Path_
from vigie.study.grids import Grid
from vigie.study.schema import study_schema

Shape = dict[str, Any]
STUDY, GRID, INSTRUMENT = "study", "grid", "instrument"


@lru_cache(maxsize=3)
def schema_of(kind: str) -> Shape:
    """The schema of a kind of file: the study itself, a mystery grid, a wave's own instrument."""
    if kind == GRID:
        return TypeAdapter(Grid).json_schema(mode="validation", by_alias=True)
    schema = study_schema()
    if kind == INSTRUMENT:
        order = {"type": "array", "items": {"type": "string"}, "description": "the questions in the order asked"}
        parts = {"questions": schema["properties"]["questions"], "order": order}
        return {"properties": parts, "$defs": schema["$defs"]}
    return schema


def shapes(schema: Shape, path: Path_, value: Any) -> list[Shape]:
    """The shapes that the part at a path may have; `value` is the document so far, which tells kinds apart."""
    found = list(_alternatives(schema, schema, value))
    for step in path:
        value = _inside(value, step)
        found = [
            made for shape in found for part in _parts(shape, step) for made in _alternatives(schema, part, value)
        ]  # fmt: skip
    return found


def keys(found: Sequence[Shape]) -> dict[str, str]:
    """The keys that a part may have, each with what it means."""
    named = [(key, told) for shape in found for key, told in shape.get("properties", {}).items()]
    said = {key: str(told.get("description", "")) for key, told in reversed(named)}
    return {key: said[key] for key, _ in named}


def values(found: Sequence[Shape]) -> list[str]:
    """The values that a part may have, where these are few."""
    listed: dict[str, None] = {}
    for shape in found:
        listed |= dict.fromkeys(str(v) for v in shape.get("enum", [shape["const"]] if "const" in shape else []))
    kinds = {shape.get("type") for shape in found}
    return [*listed, *(("true", "false") if "boolean" in kinds and "string" not in kinds else ())]


def is_mapping(shape: Shape) -> bool:
    return "properties" in shape


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _parts(shape: Shape, step: str | int) -> Iterator[Shape]:
    """The shape of one part of a list or a mapping."""
    if isinstance(step, int):
        placed = shape.get("prefixItems", [])
        if step < len(placed):
            yield placed[step]
        elif isinstance(shape.get("items"), dict):
            yield shape["items"]
    elif step in shape.get("properties", {}):
        yield shape["properties"][step]
    elif isinstance(shape.get("additionalProperties"), dict):
        yield shape["additionalProperties"]


def _alternatives(schema: Shape, shape: Shape, value: Any) -> Iterator[Shape]:
    """A shape without references, as the several shapes that it may be; of kinds, the one that the value names."""
    if "$ref" in shape:
        named = schema["$defs"][shape["$ref"].rpartition("/")[2]]
        yield from _alternatives(schema, named, value)
        return
    if "discriminator" in shape and isinstance(value, dict):
        told, mapping = value.get(shape["discriminator"]["propertyName"]), shape["discriminator"]["mapping"]
        if isinstance(told, str) and told in mapping:  # while it is typed, it may be a list
            yield from _alternatives(schema, {"$ref": mapping[told]}, value)
            return
    several = [*shape.get("anyOf", ()), *shape.get("oneOf", ())]
    if not several:
        yield shape
    for one in several:
        yield from _alternatives(schema, one, value)
