"""Columns of text read as dates and times.

Times are kept as they stand on the clock of whoever wrote them: an offset from UTC is read, dropped, and reported, so
that a column with several offsets, whose times cannot be compared, is noticed and not silently shifted.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.formats.columns import Column, failed, trimmed, where

Order = Literal["ymd", "dmy", "mdy", "excel"]

_TIME = (
    r"(?:(?:T|\s+|\s*,\s*|\s+à\s+)(?P<hour>\d{1,2})[:h](?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp][Mm])?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?)?$"
)
_YEAR_FIRST = r"^(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P<mark2>[-/.])(?P<day>\d{1,2})" + _TIME
_YEAR_LAST = r"^(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P<mark2>[-/.])(?P<year>\d{4})" + _TIME
_SERIAL = r"^\d{1,7}(?:\.\d+)?$"
_EPOCH = np.datetime64("1899-12-30", "us")
_SERIALS = (61, 2_958_466)  # before 1 March 1900 the numbers of Excel are one day off; the last day is 31 Dec 9999


class Dates(NamedTuple):
    """Values without zone; `order` is None and `ambiguous` true when day and month cannot be told apart.

    `offsets` lists the offsets from UTC that the cells bear, "" for none; more than one is a reason for a problem.
    """

    values: pa.Array  # timestamp[us]
    failed: pa.Array  # boolean
    order: Order | None
    ambiguous: bool
    offsets: tuple[str, ...]


def dates(column: Column, *, order: Order | None = None) -> Dates:
    """Dates with or without time: ISO (`2024-01-08T14:03:00Z`), `08/01/2024 14:03`, `8.1.2024`, `1/8/2024 2:03 PM`.

    The year has four digits and stands first or last; a year that stands first is followed by month and day. When it
    stands last, `order` is recognised over the whole column: some first number above 12, or points between the numbers,
    say day first; some second number above 12 says month first. When nothing says it, these cells are null and not
    failed, and the result is ambiguous. `order="excel"` also reads serial numbers of days. Impossible dates fail.
    """
    text = trimmed(column)
    first = pc.extract_regex(text, _YEAR_FIRST)
    last = pc.extract_regex(text, _YEAR_LAST)
    values, offsets = _built(first, _number(first, "month"), _number(first, "day"))
    used = order or _recognised(last)
    ambiguous = used is None
    if used in {"dmy", "mdy"}:
        month, day = ("two", "one") if used == "dmy" else ("one", "two")
        more, other = _built(last, _number(last, month), _number(last, day))
        values, offsets = pc.coalesce(values, more), offsets | other
    if order == "excel":
        values = pc.coalesce(values, _serials(text))
    wrong = failed(text, values)
    if ambiguous:
        wrong = pc.and_(wrong, last.is_null())
    return Dates(values, wrong, used, ambiguous, tuple(sorted(offsets)))


def _recognised(last: pa.Array) -> Order | None:
    """The order that the cells with the year at the end are in, None when nothing tells."""
    one, two = _number(last, "one"), _number(last, "two")
    points = pc.fill_null(pc.equal(_field(last, "mark"), "."), False).to_numpy(zero_copy_only=False)
    day_first = int(np.sum((one > 12) | points))
    month_first = int(np.sum((two > 12) & ~points))
    if day_first or month_first:
        return "dmy" if day_first >= month_first else "mdy"
    if last.null_count == len(last):
        return "ymd"
    return None if np.any(one != two) else "dmy"  # 05/05/2024 is the same day either way


def _built(parts: pa.Array, month: Any, day: Any) -> tuple[pa.Array, set[str]]:
    """Timestamps from the pieces of the cells that fit, and the offsets that these bear."""
    year, hour = _number(parts, "year"), _number(parts, "hour")
    minute, second = _number(parts, "minute"), _number(parts, "second")
    fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(_field(parts, "fraction"), 6, "0"), 0, 6)
    micro = _integers(fraction)
    half = pc.fill_null(pc.utf8_lower(_field(parts, "half")), "").to_numpy(zero_copy_only=False)
    halved = half != ""
    sound = ~halved | ((hour >= 1) & (hour <= 12))
    hour = np.where(halved, hour % 12 + 12 * (half == "pm"), hour)
    sound &= (hour < 24) & (minute < 60) & (second < 60) & (month >= 1) & (month <= 12) & (year >= 1)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    sound &= (day >= 1) & (days.astype("datetime64[M]") == months)  # 30 February falls into March
    moments = days.astype("datetime64[us]") + (((hour * 60 + minute) * 60 + second) * 1_000_000 + micro)
    same_mark = pc.fill_null(pc.equal(_field(parts, "mark"), _field(parts, "mark2")), False)
    fits = pc.and_(pa.array(sound), same_mark)
    offsets = pc.unique(pc.filter(_field(parts, "offset"), fits)).to_pylist()
    return where(fits, pa.array(moments, pa.timestamp("us")), None), set(offsets)


def _serials(text: pa.Array) -> pa.Array:
    numbers = where(pc.match_substring_regex(text, _SERIAL), text, None).cast(pa.float64())
    low, high = _SERIALS
    fits = pc.and_(pc.greater_equal(numbers, low), pc.less(numbers, high))
    days = pc.fill_null(where(fits, numbers, None), 0.0).to_numpy(zero_copy_only=False)
    milliseconds = np.round(days * 86_400_000).astype("int64")  # a serial is exact to some 0.1 ms
    return where(fits, pa.array(_EPOCH + milliseconds * 1000, pa.timestamp("us")), None)


def _field(parts: pa.Array, name: str) -> pa.Array:
    return pc.struct_field(parts, name)


def _number(parts: pa.Array, name: str) -> Any:
    """The named piece as integers, 0 where there is none."""
    return _integers(_field(parts, name))


def _integers(text: pa.Array) -> Any:
    return pc.fill_null(where(pc.not_equal(text, ""), text, None), "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
