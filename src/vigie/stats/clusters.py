"""Figures of rows that hang together in clusters, such as the reviews of one author: ratios by group, linearised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.stats.sums import BoolArray, FloatArray, IntArray

__all__ = ["Clusters", "Ratios", "clustered"]

_BLOCK = 1 << 12  # clusters that are multiplied at once
_NOISE = 1e-13  # a variance below this share of its largest term is what rounding leaves of zero


@dataclass(frozen=True, slots=True)
class Ratios:
    """Figures of G groups × C columns; where nothing is in the base, `value` and `se` are nan and `n` is 0."""

    value: FloatArray  # (G, C) Σwv/Σwu
    se: FloatArray  # (G, C) in the unit of the value; nan where one cluster is alone
    n: IntArray  # (G, C) units in the base, unweighted
    n_weighted: FloatArray  # (G, C) Σwu
    n_effective: FloatArray  # (G, C) (Σwu)²/Σ(wu)², wu summed by unit
    df: IntArray  # (G, C) clusters in the base - 1, not below 0


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which group, cluster and unit each row belongs to: made once, used for any number of columns."""

    row: IntArray  # (m,) the rows that are in a group
    group: IntArray  # (m,)
    cluster: IntArray  # (m,) a number for each cluster of a group, from 0
    cluster_group: IntArray  # (P,) the group of each of these numbers
    cluster_name: IntArray  # (P,) and the cluster that it stands for
    unit: IntArray  # (m,) likewise
    unit_group: IntArray  # (Q,)
    groups: int

    def ratios(self, w: npt.ArrayLike, u: npt.ArrayLike, v: npt.ArrayLike) -> Ratios:
        """Ratios θ = Σwv / Σwu of each group and column, with standard errors from the totals of the clusters.

        z_i = w_i (v_i - θ u_i)/Σwu, z_c its total in cluster c: V = c/(c - 1) Σ z_c² over the c clusters of the group
        with rows in the base; the mean of z_c is 0. This is Taylor linearisation of a ratio with clusters drawn with
        replacement (Särndal, Swensson & Wretman 1992, §5.6 and §4.2). Agrees with R `survey::svymean` on
        `svydesign(ids = ~cluster, data = the group's rows in the base)`. With one row per cluster, it is that of
        `estimates.estimate` on the group alone.

        Parameters: `w` (n,) weights, not negative; `u`, `v` (n, C), u 0 and v 0 outside the base, finite. Shapes of
        the results (G, C), in the unit of v/u. Cost: a few passes over the rows for each column.

        Raises ValueError where shapes differ, or a number is not finite.

        Not for groups that are domains of a sample whose other clusters could have fallen into them as well, and whose
        number is therefore chance (`estimates.estimate`): here the clusters of the base are taken as given.
        """
        weight, under, over = _numbers(w, u, v)
        shape = (self.groups, under.shape[1])
        value, se, weighted, effective = (np.full(shape, np.nan) for _ in range(4))
        n, df = (np.zeros(shape, dtype=np.int64) for _ in range(2))
        for c in range(shape[1]):
            wu, wv = weight[self.row] * under[self.row, c], weight[self.row] * over[self.row, c]
            inside = under[self.row, c] > 0
            theta, total = self._theta(wu, wv)
            value[:, c], weighted[:, c] = np.where(total > 0, theta, np.nan), total
            z = (wv - theta[self.group] * wu) / np.where(total > 0, total, 1.0)[self.group]
            z2, count = self._squares(z, inside)
            largest = np.bincount(self.group, weights=_size(wu, wv, theta, total, self.group), minlength=self.groups)
            variance = np.where(z2 > _NOISE * largest, z2, 0.0)
            se[:, c] = np.sqrt(np.divide(count * variance, count - 1, out=np.full(len(count), np.nan), where=count > 1))
            df[:, c] = np.maximum(count - 1, 0)
            n[:, c], effective[:, c] = self._bases(wu, inside, total)
        return Ratios(value, se, n, weighted, effective, df)

    def covariance(self, w: npt.ArrayLike, u: npt.ArrayLike, v: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """One column's ratios (G,) with their covariance (G, G): groups share clusters, as brands share authors.

        Cov = √(f_g f_h) Σ_c z_cg z_ch, f = c/(c - 1) of each group; the diagonal is that of `ratios`. Parameters: `w`,
        `u`, `v` (n,). Groups with fewer than two clusters have covariances nan. Raises ValueError as `ratios`.
        """
        weight, under, over = _numbers(w, np.asarray(u, dtype=np.float64)[:, None], np.asarray(v)[:, None])
        wu, wv = weight[self.row] * under[self.row, 0], weight[self.row] * over[self.row, 0]
        theta, total = self._theta(wu, wv)
        z = (wv - theta[self.group] * wu) / np.where(total > 0, total, 1.0)[self.group]
        by_cluster = np.bincount(self.cluster, weights=z, minlength=len(self.cluster_group))
        square, count = self._squares(z, under[self.row, 0] > 0)
        factor = np.sqrt(np.divide(count, count - 1, out=np.full(len(count), np.nan), where=count > 1))
        products = np.diag(square)
        # clusters of one group only say nothing of two
        names, at, groups = np.unique(self.cluster_name, return_inverse=True, return_counts=True)
        several = np.flatnonzero(groups > 1)
        place = np.full(len(names), -1)
        for begin in range(0, len(several), _BLOCK):
            place[:] = -1
            place[several[begin : begin + _BLOCK]] = np.arange(len(several[begin : begin + _BLOCK]))
            here = np.flatnonzero(place[at] >= 0)
            table = np.zeros((min(_BLOCK, len(several) - begin), self.groups))
            table[place[at[here]], self.cluster_group[here]] = by_cluster[here]
            shared = table.T @ table
            np.fill_diagonal(shared, 0.0)
            products += shared
        return np.where(total > 0, theta, np.nan), products * np.outer(factor, factor)

    def _theta(self, wu: FloatArray, wv: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Σwv/Σwu (0 where there is no base) and Σwu of each group."""
        above = np.bincount(self.group, weights=wv, minlength=self.groups).astype(np.float64)
        total = np.bincount(self.group, weights=wu, minlength=self.groups).astype(np.float64)
        return np.divide(above, total, out=np.zeros(self.groups), where=total > 0), total

    def _squares(self, z: FloatArray, inside: BoolArray) -> tuple[FloatArray, IntArray]:
        """Σ z_c² and the number of clusters with rows in the base, of each group."""
        P = len(self.cluster_group)
        by_cluster = np.bincount(self.cluster, weights=z, minlength=P)
        seen = np.bincount(self.cluster[inside], minlength=P) > 0
        square = np.bincount(self.cluster_group, weights=by_cluster**2, minlength=self.groups)
        count = np.bincount(self.cluster_group[seen], minlength=self.groups)
        return np.asarray(square, dtype=np.float64), np.asarray(count, dtype=np.int64)

    def _bases(self, wu: FloatArray, inside: BoolArray, total: FloatArray) -> tuple[IntArray, FloatArray]:
        """Units in the base, and the effective base, of each group."""
        Q = len(self.unit_group)
        by_unit = np.bincount(self.unit, weights=wu, minlength=Q)
        seen = np.bincount(self.unit[inside], minlength=Q) > 0
        square = np.bincount(self.unit_group, weights=by_unit**2, minlength=self.groups)
        effective = np.divide(total**2, square, out=np.zeros(self.groups), where=square > 0)
        return np.bincount(self.unit_group[seen], minlength=self.groups), effective


def clustered(
    group: npt.ArrayLike, n_groups: int, cluster: npt.ArrayLike | None = None, unit: npt.ArrayLike | None = None
) -> Clusters:
    """Rows by group, cluster and unit.

    Parameters: `group` (n,) from 0 to `n_groups` - 1, or -1 for a row that is in none; `cluster` (n,) whole numbers not
    below 0, what hangs together (None: each row on its own); `unit` (n,) likewise, what is counted once in `n` where
    it has several rows (None: each row). Raises ValueError where shapes differ or a group is out of range.

    Not for clusters within clusters: give the largest, which hold the others together too.

    >>> stars, ones = np.array([[1.0], [1.0], [5.0], [5.0]]), np.ones((4, 1))
    >>> by_author = clustered([0, 0, 0, 0], 1, cluster=[7, 7, 8, 8]).ratios(np.ones(4), ones, stars)
    >>> each_alone = clustered([0, 0, 0, 0], 1).ratios(np.ones(4), ones, stars)
    >>> by_author.value.item(), by_author.se.item(), round(each_alone.se.item(), 4)  # two authors, not four reviews
    (3.0, 2.0, 1.1547)
    """
    key = np.asarray(group).astype(np.int64)
    if key.ndim != 1 or (key.size and (key.min() < -1 or key.max() >= n_groups)):
        raise ValueError(f"groups are numbers from -1 to {n_groups - 1}, one per row")
    row = np.flatnonzero(key >= 0)
    named = [np.arange(len(key)) if a is None else np.asarray(a).astype(np.int64) for a in (cluster, unit)]
    if any(a.shape != key.shape or (a.size and a.min() < 0) for a in named):
        raise ValueError("group, cluster and unit have one entry per row, clusters and units not below 0")
    inner, within, names = _pairs(key[row], named[0][row])
    counted, of, _ = _pairs(key[row], named[1][row])
    return Clusters(row, key[row], inner, within, names, counted, of, n_groups)


def _pairs(group: IntArray, name: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Each row's pair of group and name as a number, and the group and the name of each of these numbers."""
    size = int(name.max(initial=0)) + 1
    found, at = np.unique(group * size + name, return_inverse=True)
    return at.reshape(-1), found // size, found % size


def _size(wu: FloatArray, wv: FloatArray, theta: FloatArray, total: FloatArray, group: IntArray) -> FloatArray:
    """What the squares of the rows would be if nothing cancelled: against it, a variance is rounding or is not."""
    square = np.where(total > 0, total, 1.0)[group] ** 2
    return np.asarray((wv**2 + (theta[group] * wu) ** 2) / square)


def _numbers(w: npt.ArrayLike, u: npt.ArrayLike, v: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    weight, under, over = (np.asarray(a, dtype=np.float64) for a in (w, u, v))
    if weight.ndim != 1 or under.ndim != 2 or under.shape != over.shape or under.shape[0] != len(weight):
        raise ValueError("w has one entry per row, u and v one row per row")
    if not (np.isfinite(weight).all() and np.isfinite(under).all() and np.isfinite(over).all()):
        raise ValueError("w, u and v must be finite: what is not in a base has u = v = 0")
    return weight, under, over
