"""`results.json` read back: the same records that were written, so that pages can be drawn without computing again."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from vigie.results.figures import Lineage, Segment
from vigie.results.waves import WaveResults

Decode = Callable[[Any], Any]


def from_json(text: str | bytes) -> WaveResults:
    """The results of a wave, as `to_json` wrote them.

    Raises ValueError for a text that holds something else.
    """
    try:
        made = _record(WaveResults)(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"these are no results that this version wrote: {error}") from error
    if not isinstance(made, WaveResults):
        raise ValueError("these are no results of a wave")  # noqa: TRY004 - the text is at fault
    return made


def _same(value: Any) -> Any:
    return value


@cache
def _record(kind: type) -> Decode:
    """Reads a mapping as a record of this kind; its fields are looked at when the first is read, for some hold others
    of their own kind.
    """
    plain: list[str] = []
    made: list[tuple[str, Decode]] = []

    def read(value: Any) -> Any:
        if not plain:
            hints = get_type_hints(kind)
            told = [(f.name, _decoder(hints[f.name])) for f in fields(kind)]
            plain.extend(name for name, decode in told if decode is _same)
            made.extend((name, decode) for name, decode in told if decode is not _same)
        given = {name: value[name] for name in plain if name in value}  # an older release knows fewer: their defaults
        given |= {name: decode(value[name]) for name, decode in made if name in value}
        return kind(**given)

    return read


@cache
def _decoder(kind: Any) -> Decode:
    """Reads a value of an annotated type."""
    if kind == Segment:
        return _segment
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        decode = _decoder(next(k for k in inner if k is not type(None)))
        return decode if decode is _same else lambda value: None if value is None else decode(value)
    if origin is tuple:
        return _tuple(inner)
    if origin is Mapping or origin is types.MappingProxyType:
        decode = _decoder(inner[1])
        return _same if decode is _same else lambda value: {k: decode(v) for k, v in value.items()}
    if origin is Literal or not (isinstance(kind, type) and is_dataclass(kind)):
        return _same
    return _shared(_record(kind)) if kind is Lineage else _record(kind)


def _tuple(inner: tuple[Any, ...]) -> Decode:
    if inner[-1] is Ellipsis:
        decode = _decoder(inner[0])
        return tuple if decode is _same else lambda value: tuple(map(decode, value))
    decodes = [_decoder(k) for k in inner]
    return lambda value: tuple(d(v) for d, v in zip(decodes, value, strict=True))


def _segment(value: Any) -> Segment:
    return tuple(value.items()) if isinstance(value, dict) else tuple((name, code) for name, code in value)


def _shared(decode: Decode) -> Decode:
    """Thousands of figures have a few lineages: equal ones become one record."""
    known: dict[str, Any] = {}

    def read(value: Any) -> Any:
        key = json.dumps(value)
        if key not in known:
            if len(known) > 10_000:
                known.clear()
            known[key] = decode(value)
        return known[key]

    return read
