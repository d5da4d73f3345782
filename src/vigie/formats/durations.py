"""Columns of text read as durations, in seconds."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.formats.columns import Column, distinct, failed, hit, trimmed, where

Unit = Literal["s", "min", "h"]
Clock = Literal["ms", "hm"]

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}

_N = r"\d{1,9}(?:[.,]\d{1,9})?"
_BARE = rf"^(?P<bare>{_N})$"
_CLOCK = (
    r"^(?:(?P<d>\d{1,6})\s*(?:j|jours?|d|days?),?\s+)?"
    r"(?P<h>\d{1,7}):(?P<min>[0-5]?\d):(?P<s>[0-5]?\d(?:[.,]\d{1,9})?)$"
)
_TWO = r"^(?P<left>\d{1,9})::?(?P<right>[0-5]?\d(?:[.,]\d{1,9})?)$"
_WORDS = (
    rf"^(?:(?P<w>{_N})\s*(?:sem|semaines?|w|weeks?)[\s,]*)?"
    rf"(?:(?P<d>{_N})\s*(?:j|jours?|d|days?)[\s,]*)?"
    rf"(?:(?P<h>{_N})\s*(?:h|heures?|hours?|hrs?)[\s,]*(?:(?P<tail>[0-5]?\d)$)?)?"
    rf"(?:(?P<min>{_N})\s*(?:minutes?|mins?|mn|m|')[\s,]*(?:(?P<tails>[0-5]\d)$)?)?"
    rf"(?:(?P<s>{_N})\s*(?:secondes?|seconds?|secs?|s|''|\")\.?)?$"
)
_ISO = (
    rf"^p(?:(?P<w>{_N})w)?(?:(?P<d>{_N})d)?"
    rf"(?:t(?:(?P<h>{_N})h)?(?:(?P<min>{_N})m)?(?:(?P<s>{_N})s)?)?$"
)
_ISO_SOUND = r"\d[a-z]$"  # "P" and "PT" say nothing


class Durations(NamedTuple):
    values: pa.Array  # float64, seconds
    failed: pa.Array  # boolean


def durations(column: Column, *, unit: Unit = "s", clock: Clock = "ms") -> Durations:
    """Durations in seconds: `90`, `01:30:00`, `2 days, 03:00:00`, `01::30`, `1h30`, `12 min`, `2 j 3 h`, `PT1H30M`.

    A bare number is in `unit`. Two parts, `01:30` or (a slip of some questionnaire tools) `01::30`, are minutes and
    seconds, or hours and minutes with `clock="hm"`: nothing in the cell tells. Words are English or French.
    Negative durations fail, and so do 60 minutes or seconds and more after a colon.
    """
    texts, at = distinct(column)
    text = trimmed(texts)
    small = pc.utf8_lower(pc.replace_substring_regex(text, "[\u00a0\u202f\u2009]", " "))
    left, right = ("min", "s") if clock == "ms" else ("h", "min")
    readings = [
        _sum(small, _BARE, {"bare": SECONDS[unit]}),
        _sum(small, _CLOCK, SECONDS),
        _sum(small, _TWO, {"left": SECONDS[left], "right": SECONDS[right]}),
        _sum(small, _WORDS, SECONDS | {"tail": 60, "tails": 1}),
        _sum(where(pc.match_substring_regex(small, _ISO_SOUND), small, None), _ISO, SECONDS),
    ]
    values = pc.coalesce(*readings)
    return Durations(values.take(at), hit(failed(text, values), at))


def _sum(text: pa.Array, pattern: str, seconds: dict[str, int]) -> pa.Array:
    """The pieces of the cells that fit the pattern, each times its seconds, added up."""
    parts = pc.extract_regex(text, pattern)
    total: Any = np.zeros(len(text))
    if parts.null_count < len(parts):
        for name in (field.name for field in parts.type):
            total = total + seconds[name] * _floats(pc.struct_field(parts, name))
    return where(parts.is_valid(), pa.array(total), None)


def _floats(text: pa.Array) -> Any:
    point = pc.replace_substring(where(pc.not_equal(text, ""), text, None), ",", ".")
    return pc.fill_null(point, "0").cast(pa.float64()).to_numpy(zero_copy_only=False)
