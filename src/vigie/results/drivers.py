"""Which marks go together with an overall mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vigie.results.figures import Flag, Lineage, Source, Texts


@dataclass(frozen=True, slots=True)
class Driver:
    """One mark that may go together with the overall mark: how much it does, and how high it is.

    Of an analysis by penalties and rewards also what a low mark costs and a high one brings, in the unit of the overall
    mark, and what the two say together: `basic` (taken for granted: low marks cost more than high ones bring), `linear`
    (no difference is proved), or `delight` (high marks bring more than low ones cost).
    """

    attribute: str  # the question
    label: Texts
    importance: float | None  # share of what all of them explain together; they add up to 1
    importance_low: float | None
    importance_high: float | None
    performance: float  # weighted mean of the mark
    performance_low: float | None
    performance_high: float | None
    correlation: float | None  # with the overall mark; below 0, higher marks go with a lower overall mark
    scale: tuple[float, float] | None = None  # the ends of its scale; none of a number
    penalty: float | None = None
    penalty_low: float | None = None
    penalty_high: float | None = None
    reward: float | None = None
    reward_low: float | None = None
    reward_high: float | None = None
    kind: Literal["", "basic", "linear", "delight"] = ""


@dataclass(frozen=True, slots=True)
class Drivers:
    """Which marks go together with an overall mark, and how much each does: an association, not a cause.

    On the people of the base who gave every mark; hidden, and then without figures, where these are too few.
    """

    id: str
    label: Texts  # of the overall mark
    of: str  # its question
    source: Source
    wave: str
    method: Literal["shapley", "johnson", "penalty_reward"]
    entries: tuple[Driver, ...]  # the most important first
    n: int
    n_effective: float | None
    left_out: int  # people of the base without one of the marks
    r2: float | None  # share of the variance of the overall mark that all of them explain together
    r2_low: float | None
    r2_high: float | None
    level: float
    replicates: int  # of the bootstrap
    seed: int
    flag: Flag
    lineage: Lineage
    low: float | None = None  # marks up to this one were low, and from `high` on high (penalties and rewards)
    high: float | None = None
