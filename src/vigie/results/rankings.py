"""Brands, sectors and channels in the order of their scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vigie.results.figures import Flag, RankSet, Source


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What readers who are not the analysts' own may be told of brands: the study's own rule."""

    brands: int = 3
    names: Literal["all", "winners", "none"] | int = "all"
    quotes: int = 5


@dataclass(frozen=True, slots=True)
class CellScore:
    """The mean score of a brand on one channel; none where it stands on too few tests."""

    brand: str
    channel: str
    n: int
    score: float | None
    se: float | None


@dataclass(frozen=True, slots=True)
class LeagueEntry:
    """A ranked brand."""

    brand: str
    n: int
    score: float
    se: float
    ci_low: float
    ci_high: float
    flag: Flag
    rank: RankSet
    possible_first: bool
    reaches_threshold: Literal["yes", "no", "unsure"] | None  # interval above, below, or across the threshold
    absent_channels: tuple[str, ...] = ()
    slopes: tuple[float, ...] = ()  # by how much the score moves with each channel's weight, where a survey gave these
    also_before: tuple[str, ...] | None = None  # whom it is proved to be before although their rank sets meet


@dataclass(frozen=True, slots=True)
class Unranked:
    """A brand that is listed but not ranked, and why (a key of language.REASONS)."""

    brand: str
    n: int
    reason: str


@dataclass(frozen=True, slots=True)
class League:
    """Brands of one family in the order of their scores, each with its rank set.

    `sets` tells which statement the rank sets make: `simultaneous` about the whole league at once, `marginal` about
    one brand at a time. `verdict` is `first` (one winner, rank set {1} and threshold reached), `tied` (several possible
    firsts; `winners` lists them), or `none` (nobody is proved to reach the threshold).
    """

    family: str  # "sector:energy" or "all"
    sets: Literal["simultaneous", "marginal"]
    level: float
    draws: int
    seed: int
    out_of: float
    threshold: float | None
    entries: tuple[LeagueEntry, ...]
    unranked: tuple[Unranked, ...]
    verdict: Literal["first", "tied", "none"]
    winners: tuple[str, ...]
    identity: str = ""
    source: Source = "mystery"
    indicator: str = "mystery_score"
    of: Literal["brand", "sector", "channel"] = "brand"  # what is ranked; an entry's `brand` holds its code
    weights_cov: tuple[
        tuple[float, ...], ...
    ] = ()  # W, of the channels' weights: scores a and b share slopes_a′ W slopes_b
