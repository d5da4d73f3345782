"""Replicate weights: the variance of any function of weights, by leaving clusters out or by drawing them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from vigie.stats.distances import Bounds, Method
from vigie.stats.rao_wu import rao_wu
from vigie.stats.sums import FloatArray, IntArray
from vigie.stats.weights import calibrate

__all__ = ["Replicates", "bootstrap", "jackknife", "replicate_variance"]

Statistic = Callable[[FloatArray], npt.ArrayLike]


@dataclass(frozen=True, slots=True)
class Replicates:
    """Weights as the sample might have had them, one column each; `scales` is what each one's square counts."""

    full: FloatArray  # (n,) the weights themselves
    weights: FloatArray  # (n, R)
    scales: FloatArray  # (R,)

    def recalibrated(
        self,
        matrix: npt.ArrayLike,
        totals: npt.ArrayLike,
        *,
        method: Method = "raking",
        bounds: Bounds | None = None,
        negative: bool = False,
    ) -> Replicates:
        """The same with every column calibrated to the totals, the weights themselves among them.

        So that the variance knows what calibration gains. `matrix` (n, p) x, `totals` (p,) as `weights.calibrate`,
        which runs on the distinct rows of x. Raises NoWeights where a replicate cannot be calibrated: a category whose
        people all stand in one cluster is empty once this is left out.
        """
        rows, cell = np.unique(np.asarray(matrix, dtype=np.float64), axis=0, return_inverse=True)
        at = cell.reshape(-1)

        def moved(weights: FloatArray) -> FloatArray:
            mass = np.bincount(at, weights=weights, minlength=len(rows))
            g = calibrate(mass, rows, totals, method=method, bounds=bounds, negative=negative).g
            return np.asarray(weights * g[at])

        columns = [moved(column) for column in self.weights.T]
        return replace(self, full=moved(self.full), weights=np.column_stack(columns))

    def variance(self, statistic: Statistic, *, about: Literal["mean", "estimate"] = "mean") -> FloatArray:
        """The variance of `statistic(weights)`, a number or an array (m,): see `replicate_variance`."""
        found = np.array([np.asarray(statistic(column), dtype=np.float64) for column in self.weights.T])
        whole = np.asarray(statistic(self.full), dtype=np.float64)
        return replicate_variance(found, self.scales, about=whole if about == "estimate" else None)


def replicate_variance(
    estimates: npt.ArrayLike, scales: npt.ArrayLike, *, about: npt.ArrayLike | None = None
) -> FloatArray:
    """Σ_r scale_r (θ_r - centre)², the centre being the mean of the replicates, or `about`, the estimate itself.

    `estimates` (R,) or (R, m); `scales` (R,). The mean is R's own choice (`survey.replicates.mse=FALSE`); about the
    estimate the variance is never smaller. Not for quantiles of few people by the jackknife, which is not consistent
    for them: draw again (`bootstrap`) instead.

    >>> replicate_variance([1.0, 2.0, 3.0], [0.5, 0.5, 0.5]).item()
    1.0
    """
    theta, scale = np.asarray(estimates, dtype=np.float64), np.asarray(scales, dtype=np.float64)
    # replicates of a stratum drawn whole count nothing, in the mean neither; where all are, any centre gives 0
    counted = scale > 0 if (scale > 0).any() else scale == 0
    centre = theta[counted].mean(axis=0) if about is None else np.asarray(about, dtype=np.float64)
    return np.asarray(np.tensordot(scale, (theta - centre) ** 2, axes=1))


