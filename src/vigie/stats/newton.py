"""Newton's method for calibration factors, on the convex dual of the problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from vigie.stats.distances import Distance
from vigie.stats.sums import FloatArray

_SPARSE = 0.3  # of the entries of a matrix; with fewer it is worth holding them alone
_RANK = 1e-15  # singular values of a Hessian below are rounding; a larger share would cut off its ridge
_IDLE = 20  # steps without progress after which rounding, or the bounds, allow no more


def factors(
    total: FloatArray,
    matrix: FloatArray,
    totals: FloatArray,
    *,
    distance: Distance,
    tolerance: float,
    most: int,
) -> tuple[FloatArray, int]:
    """The factors g (n_cells,) = F(x′λ) closest to Σ g D x = X, and the steps taken; never judges whether they do.

    Minimises Σ D Φ(x′λ) - X′λ, Φ′ = F, which is convex, so that halving a step that does not lower it cannot go wrong;
    without a solution the minimum runs away and the best g is returned.
    """
    # columns of one size and weights that sum to one: then the same thresholds serve salaries and dummies
    size = np.abs(matrix).max(axis=0, initial=0.0)
    size[size == 0] = 1.0
    mass = max(float(total.sum()), float(np.finfo(np.float64).tiny))
    D, x, X = total / mass, _held(matrix / size), totals / size / mass
    dual = _Dual(D, x, X, _start(x, X, distance), distance)
    lam = np.zeros(x.shape[1])
    best_gap, best, idle, steps = np.inf, np.ones_like(total), 0, 0
    while steps < most and idle < _IDLE:
        steps += 1
        g = dual.factors(lam)
        gap = float(gaps(total, matrix, totals, g).max(initial=0.0))
        idle = 0 if gap < best_gap else idle + 1
        if gap < best_gap:
            best_gap, best = gap, g
        moved = None if gap <= tolerance else dual.step(lam)
        if moved is None:
            break
        lam = moved
    return best, steps


def gaps(total: FloatArray, matrix: FloatArray, totals: FloatArray, g: FloatArray) -> FloatArray:
    """Relative distance from every total (p,); a total of zero is measured against the size of its terms."""
    terms = matrix * (total * g)[:, None]
    scale = np.where(totals != 0, np.abs(totals), np.abs(terms).sum(axis=0))
    gap = np.abs(terms.sum(axis=0) - totals)
    return np.asarray(np.divide(gap, scale, out=np.zeros_like(totals), where=scale > 0))


def _held(x: FloatArray) -> Any:
    """The matrix, as a sparse one where it is: margins of categories have one entry per margin in a row."""
    return sparse.csr_array(x) if np.count_nonzero(x) < _SPARSE * x.size else x


def _start(x: Any, X: FloatArray, distance: Distance) -> float:
    """The u of the common factor that brings the sample to the size of the population, kept off the bounds.

    Only where a constant is a combination of the columns of x, as with categories: elsewhere it would leave their span,
    and with it the solution.
    """
    ones = np.ones(x.shape[0])
    spans = np.linalg.lstsq(_dense(x.T @ x), x.T @ ones, rcond=1e-12)[0]
    if not np.allclose(x @ spans, 1.0, rtol=0.0, atol=1e-8):
        return 0.0
    width = distance.high - distance.low
    room = 1e-6 * width if np.isfinite(width) else 0.0
    return distance.inverse(min(max(float(X @ spans), distance.low + room), distance.high - room))


def _dense(x: Any) -> FloatArray:
    return np.asarray(x.toarray() if sparse.issparse(x) else x)


@dataclass(frozen=True, slots=True)
class _Dual:
    D: FloatArray
    x: Any  # dense or sparse
    X: FloatArray
    constant: float
    distance: Distance

    def place(self, lam: FloatArray) -> FloatArray:
        return np.asarray(self.constant + self.x @ lam)

    def factors(self, lam: FloatArray) -> FloatArray:
        return self.distance.factor(self.place(lam))

    def value(self, lam: FloatArray) -> float:
        return float(self.D @ self.distance.integral(self.place(lam)) - self.X @ lam)

    def _size(self, lam: FloatArray) -> float:
        """What the dual is rounded against: its terms, which may cancel each other to nearly nothing."""
        return float(self.D @ np.abs(self.distance.integral(self.place(lam))) + np.abs(self.X) @ np.abs(lam))

    def step(self, lam: FloatArray) -> FloatArray | None:
        """λ after one Newton step, halved until the dual falls; None where no step makes it fall any more."""
        u = self.place(lam)
        gradient = self.x.T @ (self.D * self.distance.factor(u)) - self.X
        hessian = _dense((self.x * (self.D * self.distance.slope(u))[:, None]).T @ self.x)
        # between bounds the curvature can vanish in directions that still matter: a trace of identity keeps these
        # alive, and fades with the gradient so that the last steps are Newton's own
        ridge = 1e-8 * float(np.abs(gradient).max()) if np.isfinite(self.distance.high) else 0.0
        direction = -np.linalg.lstsq(hessian + ridge * np.eye(len(lam)), gradient, rcond=_RANK)[0]
        steep = float(np.abs(self.x @ direction).max(initial=0.0))
        if steep > self.distance.most:
            direction *= self.distance.most / steep
        before, fall = self.value(lam), float(gradient @ direction)
        slack = 1e-14 * self._size(lam)  # rounding near the minimum must not stop the last steps
        for _ in range(60):
            if self.value(lam + direction) <= before + 1e-4 * fall + slack:
                return np.asarray(lam + direction)
            direction, fall = direction / 2, fall / 2
        return None
