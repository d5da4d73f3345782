"""Names as they are set: cut to a length, batteries told apart, scripts kept from turning each other round."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from vigie.language import shortened

BETWEEN = " – "  # the stem and the item of a battery
LEAST_STEM = 12  # characters of a stem that still say something
MARKS = "\u2068\u2069"
Parted = tuple[Counter[str], Counter[str]]


@functools.lru_cache(maxsize=8192)
def isolated(text: str) -> str:
    """A name written from right to left keeps to itself, and does not turn its neighbours round."""
    return f"\u2068{text}\u2069" if any(unicodedata.bidirectional(c) in ("R", "AL") for c in text) else text


def stemmed(name: str) -> tuple[str, str]:
    """The stem and the item of a battery's wording, which a dash parts; a name without dash has no item."""
    stem, dash, item = name.partition(BETWEEN)
    return (stem, item) if dash and item else (name, "")


def without_loop(text: str) -> str:
    """A loop's placeholder becomes an ellipsis."""
    return re.sub(r"\{\w+\}", "[…]", text)


def parted(names: Iterable[str]) -> Parted:
    """How many names begin with the same words before a dash, and how many end with the same after it."""
    found = [stemmed(name.strip(MARKS)) for name in names]
    return Counter(stem for stem, _ in found), Counter(item or stem for stem, item in found)


def cut(name: str, most: int, among: Parted) -> str:
    """A name of at most so many characters, `among` others.

    Of a battery the item alone, where no other name has the same item; else as much of the stem as there is room for,
    so that two items are never headed by the same words.
    """
    stem, item = stemmed(name.strip(MARKS))
    stems, items = among
    if item and stems[stem] > 1 and items[item] < 2:
        return isolated(shortened(item, most))
    text = f"{stem}{BETWEEN}{item}" if item else stem
    room = most - len(item) - len(BETWEEN)
    if item and len(text) > most and room >= LEAST_STEM:
        return isolated(f"{shortened(stem, room)}{BETWEEN}{item}")
    return isolated(shortened(text, most))
