"""Confidence intervals of figures."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, expit, logit, ndtri, stdtrit

from vigie.stats.sums import FloatArray

__all__ = ["interval", "t_quantile"]

Measure = Literal["share", "mean", "nps", "score"]
Shares = Literal["logit", "beta", "mean"]  # how the interval of a share is found; `mean` is value ± t·se
_EDGE = 1e-12  # a share this close to 0 or 1 is 0 or 1


def interval(
    kind: Measure,
    value: npt.ArrayLike,
    se: npt.ArrayLike,
    df: npt.ArrayLike,
    *,
    n_effective: npt.ArrayLike | None = None,
    level: float = 0.95,
    low: float | None = None,
    high: float | None = None,
    method: Literal["logit", "beta"] = "logit",
    n: npt.ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Two-sided confidence limits, in the unit of the value.

    Shares: value ± t·se on the logit scale, expit(logit θ ± t·se/(θ(1-θ))), as R `svyciprop(method="logit")`, so that
    limits stay within 0 and 1; a share of exactly 0 or 1 has the Clopper-Pearson (1934) limits on its effective base,
    1 - (α/2)^(1/n) and (α/2)^(1/n); one beyond, as negative weights can give it, has value ± t·se. Means, NPS and
    scores: value ± t·se, cut at `low` and `high` when given. t is the quantile of Student's distribution at `df`, of
    the normal at infinite `df`.

    With `method="beta"` shares have the limits of Clopper and Pearson at the base m = θ(1-θ)/se²·(t_{n-1}/t_df)² that
    the design is worth, n people in it (Korn & Graubard 1998), as R `svyciprop(method="beta")`: closer to the level
    than logit for shares near 0 or 1 and small bases, and a little wider elsewhere.

    Parameters broadcast to one shape, which the two results have; `n_effective` (people) is needed for shares, and `n`
    (people of the design, in the base or not) for `beta`. Limits are nan where value or se is nan, where df is not
    positive, and where a share between 0 and 1 has no standard error (one person alone has no spread). Raises
    ValueError for a share without its bases, for an unknown level or method.

    Not for a share of 0 or 1 among people clustered in few units other than themselves: the effective base knows
    unequal weights only.

    >>> low, high = interval("share", 0.02, 0.014, 99, n_effective=100, method="beta", n=100)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0024, 0.0704)
    """
    if not 0 < level < 1 or method not in {"logit", "beta"}:
        raise ValueError(f"the level {level} is not between 0 and 1, or the method {method!r} is not offered")
    theta, error, t = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (value, se)), t_quantile(df, level)
    )
    if kind == "share":
        if n_effective is None:
            raise ValueError("the interval of a share needs the effective base")
        base = np.broadcast_to(np.asarray(n_effective, dtype=np.float64), theta.shape)
        limits = _share(theta, error, t, base, level)
        if method == "logit":
            return limits
        if n is None:
            raise ValueError("the beta interval of a share needs the people of the design")
        people = np.broadcast_to(np.asarray(n, dtype=np.float64), theta.shape)
        return _beta(theta, error, t_quantile(people - 1, level) / t, level, limits)
    lower, upper = theta - t * error, theta + t * error
    return (
        lower if low is None else np.maximum(lower, low),
        upper if high is None else np.minimum(upper, high),
    )


def t_quantile(df: npt.ArrayLike, level: float) -> FloatArray:
    """The two-sided quantile t of Student's distribution (1908) at `df`: any shape, infinite for the normal one.

    nan where `df` is not positive. Not the quantile of marks or delays: `quantiles.quantile`.

    >>> t_quantile([np.inf, 10], 0.95).round(3).tolist()  # as every table of t prints them
    [1.96, 2.228]
    """
    degrees = np.asarray(df, dtype=np.float64)
    half = (1 + level) / 2
    finite = np.isfinite(degrees) & (degrees > 0)
    t = np.asarray(stdtrit(np.where(finite, degrees, 1.0), half))
    return np.where(finite, t, np.where(degrees > 0, ndtri(half), np.nan))


def _share(
    theta: FloatArray, se: FloatArray, t: FloatArray, base: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    none, all_ = np.abs(theta) <= _EDGE, np.abs(theta - 1) <= _EDGE
    inside = (theta > _EDGE) & (theta < 1 - _EDGE) & (se > 0)
    share = np.where(inside, theta, 0.5)
    middle, half = logit(share), t * np.where(inside, se, np.nan) / (share * (1 - share))
    lower, upper = expit(middle - half), expit(middle + half)
    edge = np.where(base > 0, ((1 - level) / 2) ** (1 / np.where(base > 0, base, 1.0)), np.nan)
    lower = np.where(none, 0.0, np.where(all_, edge, lower))
    upper = np.where(all_, 1.0, np.where(none, 1 - edge, upper))
    beyond = (theta < -_EDGE) | (theta > 1 + _EDGE)
    return np.where(beyond, theta - t * se, lower), np.where(beyond, theta + t * se, upper)


def _beta(
    theta: FloatArray, se: FloatArray, widening: FloatArray, level: float, edges: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Korn and Graubard's limits; those of `edges` for shares of 0 and 1, and for those beyond."""
    inside = (theta > _EDGE) & (theta < 1 - _EDGE) & (se > 0) & (widening > 0)
    share = np.where(inside, theta, 0.5)
    m = share * (1 - share) / np.where(inside, se, 1.0) ** 2 * np.where(inside, widening, 1.0) ** 2
    tail = (1 - level) / 2
    lower = betaincinv(m * share, m * (1 - share) + 1, tail)
    upper = betaincinv(m * share + 1, m * (1 - share), 1 - tail)
    within = (theta > _EDGE) & (theta < 1 - _EDGE)
    return (
        np.where(inside, lower, np.where(within, np.nan, edges[0])),
        np.where(inside, upper, np.where(within, np.nan, edges[1])),
    )
