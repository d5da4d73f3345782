"""Columns of text read as numbers, dates, durations, codes and truths, a whole column at a time.

Each reader gives the typed values, null where the cell is empty or wrong, and a mask of the cells that are filled and
wrong: what to say about them is the caller's business. Nothing is guessed from one cell that the column contradicts.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from vigie.formats.columns import Column, distinct, failed, hit, trimmed, where
from vigie.formats.dates import Dates, Order, dates
from vigie.formats.durations import Durations, durations

__all__ = [
    "Dates",
    "Durations",
    "Numbers",
    "Order",
    "Truths",
    "codes",
    "dates",
    "durations",
    "numbers",
    "truths",
]

Mark = Literal[".", ","]

SPACES = "[ \u00a0\u202f\u2009]"  # plain, no-break, narrow no-break, thin
TRUE = ("1", "true", "yes", "oui", "vrai")
FALSE = ("0", "false", "no", "non", "faux")


class Numbers(NamedTuple):
    values: pa.Array  # float64
    failed: pa.Array  # boolean
    decimal: Mark


class Truths(NamedTuple):
    values: pa.Array  # boolean
    failed: pa.Array  # boolean


def numbers(column: Column, *, decimal: Mark | None = None) -> Numbers:
    """Numbers written in the English or the French way: `1234.5`, `1 234,5`, `-3`, `2e6`.

    The decimal comma is recognised when some cell is written `12,5` or `1.234,5` and no other has a point. Thousands
    may be set apart by spaces; by the other mark (`1,234.5`) only where the decimal mark stands in the same cell or is
    given by the caller, because `1,234` alone may be either. Percent signs, `inf`, `nan` and anything else fail.
    """
    texts, at = distinct(column)
    filled = trimmed(texts)
    text = _plain(filled)
    mark = decimal or _decimal(text)
    other, escaped = (",", r"\.") if mark == "." else (r"\.", ",")
    grouped = rf"^[+-]?\d{{1,3}}(?:{SPACES}\d{{3}})+(?:{escaped}\d+)?$"
    text = where(pc.match_substring_regex(text, grouped), pc.replace_substring_regex(text, SPACES, ""), text)
    fraction = "?" if decimal else ""
    grouped = rf"^[+-]?\d{{1,3}}(?:{other}\d{{3}})+(?:{escaped}\d+){fraction}$"
    text = where(pc.match_substring_regex(text, grouped), pc.replace_substring_regex(text, other, ""), text)
    fits = pc.match_substring_regex(text, rf"^[+-]?(?:\d+(?:{escaped}\d*)?|{escaped}\d+)(?:[eE][+-]?\d{{1,4}})?$")
    text = pc.replace_substring(where(fits, text, None), mark, ".")
    values = text.cast(pa.float64())
    values = where(pc.is_finite(values), values, None)  # 1e999 is written like a number and is none
    return Numbers(values.take(at), hit(failed(filled, values), at), mark)


def codes(column: Column) -> pa.Array:
    """Codes as the study writes them: trimmed, composed (NFC), plain spaces, and `4.0` or `4,00` as `4`."""
    texts, at = distinct(column)
    text = pc.replace_substring_regex(pc.utf8_normalize(trimmed(texts), form="NFC"), SPACES, " ")
    return pc.replace_substring_regex(text, r"^(-?\d+)(?:\.0+|,00?)$", r"\1").take(at)


def truths(column: Column) -> Truths:
    """Yes and no in English and French, in figures (`1`, `0`, `1.0`) or words, upper or lower case."""
    texts, at = distinct(column)
    text = pc.utf8_lower(codes(texts))
    true = pc.is_in(text, pa.array(TRUE))
    known = pc.or_(true, pc.is_in(text, pa.array(FALSE)))
    values = where(known, true, None)
    return Truths(values.take(at), hit(failed(text, values), at))


def _decimal(text: pa.Array) -> Mark:
    grouped = pc.match_substring_regex(text, r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$")  # its points are none of decimals
    commas = pc.or_(grouped, pc.match_substring_regex(text, rf"^[+-]?\d+(?:{SPACES}\d{{3}})*,\d+$"))
    points = pc.and_not(pc.match_substring(text, "."), grouped)
    return "," if pc.any(commas).as_py() and not pc.any(points).as_py() else "."


def _plain(text: pa.Array) -> pa.Array:
    """With the typographic minus sign as the plain one."""
    return pc.replace_substring(text, "\u2212", "-")
