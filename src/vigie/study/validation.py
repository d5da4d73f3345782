"""From plain values to the study model, with every mistake told in the study's own terms and at its own place."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from vigie.errors import Problem, suggestion
from vigie.study.document import Document, Path_
from vigie.study.questions import KINDS

M = TypeVar("M")
_SAID = {
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "float_type": "a number is expected",
    "float_parsing": "a number is expected",
    "string_type": "a text is expected",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
    "list_type": "a list is expected",
    "dict_type": "a mapping (key: value) is expected",
    "model_type": "a mapping (key: value) is expected",
    "model_attributes_type": "a mapping (key: value) is expected",
    "date_type": "a date like 2024-01-31 is expected",
    "date_parsing": "a date like 2024-01-31 is expected",
    "date_from_datetime_parsing": "a date like 2024-01-31 is expected",
    "date_from_datetime_inexact": "a date like 2024-01-31 is expected",
}
PAIRS = {"bounds": "[0.3, 3]", "field": "[2024-01-08, 2024-01-26]"}


def validate(shape: type[M] | Any, value: Any, document: Document, path: Path_) -> tuple[M | None, list[Problem]]:
    """A value as a part of the model, or None with all that is wrong in it."""
    try:
        return cast("M", TypeAdapter(shape).validate_python(value)), []
    except ValidationError as error:
        return None, list(_problems(shape, error, value, document, path))


def _problems(shape: Any, error: ValidationError, value: Any, document: Document, path: Path_) -> Iterator[Problem]:
    seen = set()
    for detail in error.errors(include_url=False):
        where = _inside(value, detail["loc"])
        kind, key = detail["type"], ".".join(str(p) for p in where) or _named(path)
        if (where, kind) in seen or _other_branch(detail["loc"], value):
            continue
        seen.add((where, kind))
        name = str(detail["loc"][-1]) if detail["loc"] else ""
        if kind == "extra_forbidden":
            hint = suggestion(name, known_keys(shape, detail["loc"][:-1]))
            yield document.problem((*path, *where), "unknown-key", f'"{name}" is not a key here.', hint)
        elif _is_pair(detail):
            example = PAIRS.get(str(where[-1]) if where else "", "[first, last]")
            message = f"{key}: a pair is expected, for example {example} (found: {_short(detail['input'])})."
            yield document.problem((*path, *where), "wrong-value", message, "Write its two ends in square brackets.")
        elif kind == "missing":
            yield document.problem((*path, *where), "missing-key", f'The key "{name}" is missing.', "Add it.")
        elif kind in ("union_tag_invalid", "union_tag_not_found"):
            tag = str(detail.get("ctx", {}).get("tag", ""))
            message = f'"{tag}" is not a kind of question.' if tag else 'The key "kind" is missing.'
            code = "wrong-value" if tag else "missing-key"
            yield document.problem((*path, *where, "kind"), code, message, suggestion(tag, list(KINDS)))
        elif kind == "literal_error":
            expected = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")
            message = f'{key}: "{detail["input"]}" is not one of the values.'
            yield document.problem((*path, *where), "wrong-value", message, suggestion(str(detail["input"]), expected))
        else:
            said = _SAID.get(kind) or detail["msg"].removeprefix("Value error, ")
            given = detail["input"]
            found = f" (found: {_short(given)})" if not isinstance(given, Mapping) or kind in _SAID else ""
            yield document.problem((*path, *where), "wrong-value", f"{key}: {said}{found}.")


def _is_pair(detail: ErrorDetails) -> bool:
    """Whether what is wrong is that a pair has one end, three, or is none."""
    kind, loc = detail["type"], detail["loc"]
    long = kind == "too_long" and detail.get("ctx", {}).get("field_type") == "Tuple"
    return long or kind == "tuple_type" or (kind == "missing" and bool(loc) and isinstance(loc[-1], int))


def _named(path: Path_) -> str:
    """What a part of the study is called where no key of its own is wrong."""
    last = path[-1] if path else "the study"
    return f"{path[0]}, number {last + 1}" if isinstance(last, int) else str(last)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _inside(value: Any, loc: Sequence[str | int]) -> Path_:
    """The part of pydantic's location that exists in the value (tags of unions and markers of keys do not)."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(value, Mapping) and part in value:
            value = value[cast("str", part)]
            path.append(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
            path.append(part)
    return tuple(path)


def _other_branch(loc: Sequence[str | int], value: Any) -> bool:
    """Whether an error comes from the branch of a union that the person evidently did not mean."""
    for part in loc:
        if isinstance(value, Mapping) and part in value:
            value = value[cast("str", part)]
        elif isinstance(part, str) and part.startswith(("literal", "dict[", "constrained-dict", "list[")):
            meant = "dict" if isinstance(value, Mapping) else "list" if isinstance(value, list) else "literal"
            return meant not in part
        elif isinstance(part, str) and part == "UsageWeights":
            return isinstance(value, Mapping) and "from" not in value
    return False


def known_keys(shape: Any, loc: Sequence[str | int]) -> list[str]:
    """The keys that the model takes at a location."""
    candidates = list(_models(shape))
    for part in loc:
        fitting = [c for c in candidates if part in _keys(c)]
        if fitting:
            candidates = [m for c in fitting for m in _models(_annotation(c, str(part)))]
        else:
            tagged = [c for c in candidates if "kind" in c.model_fields
                      and part in typing.get_args(c.model_fields["kind"].annotation)]  # fmt: skip
            candidates = tagged or candidates
    return list(dict.fromkeys(key for c in candidates for key in _keys(c)))


def _keys(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _annotation(model: type[BaseModel], key: str) -> Any:
    return next(i.annotation for n, i in model.model_fields.items() if (i.alias or n) == key)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for inner in typing.get_args(annotation):
        yield from _models(inner)