def jackknife(
    weights: npt.ArrayLike,
    *,
    stratum: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    drawn: npt.ArrayLike | None = None,
) -> Replicates:
    """Delete one cluster at a time (JKn; JK1 with one stratum): Wolter (2007), chapter 4.

    The other clusters of its stratum weigh n_h/(n_h - 1) as much; squares count (1 - f_h)(n_h - 1)/n_h. Agrees with R
    `as.svrepdesign(type = "JKn")`, calibrated or not.

    Parameters: `weights` (n,); `stratum` (n,) and `cluster` (n,) within it, whole numbers (one stratum, and everybody a
    cluster, unless given); `drawn` (n,) f_h, the fraction of the stratum's clusters that was drawn (0 unless given). As
    many replicates as there are clusters: memory n × R. A sample drawn whole has variance 0.

    Raises ValueError where a stratum has one cluster and is not drawn whole, for nothing can be left out there, where
    `drawn` is no fraction or differs within a stratum, and where shapes differ.

    >>> w, y = np.array([2.0, 2.0, 3.0, 3.0]), np.array([1.0, 0.0, 1.0, 1.0])
    >>> spread = jackknife(w, cluster=[0, 0, 1, 1]).variance(lambda w: w @ y / w.sum())
    >>> round(float(spread), 6)
    0.0625

    Not for quantiles, nor for so many people without clusters that n × n numbers do not fit in memory: `bootstrap`.
    """
    d, units = _units(weights, stratum, cluster, drawn)
    columns, scales = np.repeat(d[:, None], units.many, axis=1), np.empty(units.many)
    for u, (h, n) in enumerate(zip(units.stratum, units.size[units.stratum], strict=True)):
        inside = units.stratum[units.of] == h
        columns[inside, u] *= n / (n - 1) if n > 1 else 1.0
        columns[units.of == u, u] = 0.0 if n > 1 else d[units.of == u]
        scales[u] = (1 - units.drawn[h]) * (n - 1) / n
    return Replicates(d, columns, scales)


def bootstrap(
    weights: npt.ArrayLike,
    *,
    seed: int,
    replicates: int = 500,
    stratum: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    drawn: npt.ArrayLike | None = None,
) -> Replicates:
    """Draw n_h - 1 of the n_h clusters of each stratum again, with replacement (Rao & Wu 1988; Rao, Wu & Yue 1992).

    A cluster drawn m times weighs 1 - λ + λ m n_h/(n_h - 1) as much, λ = √(1 - f_h). Parameters as `jackknife`;
    `replicates` R, at least two; `seed` makes the same draws again. Memory n × R.

    Raises ValueError as `jackknife`, and for fewer than two replicates. The variance is itself drawn: its own relative
    error is about √(2/R).

    >>> w, y = np.ones(50), np.arange(50) % 2
    >>> spread = bootstrap(w, seed=7, replicates=2000).variance(lambda w: w @ y / w.sum())
    >>> abs(float(spread) / (0.25 / 49) - 1) < 0.1
    True

    Not for strata of two or three clusters where an error of the error matters: the jackknife has none.
    """
    if replicates < 2:
        raise ValueError(f"{replicates} replicates have no spread: draw two at least")
    d, units = _units(weights, stratum, cluster, drawn)
    factor = rao_wu(units.stratum, replicates, seed, units.drawn[units.stratum]).T
    return Replicates(d, d[:, None] * factor[units.of], np.full(replicates, 1 / (replicates - 1)))


@dataclass(frozen=True, slots=True)
class _Units:
    of: IntArray  # (n,) the cluster of each person, from 0
    stratum: IntArray  # (U,) the stratum of each cluster
    size: IntArray  # (H,) clusters of each stratum
    drawn: FloatArray  # (H,) the share of them that was drawn

    @property
    def many(self) -> int:
        return len(self.stratum)


def _units(
    weights: npt.ArrayLike, stratum: npt.ArrayLike | None, cluster: npt.ArrayLike | None, drawn: npt.ArrayLike | None
) -> tuple[FloatArray, _Units]:
    d = np.asarray(weights, dtype=np.float64)
    strata = np.zeros(len(d), dtype=np.int64) if stratum is None else np.asarray(stratum, dtype=np.int64)
    clusters = np.arange(len(d)) if cluster is None else np.asarray(cluster, dtype=np.int64)
    if not d.shape == strata.shape == clusters.shape:
        raise ValueError("weights, stratum and cluster have one entry per person")
    at = np.unique(strata, return_inverse=True)[1].reshape(-1)
    pairs, of = np.unique(np.stack([at, clusters]), axis=1, return_inverse=True)
    size = np.bincount(pairs[0])
    share = np.zeros(len(size))
    if drawn is not None:
        given = np.asarray(drawn, dtype=np.float64)
        if given.shape != d.shape:
            raise ValueError("drawn has one entry per person")
        if not ((given >= 0) & (given <= 1)).all():
            raise ValueError("`drawn` is the fraction of a stratum's clusters that was drawn, between 0 and 1")
        share[at] = given
        if (share[at] != given).any():
            raise ValueError("the fraction of the clusters drawn differs within a stratum")
    if ((size < 2) & (share < 1)).any():
        raise ValueError("a stratum has one cluster: nothing can be left out or drawn again; merge it with another")
    return d, _Units(of.reshape(-1), pairs[0], size, share)
