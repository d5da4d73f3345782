"""What people wrote, as somebody looks for it: the search, and the texts that it finds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Order = Literal["recent", "worst", "best"]


@dataclass(frozen=True, slots=True)
class Search:
    """Which texts of a wave are wanted; what is empty narrows nothing."""

    words: str = ""
    source: str = ""
    question: str = ""
    channel: str = ""
    brand: str = ""
    polarity: str = ""
    intensity: int = 0  # at least so strong
    order: Order = "recent"


@dataclass(frozen=True, slots=True)
class Rule:
    """What of the texts may be shown to somebody.

    A text is withheld where fewer than `people` wrote in answer to the same question of the same channel and brand.
    With `brands`, only texts about these are there at all, and with `masked` the names of all others are left out of
    them.
    """

    people: int = 0
    brands: tuple[str, ...] = ()
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Verbatim:
    """One redacted text, with where it was written and, of a review, what must stand beside it (ISO 20488)."""

    source: str
    question: str
    text: str
    language: str
    channel: str
    brands: tuple[str, ...]
    polarity: str  # empty where no coder read it
    intensity: float | None
    stars: float | None = None
    published: dt.date | None = None
    experienced: dt.date | None = None
    solicited: str = ""
    verified: str = ""
    replied: str = ""


@dataclass(frozen=True, slots=True)
class Verbatims:
    """The texts that a search finds, a page of them; counts are of all."""

    total: int
    withheld: int  # texts of groups that are too small to be shown
    polarities: tuple[tuple[str, int], ...]  # of those that may be shown
    found: tuple[Verbatim, ...]
