"""Long trends: a band that holds all waves at once, a test of no change at all, and rolling means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, fdtrc, ndtri, stdtrit

from vigie.stats.rank_draws import draw
from vigie.stats.seeds import SEED
from vigie.stats.sums import FloatArray

__all__ = ["Band", "NoChange", "band", "no_change", "rolling"]

Method = Literal["max_t", "bonferroni"]


@dataclass(frozen=True, slots=True)
class Band:
    """Limits of T waves that hold together at the level."""

    low: FloatArray  # (T,)
    high: FloatArray  # (T,)
    critical: float  # standard errors on each side
    method: Method


def band(
    value: npt.ArrayLike,
    cov: npt.ArrayLike,
    *,
    df: float = np.inf,
    level: float = 0.95,
    method: Method = "max_t",
    draws: int = 10_000,
    seed: int = SEED,
) -> Band:
    """A simultaneous confidence band: value ± c·se, in which the whole true trend lies with the level.

    `max_t`: c is the quantile, at the level, of the largest |Z_t|/se_t of Gaussian draws with the covariance of the
    waves, each divided by √(χ²_df/df) where df is finite (Hothorn, Bretz & Westfall 2008; Montiel Olea &
    Plagborg-Møller 2019); it is at most that of `bonferroni`, c = t_{1 - α/2T}, which needs no draws and holds whatever
    the covariance (give zeros off the diagonal where it is not known).

    Parameters: `value` (T,), `cov` (T, T) in the square of its unit; `df` of the design. A wave whose value or variance
    is nan has no limits and does not widen those of others. Raises ValueError for shapes that do not fit, a level
    outside 0…1, or an unknown method.

    Not to find out which two waves differ (that is a test of each change, adjusted), and not around single figures:
    their own intervals are narrower.

    >>> found = band([0.4, 0.5, 0.6], np.diag([1e-4, 1e-4, 1e-4]))
    >>> 2.3 < found.critical < 2.45
    True
    """
    theta, V = _trend(value, cov)
    if method not in get_args(Method) or not 0 < level < 1 or draws < 1:
        raise ValueError(f"a {method!r} band at level {level} from {draws} draws is not offered")
    se = np.sqrt(np.diag(V))
    known = np.isfinite(theta) & np.isfinite(se)
    some = np.flatnonzero(known & (se > 0))
    critical = _bonferroni(len(some), df, level)
    if method == "max_t" and len(some):
        z = draw(V[np.ix_(some, some)] / np.outer(se[some], se[some]), draws, seed).astype(np.float64)
        largest = np.abs(z).max(axis=0)
        if np.isfinite(df):
            rng = np.random.Generator(np.random.PCG64([seed, 1]))
            largest /= np.sqrt(rng.chisquare(df, draws) / df)
        critical = min(critical, float(np.quantile(largest, level, method="inverted_cdf")))
    half = np.where(known, critical * se, np.nan)
    return Band(theta - half, theta + half, critical, method)


def _bonferroni(waves: int, df: float, level: float) -> float:
    tail = 1 - (1 - level) / (2 * max(waves, 1))
    return float(stdtrit(df, tail) if np.isfinite(df) else ndtri(tail))


@dataclass(frozen=True, slots=True)
class NoChange:
    """Wald's test that all waves have the same true value; nan where there is nothing to test."""

    F: float
    ndf: int
    ddf: float
    p: float


def no_change(value: npt.ArrayLike, cov: npt.ArrayLike, *, df: float = np.inf) -> NoChange:
    """Whether anything changed over all waves.

    With the k = T - 1 differences δ = Aθ between waves that follow each other, W = δ′(A V A′)⁻δ. At finite `df` F = W
    (df - k + 1)/(k·df) on k and df - k + 1 degrees of freedom (Korn & Graubard 1990; R `svychisq(statistic =
    "adjWald")` does the same); at infinite df, W/k with W referred to χ² on k. Where the covariance is singular, k is
    the rank of A V A′.

    Parameters: `value` (T,), `cov` (T, T), the waves of a panel with their covariances; waves with nan are left out.
    nan where fewer than two waves are left, or df is below k. Raises ValueError for shapes that do not fit.

    Not after one looked for the two waves that differ most; not where df is not much larger than the number of waves.

    >>> found = no_change([0.4, 0.5], [[1e-3, 0], [0, 1e-3]])
    >>> round(found.F, 3), round(found.p, 4)
    (5.0, 0.0253)
    """
    theta, V = _trend(value, cov)
    known = np.flatnonzero(np.isfinite(theta) & np.isfinite(np.diag(V)))
    step = np.diff(np.eye(len(known)), axis=0)
    apart, spread = step @ theta[known], step @ V[np.ix_(known, known)] @ step.T
    values, vectors = np.linalg.eigh(spread) if len(step) else (np.zeros(0), np.zeros((0, 0)))
    kept = values > 1e-12 * values.max(initial=0.0)
    k = int(kept.sum())
    if not k or df < k:
        return NoChange(float("nan"), k, float("nan"), float("nan"))
    wald = float((((vectors.T @ apart)[kept]) ** 2 / values[kept]).sum())
    if not np.isfinite(df):
        return NoChange(wald / k, k, float("inf"), float(chdtrc(k, wald)))
    ddf = df - k + 1
    F = wald * ddf / (k * df)
    return NoChange(F, k, ddf, float(fdtrc(k, ddf, F)))


def rolling(value: npt.ArrayLike, cov: npt.ArrayLike, waves: int) -> tuple[FloatArray, FloatArray]:
    """Means of `waves` waves that follow each other, and their covariance: θ̄ = Aθ, V̄ = A V A′.

    Parameters: `value` (T,), `cov` (T, T), in the order of time. Results (T - waves + 1,) and its square: the first is
    the mean of the first `waves` waves. A mean that contains a nan is nan. Raises ValueError for shapes that do not
    fit, and for `waves` below 1 or above T.

    Not to be tested against each other as if they were independent: neighbours share waves, which the covariance
    contains. Not across a break of the series.

    >>> mean, spread = rolling([1, 2, 4], np.eye(3), 2)
    >>> mean.tolist(), spread.tolist()
    ([1.5, 3.0], [[0.5, 0.25], [0.25, 0.5]])
    """
    theta, V = _trend(value, cov)
    if not 1 <= waves <= len(theta):
        raise ValueError(f"a rolling mean of {waves} out of {len(theta)} waves")
    T = len(theta)
    start = np.arange(T - waves + 1)[:, None]
    A = ((np.arange(T) >= start) & (np.arange(T) < start + waves)) / waves
    gone = ~(np.isfinite(theta) & np.isfinite(np.diag(V)))
    missing = np.asarray((A[:, gone] > 0).any(axis=1))
    mean = A @ np.where(gone, 0.0, theta)
    spread = A @ np.where(gone[:, None] | gone, 0.0, V) @ A.T
    return np.where(missing, np.nan, mean), np.where(missing[:, None] | missing, np.nan, spread)


def _trend(value: npt.ArrayLike, cov: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    theta, V = np.asarray(value, dtype=np.float64), np.asarray(cov, dtype=np.float64)
    if theta.ndim != 1 or V.shape != (len(theta), len(theta)):
        raise ValueError(f"a covariance of shape {V.shape} for a trend of shape {theta.shape}")
    return theta, V
