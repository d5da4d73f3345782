"""Figures set against others: an index on a reference, two answers of the same people, brands with few reviews."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from vigie.stats.sums import BoolArray, FloatArray

__all__ = ["Shrunk", "index", "mcnemar", "shrunk"]

_FEWEST = 4  # below this many brands their common spread cannot be estimated well enough to gain by it


def index(
    value: npt.ArrayLike,
    se: npt.ArrayLike,
    reference: npt.ArrayLike,
    reference_se: npt.ArrayLike,
    cov: npt.ArrayLike = 0.0,
) -> tuple[FloatArray, FloatArray]:
    """A figure with the reference as 100, 100·θ/θ_ref, and its standard error in points of the index.

    Var = 100²·[V + I²·V_ref - 2·I·Cov]/θ_ref², I = θ/θ_ref (delta method; Särndal, Swensson & Wretman 1992, §5.5).
    Parameters broadcast to one shape, which both results have; value and reference in one unit, `cov` its square: 0
    for independent samples, from `covariance` where the same people answer. `reference_se` is 0 where the reference is
    a fixed number. Both results are nan where the reference is not positive or something is missing.

    Not where the reference is known badly (less than some five of its standard errors from 0): a ratio is then far from
    normal. The test of a change is that of the difference, not of the index against 100.

    >>> [round(float(x), 4) for x in index(0.6, 0.03, 0.5, 0.0)]  # against a fixed number
    [120.0, 6.0]
    >>> [round(float(x), 4) for x in index(0.6, 0.03, 0.5, 0.025)]  # 200·√(0.03² + (1.2·0.025)²)
    [120.0, 8.4853]
    """
    theta, error, base, base_error, shared = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (value, se, reference, reference_se, cov))
    )
    below = np.where(base > 0, base, np.nan)
    ratio = theta / below
    terms = error**2 + (ratio * base_error) ** 2
    variance = terms - 2 * ratio * shared
    # a figure against itself has no spread: what rounding leaves of it is called zero
    variance = np.where(variance < 1e-14 * terms, 0.0, variance)
    return 100 * ratio, 100 * np.sqrt(variance) / below


def mcnemar(table: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Whether as many people change one way as the other: χ² = (b - c)²/(b + c) on one degree of freedom, and p.

    For two yes/no answers of the same people (expected and had, before and after): b said yes then no, c no then yes;
    those who said the same twice do not matter. McNemar 1947, without continuity correction; agrees with R
    `mcnemar.test(correct=FALSE)`.

    Parameters: `table` (…, 2, 2) counts of people, rows the first answer. Results have shape (…); nan where nobody
    changed. Raises ValueError for another shape and for negative counts.

    Not for weighted or clustered people (take the mean of the differences and its design-based error), nor where b + c
    is below some 10.

    >>> chisq, p = mcnemar([[30, 25], [12, 33]])  # 13²/37
    >>> round(float(chisq), 4), round(float(p), 4)
    (4.5676, 0.0326)
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.shape[-2:] != (2, 2) or (counts < 0).any():
        raise ValueError("a table of counts has two rows and two columns, and nothing negative")
    one, other = counts[..., 0, 1], counts[..., 1, 0]
    moved = one + other
    chisq = np.divide((one - other) ** 2, moved, out=np.full(moved.shape, np.nan), where=moved > 0)
    return chisq, np.asarray(chdtrc(1.0, chisq))


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Means of B brands drawn towards the mean of all, as far as each is uncertain; in the unit of the means."""

    value: FloatArray  # (B,) nan where the brand has no reviews
    se: FloatArray  # (B,)
    weight: FloatArray  # (B,) of the brand's own mean, 0 to 1; 1 where nothing is shrunk
    centre: float  # the mean of all that brands are drawn to; nan where nothing is shrunk
    between: float  # variance between brands in truth, as estimated; nan where nothing is shrunk


