"""Moments of marks (weight, means and cross-products of all columns) by unit of people.

Those of batches add up, and a bootstrap replicate is a sum of the moments of small units of people, so that its cost
hardly grows with the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.stats.sums import FloatArray, IntArray, rounding

__all__ = ["Moments", "moments", "resampled"]


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of k columns over the people of each of U units; those of two disjoint sets of people add up."""

    n: IntArray  # (U,) people
    w: FloatArray  # (U,) Σw
    mean: FloatArray  # (U, k) Σwx/Σw; 0 where nobody is
    cross: FloatArray  # (U, k, k) Σw (x - mean)(x - mean)′

    def __add__(self, other: Moments) -> Moments:
        if self.mean.shape != other.mean.shape:
            raise ValueError(f"moments of shape {self.mean.shape} cannot be added to {other.mean.shape}")
        w = self.w + other.w
        part = np.divide(other.w, w, out=np.zeros_like(w), where=w > 0)[:, None]
        apart = other.mean - self.mean  # Chan, Golub & LeVeque (1983): no cancellation however large the means
        shift = (self.w[:, None] * part * apart)[:, :, None] * apart[:, None, :]
        return Moments(self.n + other.n, w, self.mean + part * apart, self.cross + other.cross + shift)


def moments(unit: npt.ArrayLike, n_units: int, w: npt.ArrayLike, x: npt.ArrayLike) -> Moments:
    """Weighted moments of columns by unit: what `drivers.drivers` needs, from one pass over the people.

    A unit is a single person or, where there are many, a group of people drawn at random: `units` of the same stratum
    are what `resampled` draws. Parameters: `unit` (n,) from 0 to `n_units` - 1; `w` (n,) weights, not negative; `x`
    (n, k) finite, the overall mark first and then one column per attribute. Raises ValueError where shapes differ, a
    unit is out of range or a number is not finite.

    Not for people with missing marks: leave these out and say how many.

    >>> both = moments([0], 1, [1], [[2, 3]]) + moments([0], 1, [3], [[6, 7]])
    >>> both.mean.tolist(), both.w.tolist()
    ([[5.0, 6.0]], [4.0])
    """
    key, weight = np.asarray(unit).astype(np.int64), np.asarray(w, dtype=np.float64)
    table = np.asarray(x, dtype=np.float64)
    if table.ndim != 2 or key.shape != table.shape[:1] or weight.shape != key.shape:
        raise ValueError("unit and w have one entry per person, x one row")
    if key.size and (key.min() < 0 or key.max() >= n_units):
        raise ValueError(f"a unit lies outside 0…{n_units - 1}")
    if not (np.isfinite(weight).all() and np.isfinite(table).all()) or (weight < 0).any():
        raise ValueError("weights and marks must be finite, weights not negative")
    columns = table.shape[1]
    total = np.bincount(key, weights=weight, minlength=n_units).astype(np.float64)
    some = np.where(total > 0, total, 1.0)
    mean = np.column_stack([np.bincount(key, weight * c, n_units) / some for c in table.T]).reshape(n_units, columns)
    apart = table - mean[key]
    cross = np.empty((n_units, columns, columns))
    for a in range(columns):
        weighted = weight * apart[:, a]
        for b in range(a, columns):
            cross[:, a, b] = cross[:, b, a] = np.bincount(key, weighted * apart[:, b], n_units)
    return Moments(np.bincount(key, minlength=n_units).astype(np.int64), total, mean, cross)


def resampled(m: Moments, multipliers: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Means (R, k) and covariances (R, k, k) of all people together, each unit counted as often as its multiplier.

    Moments of units add up (Chan, Golub & LeVeque 1983), so that no replicate goes back to the people.

    Parameters: `multipliers` (R, U), not negative; ones give the figures themselves. Covariances have Σw below; those
    of a column that never varies are 0, and not what rounding leaves of its mean. A replicate without weight is nan.
    Raises ValueError where shapes differ.

    Not for multipliers of people inside a unit: a unit is drawn as a whole.

    >>> means, covariances = resampled(moments([0, 1], 2, [1, 1], [[1], [3]]), [[1, 1], [2, 0]])
    >>> means.tolist(), covariances.tolist()  # both units; then the first one drawn twice
    ([[2.0], [1.0]], [[[1.0]], [[0.0]]])
    """
    often = np.atleast_2d(np.asarray(multipliers, dtype=np.float64))
    if often.shape[1] != len(m.w):
        raise ValueError(f"multipliers of {often.shape[1]} units for {len(m.w)}")
    units, columns = m.mean.shape
    all_ = float(m.w.sum())
    centre = m.w @ m.mean / all_ if all_ > 0 else np.zeros(columns)
    apart = m.mean - centre
    about = m.cross + m.w[:, None, None] * apart[:, :, None] * apart[:, None, :]
    w = often @ m.w
    below = np.where(w > 0, w, np.nan)
    shift = (often @ (m.w[:, None] * apart)) / below[:, None]
    cov = (often @ about.reshape(units, columns**2)).reshape(-1, columns, columns) / below[:, None, None]
    return centre + shift, _varying(cov - shift[:, :, None] * shift[:, None, :], centre, int(m.n.sum()))


def _varying(cov: FloatArray, mean: FloatArray, n: int) -> FloatArray:
    """Covariances with zeros for columns that vary by no more than the mean of n people is rounded."""
    still = np.diagonal(cov, axis1=-2, axis2=-1) <= rounding(mean, n)
    return np.where(still[:, :, None] | still[:, None, :], 0.0, cov)
