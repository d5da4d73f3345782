"""JSON read as records: what a newer site tells beside them is passed over."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

R = TypeVar("R")


def record(kind: type[R], told: Mapping[str, Any]) -> R:
    """An object as a record of this kind."""
    hints = _hints(cast("Any", kind))
    return kind(**{name: _value(hint, told[name]) for name, hint in hints.items() if name in told})


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(hint: Any, told: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return None if told is None else _value(inner[0], told)
    if origin is tuple:
        return tuple(_value(inner[0], one) for one in told)
    if hint in (date, datetime):
        return hint.fromisoformat(told)
    return record(hint, told) if is_dataclass(hint) and isinstance(hint, type) else told