def shrunk(mean: npt.ArrayLike, se: npt.ArrayLike, n: npt.ArrayLike, *, pool_below: int = 30) -> Shrunk:
    """Empirical Bayes means of brands with few reviews: λ·own mean + (1 - λ)·mean of all, λ = τ²/(τ² + V).

    The variance τ² between brands is Paule & Mandel's (1982), the root of Σ (m - μ)²/(τ² + V) = B - 1 with
    μ = Σ m/(τ² + V) / Σ 1/(τ² + V); 0 where the brands differ by no more than chance, so that all have one mean. The
    standard error, Morris's (1983), contains that μ and τ² are estimated:
    λV + (1 - λ)²/Σ[1/(τ² + V)] + 2/(B - 3)·(1 - λ)²·(V̄ + τ²)/(V + τ²)·(m - μ)², V̄ the mean V weighted by 1/(τ² + V).

    A brand with fewer than `pool_below` reviews, or whose reviews are all equal, has the variance of one review of all
    brands, Σ (n - 1)·n·se² / Σ (n - 1), over its own n: three reviews of five stars each are not known for certain.

    Parameters: `mean`, `se` (B,) in one unit, `n` (B,) reviews; `se` is not read where n is 1. A brand without a
    mean or reviews is nan and counts nowhere. With fewer than 4 brands, or without any variance, nothing is shrunk. On
    simulated reviews (25 brands of 3 to 80 each) the squared error falls by more than a fifth, and value ± 1.96 se
    holds the truth in 93 % of cases or more.

    Raises ValueError where shapes differ or something is negative.

    Not for a ranking with rank sets (these already say how little is known), nor where brands are not alike (two
    sectors: shrink each on its own); a shrunk mean is not the mean of the brand's reviews; never print it as such.

    >>> found = shrunk([3.4, 3.8, 4.2, 4.6], [0.2] * 4, [50] * 4)  # variance 0.2667 of the means, 0.04 of it by chance
    >>> round(float(found.weight[0]), 4), found.value.round(4).tolist()  # λ = 1 - 0.04/0.2667
    (0.85, [3.49, 3.83, 4.17, 4.51])
    """
    own, error, count = (np.asarray(a, dtype=np.float64) for a in (mean, se, n))
    if own.ndim != 1 or error.shape != own.shape or count.shape != own.shape:
        raise ValueError("mean, se and n have one entry per brand")
    if (error < 0).any() or (count < 0).any():
        raise ValueError("standard errors and numbers of reviews are not negative")
    variance = _variances(error, count, pool_below)
    known = np.isfinite(own) & (count > 0) & (variance > 0)
    if known.sum() < _FEWEST:
        there = np.isfinite(own) & (count > 0)
        value, spread, weight = (np.where(there, a, np.nan) for a in (own, np.sqrt(variance), 1.0))
        return Shrunk(value, spread, weight, float("nan"), float("nan"))
    between = _paule_mandel(own[known], variance[known])
    precision = 1 / (between + variance[known])
    centre = float(precision @ own[known] / precision.sum())
    rest = variance * _over(known, precision)
    typical = float(precision @ variance[known] / precision.sum())
    value = centre + (1 - rest) * (own - centre)
    doubt = 2 / (known.sum() - 3) * rest**2 * (typical + between) / (variance + between) * (own - centre) ** 2
    spread = np.sqrt((1 - rest) * variance + rest**2 / precision.sum() + doubt)
    return Shrunk(value, spread, 1 - rest, centre, between)


def _variances(error: FloatArray, count: FloatArray, pool_below: int) -> FloatArray:
    """The variance of each mean (B,): its own, or that of one review of all brands over n; nan without reviews."""
    spread = np.isfinite(error) & (count > 1)
    freedom = np.where(spread, count - 1, 0.0)
    single = np.where(spread, count * error**2, 0.0)
    pooled = float(freedom @ single / freedom.sum()) if freedom.sum() > 0 else np.nan
    alone = (count < pool_below) | ~(single > 0)
    return np.where(alone, pooled, single) / np.where(count > 0, count, np.nan)


def _over(known: BoolArray, values: FloatArray) -> FloatArray:
    """Values of the known brands at their places, nan elsewhere."""
    out = np.full(known.shape, np.nan)
    out[known] = values
    return out


def _paule_mandel(own: FloatArray, variance: FloatArray) -> float:
    """τ² ≥ 0; Newton's steps rise to the root without passing it, since the sum is convex and falls."""
    between, wanted = 0.0, len(own) - 1
    for _ in range(200):
        precision = 1 / (between + variance)
        square = (own - precision @ own / precision.sum()) ** 2
        excess = float(precision @ square) - wanted
        if excess <= 1e-12 * wanted:
            break
        between += excess / float(precision**2 @ square)
    return between
