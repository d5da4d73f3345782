"""Dates told from the day on which they were read: "il y a 3 jours", "2 weeks ago", "hier", "last month"."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.formats.columns import Column, trimmed, where

_ONE = {"un", "une", "a", "an", "one"}
_UNITS: dict[str, tuple[int, float]] = {  # months and days of one
    "s": (0, 1 / 86_400), "sec": (0, 1 / 86_400), "second": (0, 1 / 86_400), "seconde": (0, 1 / 86_400),
    "min": (0, 1 / 1440), "mn": (0, 1 / 1440), "minute": (0, 1 / 1440),
    "h": (0, 1 / 24), "hr": (0, 1 / 24), "hour": (0, 1 / 24), "heure": (0, 1 / 24),
    "j": (0, 1), "d": (0, 1), "day": (0, 1), "jour": (0, 1),
    "w": (0, 7), "sem": (0, 7), "week": (0, 7), "semaine": (0, 7),
    "mois": (1, 0), "mo": (1, 0), "month": (1, 0),
    "an": (12, 0), "année": (12, 0), "y": (12, 0), "yr": (12, 0), "year": (12, 0),
}  # fmt: skip
_FIXED: dict[str, tuple[int, float]] = {
    "aujourd'hui": (0, 0), "today": (0, 0), "à l'instant": (0, 0), "just now": (0, 0), "now": (0, 0),
    "hier": (0, 1), "yesterday": (0, 1), "avant-hier": (0, 2), "the day before yesterday": (0, 2),
    "la semaine dernière": (0, 7), "la semaine passée": (0, 7), "last week": (0, 7),
    "le mois dernier": (1, 0), "le mois passé": (1, 0), "last month": (1, 0),
    "l'an dernier": (12, 0), "l'année dernière": (12, 0), "l'an passé": (12, 0), "last year": (12, 0),
}  # fmt: skip
_AGO = re.compile(r"(?:il y a|y a)\s+(?:environ\s+|moins d'|plus d')?(\d{1,4}|une?)\s*([a-zé]+)|"
                  r"(?:about\s+|over\s+)?(\d{1,4}|an?|one)\s*([a-z]+)\s+ago")  # fmt: skip


class RelativeDates(NamedTuple):
    """Days, null where a cell is none; and where cells are told from another day, whether that day is known or not."""

    values: pa.Array  # timestamp[us], at midnight
    relative: pa.Array  # boolean


def relative_dates(column: Column, read_on: pa.Array) -> RelativeDates:
    """The days of cells that count from `read_on` (timestamps): "il y a un mois", "3 days ago", "hier".

    Months and years go back in the calendar, to the last day of a shorter month. Hours and minutes count from the time
    that `read_on` holds; where it is a bare day, they stay within it. Other cells, and cells whose `read_on` is null,
    give null. Each distinct text is looked at once.
    """
    encoded = trimmed(column).dictionary_encode()
    told = [_back(text) for text in encoded.dictionary.to_pylist()]
    known = pa.array([t is not None for t in told], pa.bool_()).take(encoded.indices)
    months = pa.array([t[0] if t else 0 for t in told], pa.int64()).take(encoded.indices)
    days = pa.array([t[1] if t else 0.0 for t in told], pa.float64()).take(encoded.indices)
    usable = pc.and_(pc.fill_null(known, False), read_on.is_valid())
    start = pc.fill_null(read_on.cast(pa.int64()), 0).to_numpy(zero_copy_only=False).astype("datetime64[us]")
    found = _earlier(start, pc.fill_null(months, 0).to_numpy(), pc.fill_null(days, 0.0).to_numpy())
    return RelativeDates(
        where(usable, pa.array(found.astype("datetime64[us]"), pa.timestamp("us")), None), pc.fill_null(known, False)
    )


def _back(text: str) -> tuple[int, float] | None:
    """How many months and days a text goes back; None where it is no relative date."""
    plain = re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip(" .")
    if plain in _FIXED:
        return _FIXED[plain]
    match = _AGO.fullmatch(plain)
    if match is None:
        return None
    count, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
    step = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    if step is None:
        return None
    times = 1 if count in _ONE else int(count)
    return step[0] * times, step[1] * times


def _earlier(start: np.ndarray, months: np.ndarray, days: np.ndarray) -> np.ndarray:
    """The days so many months and days before."""
    bare = start == start.astype("datetime64[D]")
    part = np.where(bare, np.floor(days), days)  # hours before a day whose time is unknown
    moment = start - np.round(part * 86_400e6).astype("timedelta64[us]")
    day = moment.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    number = (day - month.astype("datetime64[D]")).astype(np.int64)
    target = month - months.astype("timedelta64[M]")
    last = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64) - 1
    result: np.ndarray = target.astype("datetime64[D]") + np.minimum(number, last)
    return result
