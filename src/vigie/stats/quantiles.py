"""Quantiles of weighted marks and delays, with intervals found on the scale of shares."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from vigie.stats.intervals import Measure, Shares, interval
from vigie.stats.sums import FloatArray

__all__ = ["quantile", "woodruff"]

_ROUNDING = 1e-12  # a share this close below p has reached it


def quantile(values: npt.ArrayLike, weights: npt.ArrayLike, p: npt.ArrayLike) -> FloatArray:
    """Weighted quantiles: the smallest value at or below which a share p of the weights lies.

    q_p = min {x: Σ_{x_i ≤ x} w_i ≥ p Σ w_i}, the lower inverse of the weighted distribution function (R
    `svyquantile(qrule = "math")`, Hyndman & Fan's first definition). Always one of the values.

    Parameters: `values` (n,) in any order, `weights` (n,) not negative: one entry per person, or a histogram of
    distinct values and the sums of weights of those who gave them, as grouped sums yield it; `p` between 0 and 1, any
    shape, which the result has. A value that is nan or without weight does not count; nan where none is left.

    Raises ValueError where shapes differ, a weight is negative or not finite, or p lies outside 0…1.

    Not for delays of which some are still open (`survival`).

    >>> quantile([1, 2, 3, 4], [1, 1, 1, 5], [0.25, 0.5]).tolist()
    [2.0, 4.0]
    """
    wanted = np.asarray(p, dtype=np.float64)
    if ((wanted < 0) | (wanted > 1)).any():
        raise ValueError("the shares of quantiles lie between 0 and 1")
    ordered, below = _distribution(values, weights)
    if not len(ordered):
        return np.full(wanted.shape, np.nan)
    place = np.searchsorted(below, wanted - _ROUNDING)
    return np.asarray(ordered[np.minimum(place, len(ordered) - 1)])


def woodruff(
    values: npt.ArrayLike,
    weights: npt.ArrayLike,
    share: npt.ArrayLike,
    se: npt.ArrayLike,
    df: npt.ArrayLike,
    *,
    level: float = 0.95,
    scale: Shares = "mean",
    n: npt.ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Limits of quantiles: the interval of the share of people at or below the quantile, taken back to values.

    [q(l), q(u)] where (l, u) is the interval of the share F(q) by its design-based standard error (Woodruff 1952).
    Agrees with R `svyquantile(interval.type = "mean" | "xlogit" | "beta")`. A limit is nan where that of the share
    leaves 0…1, as with `mean` in the tails.

    Parameters: `values`, `weights` as for `quantile`; `share`, `se` of being at or below the quantile (estimate them as
    any share: `estimates.estimate` with v = x ≤ q) and the degrees of freedom `df` of the design, any one shape, which
    both results have; `scale` of the interval of the share: `mean` (share ± t·se), `logit` or `beta`, for which `n`
    people of the design are needed. Raises ValueError as `quantile` and `interval` do.

    Not for quantiles beyond which fewer than some five people lie, nor for marks with very few distinct values, where
    the limits are the next mark or none at all.

    >>> low, high = woodruff(np.arange(100), np.ones(100), 0.5, 0.05, 99)
    >>> float(low), float(high)
    (40.0, 59.0)
    """
    theta = np.asarray(share, dtype=np.float64)
    kind: Measure = "mean" if scale == "mean" else "share"
    method: Literal["logit", "beta"] = "beta" if scale == "beta" else "logit"
    # the effective base matters for shares of 0 and 1 only, of which nothing is known here
    limits = interval(kind, theta, se, df, n_effective=np.nan, level=level, method=method, n=n)
    inside = [np.where((limit >= 0) & (limit <= 1), limit, np.nan) for limit in limits]
    low, high = (
        np.where(np.isnan(one), np.nan, quantile(values, weights, np.where(np.isnan(one), 0.5, one))) for one in inside
    )
    return low, high


def _distribution(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Values in rising order, and the share of the weights at or below each."""
    x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.ndim != 1 or x.shape != w.shape:
        raise ValueError("each value has one weight")
    if not np.isfinite(w).all() or (w < 0).any():
        raise ValueError("weights must be finite and not negative")
    counted = ~np.isnan(x) & (w > 0)
    x, w = x[counted], w[counted]
    order = np.argsort(x, kind="stable")
    total = np.cumsum(w[order])
    # of equal values, the last has what lies at or below them
    last = np.append(np.diff(x[order]) > 0, True)[: len(x)]
    return x[order][last], total[last] / total[-1] if len(x) else total
