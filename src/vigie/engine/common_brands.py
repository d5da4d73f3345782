"""A channel's mean mystery score over the brands that two waves tested: other brands are no change of the channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from vigie.results.rankings import CellScore
from vigie.stats.significance import difference

Tested = Mapping[str, CellScore]  # by brand
ENOUGH = 2  # tests, from which a brand counts in the mean of a channel


@dataclass(frozen=True, slots=True)
class OnCommon:
    """The difference of two waves over the brands of both, each brand counted once."""

    difference: float
    se: float
    p: float
    n: int  # tests of these brands, in the wave that has fewer


def brands_of(cells: Iterable[CellScore], channel: str | None) -> Tested:
    """The brands that the mean of a channel stands on, whether their own score is shown or not."""
    return {c.brand: c for c in cells if c.channel == channel and c.score is not None and c.n >= ENOUGH}


def on_common(now: Tested, then: Tested) -> OnCommon | None:
    """What changed at the brands of both waves; None where there is none.

    Tests of two waves are independent. Within a wave brands with few tests share one variance, so that the degrees of
    freedom are those of all tests within their brands.
    """
    brands = sorted(now.keys() & then.keys())
    if not brands:
        return None
    means, tests = [], []
    for cells in (now, then):
        scores = np.array([cells[b].score for b in brands], dtype=np.float64)
        errors = np.array([cells[b].se for b in brands], dtype=np.float64)
        means += [float(scores.mean()), float(np.sqrt((errors**2).sum()) / len(brands))]
        tests.append(sum(cells[b].n for b in brands))
    change, se, p = difference(means[0], means[1], means[2], means[3], df=sum(tests) - 2 * len(brands))
    known = bool(means[1] and means[3])  # where all tests of a wave have one score, how they vary is not known
    return OnCommon(float(change), float(se), float(p) if known else np.nan, min(tests))
