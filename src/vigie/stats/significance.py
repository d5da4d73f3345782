"""Tests of differences and their adjustment for many looks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from vigie.stats.sums import FloatArray

__all__ = ["benjamini_hochberg", "difference", "holm"]


def difference(
    value2: npt.ArrayLike,
    se2: npt.ArrayLike,
    value1: npt.ArrayLike,
    se1: npt.ArrayLike,
    *,
    cov: npt.ArrayLike = 0.0,
    df: npt.ArrayLike = np.inf,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The change value2 - value1, its standard error √(se1² + se2² - 2cov), and the two-sided p-value of no change.

    t = difference/se is referred to Student's distribution at `df`, to the normal at infinite `df`. Parameters
    broadcast to one shape, which the three results have; values and standard errors in one unit, `cov` its square.
    p is nan where a value is missing, where the standard error is 0 (no spread proves nothing) or df is not positive.

    `cov` is 0 for independent samples only: for figures of the same people take it from `covariance`; the standard
    error is then that of R `survey::svycontrast`. Not for several looks at once without `holm`.

    >>> [round(float(x), 4) for x in difference(0.6, 0.03, 0.5, 0.04)]  # z = 0.1/√(0.03² + 0.04²) = 2
    [0.1, 0.05, 0.0455]
    """
    v2, s2, v1, s1, shared, degrees = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (value2, se2, value1, se1, cov, df)),
    )
    diff = v2 - v1
    variance = s1**2 + s2**2 - 2 * shared
    # what rounding leaves of two equal columns of the same people is no spread
    se = np.sqrt(np.where(variance > 1e-14 * (s1**2 + s2**2), variance, np.where(np.isnan(variance), np.nan, 0.0)))
    t = np.divide(np.abs(diff), se, out=np.full(diff.shape, np.nan), where=se > 0)
    finite = np.isfinite(degrees) & (degrees > 0)
    student = stdtr(np.where(finite, degrees, 1.0), -t)
    p = np.where(finite, 2 * student, np.where(degrees > 0, 2 * ndtr(-t), np.nan))
    return diff, se, p


def holm(p: npt.ArrayLike, family: npt.ArrayLike | None = None) -> FloatArray:
    """Holm's adjusted p-values (1979), within each family: max over j ≤ i of min(1, (m - j + 1) p_(j)).

    Keeps the chance of one false finding or more in a family below the level, whatever the dependence. `p` has any
    shape, `family` the same shape (one integer per family; None: a single one). nan stays nan and does not count in
    m. Raises ValueError for p outside 0…1 or shapes that differ.

    Not across families: the family is stated where the figures are shown.

    >>> holm([0.01, 0.04, 0.03]).round(4).tolist()  # 3·0.01; then 2·0.03, which 0.04 may not fall below
    [0.03, 0.06, 0.06]
    """

    def steps(ordered: FloatArray) -> FloatArray:
        return np.maximum.accumulate(np.arange(len(ordered), 0, -1) * ordered)

    return _adjusted(p, family, steps)


def benjamini_hochberg(p: npt.ArrayLike, family: npt.ArrayLike | None = None) -> FloatArray:
    """Benjamini & Hochberg's adjusted p-values (1995), within each family: min over j ≥ i of min(1, m p_(j)/j).

    Keeps the expected share of false findings among all findings of a family below the level, for independent tests
    and for many dependent ones (Benjamini & Yekutieli 2001); agrees with R `p.adjust(method="BH")`. `p` has any shape,
    `family` the same shape (one integer per family; None: a single one). nan stays nan and does not count in m. Raises
    ValueError for p outside 0…1 or shapes that differ.

    Not where one false finding already does harm: `holm` keeps the chance of any.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(4).tolist()  # 3·0.01/1; 3·0.03/2 is above 3·0.04/3
    [0.03, 0.04, 0.04]
    """

    def steps(ordered: FloatArray) -> FloatArray:
        raised = ordered * (len(ordered) / np.arange(1, len(ordered) + 1))
        return np.minimum.accumulate(raised[::-1])[::-1]

    return _adjusted(p, family, steps)


def _adjusted(p: npt.ArrayLike, family: npt.ArrayLike | None, steps: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """p-values adjusted family by family: `steps` takes those of one family in rising order, the result stops at 1."""
    values = np.asarray(p, dtype=np.float64)
    if ((values < 0) | (values > 1)).any():
        raise ValueError("p-values lie between 0 and 1")
    families = np.zeros(values.shape, dtype=np.int64) if family is None else np.asarray(family, dtype=np.int64)
    if families.shape != values.shape:
        raise ValueError(f"families of shape {families.shape} do not fit p-values of shape {values.shape}")
    flat, kin = values.ravel(), families.ravel()
    adjusted = np.full(flat.shape, np.nan)
    known = np.flatnonzero(~np.isnan(flat))
    order = known[np.lexsort((flat[known], kin[known]))]
    starts = np.flatnonzero(np.diff(kin[order])) + 1
    for members in np.split(order, starts):
        adjusted[members] = np.minimum(steps(flat[members]), 1.0)
    return adjusted.reshape(values.shape)
