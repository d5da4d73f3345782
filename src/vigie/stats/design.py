"""The design that figures stand on: strata, clusters, population sizes, calibration cells of the groups of `Sums`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from vigie.stats.sums import BoolArray, FloatArray, IntArray, Sums

__all__ = ["Design"]

Lonely = Literal["adjust", "certainty", "fail"]
_RANK = 1e-10  # eigenvalues of the scaled margins below this share of the largest are redundant categories


@dataclass(frozen=True, slots=True)
class Design:
    """Where each of the G groups stands in the design, and what calibration did to its cell.

    Sampling units are the clusters of a stratum, or people where there are none. `fpc` is each stratum's finite
    population correction as R takes it: how many units it has in the population, or, where no number exceeds 1, the
    fraction of them that was drawn. `fpc_within` is the same of people within clusters, for designs of two stages;
    without it the clusters alone carry the variance ("ultimate clusters").

    A stratum of one unit has no spread of its own. `lonely` says what it gives: "adjust" the square of its distance
    from the mean of all strata (R's `survey.lonely.psu="adjust"`), "certainty" nothing, "fail" an error.
    """

    stratum: IntArray  # (G,) stratum of each group
    cell: IntArray  # (G,) calibration cell of each group
    g: FloatArray  # (n_cells,) w/d of each cell; ones without weighting
    dummies: FloatArray | None = None  # (n_cells, p) margins of each cell, numbers too; None when not calibrated
    cluster: IntArray | None = None  # (G,) cluster of each group within its stratum; None: everybody is one
    fpc: FloatArray | None = None  # (G,)
    fpc_within: FloatArray | None = None  # (G,)
    lonely: Lonely = "adjust"

    def __post_init__(self) -> None:
        if self.stratum.shape != self.cell.shape or self.stratum.ndim != 1:
            raise ValueError("stratum and cell have one entry per group")
        if self.cell.size and not (self.cell.min() >= 0 and self.cell.max() < len(self.g) and self.stratum.min() >= 0):
            raise ValueError("a group lies in no stratum or in no raking cell")
        if self.dummies is not None and self.dummies.shape[0] != self.g.shape[0]:
            raise ValueError("the margins have one row per raking cell")
        for name in ("cluster", "fpc", "fpc_within"):
            given = getattr(self, name)
            if given is not None and (given.shape != self.stratum.shape or (given.size and not given.min() >= 0)):
                raise ValueError(f"{name} has one entry per group, not negative")
        if self.fpc_within is not None and self.cluster is None:
            raise ValueError("a second stage is drawn within clusters")

    @classmethod
    def trivial(cls, n_groups: int) -> Design:
        """One stratum, no weighting."""
        nowhere = np.zeros(n_groups, dtype=np.int64)
        return cls(nowhere, nowhere, np.ones(1))

    @classmethod
    def of(
        cls,
        *,
        stratum: npt.ArrayLike,
        cell: npt.ArrayLike | None = None,
        g: npt.ArrayLike | None = None,
        dummies: npt.ArrayLike | None = None,
        cluster: npt.ArrayLike | None = None,
        fpc: npt.ArrayLike | None = None,
        fpc_within: npt.ArrayLike | None = None,
        lonely: Lonely = "adjust",
    ) -> Design:
        """A design from plain lists; without `cell` nothing is calibrated, without `cluster` people are the units."""
        strata = np.asarray(stratum, dtype=np.int64)
        cells = np.zeros_like(strata) if cell is None else np.asarray(cell, dtype=np.int64)
        factors = np.ones(int(cells.max(initial=0)) + 1) if g is None else np.asarray(g, dtype=np.float64)
        numbers = (None if a is None else np.asarray(a, dtype=np.float64) for a in (dummies, fpc, fpc_within))
        margins, sizes, within = numbers
        clusters = None if cluster is None else np.asarray(cluster, dtype=np.int64)
        return cls(strata, cells, factors, margins, clusters, sizes, within, lonely)

    def take(self, groups: npt.ArrayLike) -> Design:
        """The design of other groups, each of which stands where one of these (by its place) does."""
        at = np.asarray(groups, dtype=np.int64)
        return replace(
            self, stratum=self.stratum[at], cell=self.cell[at],
            cluster=None if self.cluster is None else self.cluster[at],
            fpc=None if self.fpc is None else self.fpc[at],
            fpc_within=None if self.fpc_within is None else self.fpc_within[at],
        )  # fmt: skip

    def degrees(self, sums: Sums) -> int:
        """Degrees of freedom of the design: sampling units minus strata that have people."""
        units = self._units(sums)
        return int(units.sum()) - int((units > 0).sum())

    def alone(self, sums: Sums) -> IntArray:
        """The strata that have one sampling unit."""
        return np.flatnonzero(self._units(sums) == 1)

    def _units(self, sums: Sums) -> IntArray:
        """(H,) how many sampling units each stratum has."""
        live = sums.n > 0
        if self.cluster is None:
            return np.bincount(self.stratum[live], weights=sums.n[live]).astype(np.int64)
        several = int(self.cluster.max(initial=0)) + 1
        return np.bincount(np.unique(self.stratum[live] * several + self.cluster[live]) // several)


@dataclass(frozen=True, slots=True)
class Level:
    """Totals of t that enter the variance with their squares: of clusters, or of strata."""

    starts: IntArray  # (U,) first pair of each unit
    factor: FloatArray  # (U,)


@dataclass(frozen=True, slots=True)
class Frame:
    """Groups folded to the K cells of a stratum (of a cluster, where there are any) that hold people, in their order.

    Variance needs no finer resolution: within such a pair everybody has the same factor and the same margins. It is
    Σ_k people_k · Σt² over the people of pair k, plus Σ_u factor_u T_u² over the units of every level.
    """

    order: IntArray  # (G',) groups with people, sorted by pair
    pair: IntArray  # (G',) pair of each of these
    g: FloatArray  # (K,)
    d: FloatArray  # (K,)
    d2: FloatArray  # (K,)
    people: FloatArray  # (K,) what the squares of people count
    levels: tuple[Level, ...]
    root: FloatArray | None  # (K, p): projections are root @ (rootᵀ zd), see `project`

    def fold(self, tables: Iterable[FloatArray], segments: BoolArray) -> Iterator[FloatArray]:
        """Add up tables (G, C) over the groups of each pair that are in each segment (S, G), to (K, S, C), in turn.

        Cost: the groups that segments have, times C: as a sparse product, since most segments have few groups.
        """
        S, K = len(segments), len(self.g)
        s, at = np.nonzero(segments[:, self.order])
        into = sparse.csr_array(
            (np.ones(len(s)), (self.pair[at] * S + s, self.order[at])), shape=(K * S, segments.shape[1])
        )
        for table in tables:
            yield np.asarray(into @ table).reshape(K, S, table.shape[1])

    def project(self, zd: FloatArray) -> FloatArray:
        """The regression a′β of z on the margins, with design weights, by pair; zeros when not calibrated."""
        return np.zeros_like(zd) if self.root is None else self.root @ (self.root.T @ zd)

    def covariance(self, squares: FloatArray, zd: FloatArray, z1: FloatArray) -> FloatArray:
        """The covariance (F, F) of figures from the sums of z: Σdz and Σd²z (K, F), and Σ people·(gd)²zz′ (F, F)."""
        p, scale = self.project(zd), (self.people * self.g**2)[:, None]
        mixed = (scale * p).T @ z1
        cov = squares - mixed - mixed.T + (scale * self.d2[:, None] * p).T @ p
        for sign, total in zip(self.signs, self.totals(zd, p), strict=True):
            cov += sign * (total.T @ total)
        return np.asarray((cov + cov.T) / 2)

    def per_group(self, values: FloatArray, n_groups: int) -> FloatArray:
        """The value of each pair (K,) for each of its groups (G,)."""
        out = np.zeros(n_groups)
        out[self.order] = values[self.pair]
        return out

    def totals(self, zd: FloatArray, p: FloatArray) -> list[FloatArray]:
        """Of every level √|factor| Σt by unit (U, …), t = g d (z - p)."""
        shape = (-1,) + (1,) * (zd.ndim - 1)
        t = self.g.reshape(shape) * (zd - p * self.d.reshape(shape))
        return [_added(t, level.starts) * np.sqrt(np.abs(level.factor)).reshape(shape) for level in self.levels]

    @property
    def signs(self) -> list[float]:
        """Whether the squares of a level's totals add to the variance or are taken from it."""
        return [-1.0 if (level.factor < 0).any() else 1.0 for level in self.levels]


def frame(sums: Sums, design: Design) -> Frame:
    """Fold the groups of a design and prepare the regression on its margins.

    Raises ValueError where a stratum has one unit and the design says "fail", and for a population correction that
    differs within a stratum or is smaller than the sample.
    """
    if design.stratum.shape != sums.n.shape:
        raise ValueError(f"the design has {design.stratum.size} groups, the sums {sums.groups}")
    live = np.flatnonzero(sums.n > 0)
    pairs, pair = _pairs(design, live)
    sorting = np.argsort(pair, kind="stable")
    d, d2 = (np.bincount(pair, weights=a[live], minlength=pairs.shape[1]).astype(np.float64) for a in (sums.d, sums.d2))
    n = np.bincount(pair, weights=sums.n[live], minlength=pairs.shape[1]).astype(np.float64)
    people, levels = _levels(design, pairs, n, live, pair)
    return Frame(
        order=live[sorting],
        pair=pair[sorting],
        g=design.g[pairs[2]],
        d=d,
        d2=d2,
        people=people,
        levels=levels,
        root=None if design.dummies is None else _root(design.dummies[pairs[2]], d),
    )


def drawn(sums: Sums, design: Design) -> tuple[FloatArray, FloatArray]:
    """(H,) how many sampling units each stratum has, and which share of the population's these are (0 if unknown)."""
    live = np.flatnonzero(sums.n > 0)
    pairs, pair = _pairs(design, live)
    strata = np.flatnonzero(_changes(pairs[:1]))
    if design.cluster is None:
        units = _added(np.bincount(pair, weights=sums.n[live], minlength=pairs.shape[1]).astype(np.float64), strata)
    else:
        units = np.add.reduceat(_changes(pairs[:2]).astype(np.float64), strata) if len(strata) else np.zeros(0)
    return units, _fraction(design.fpc, units, live, pair, strata)


def _pairs(design: Design, live: IntArray) -> tuple[IntArray, IntArray]:
    """(3, K) stratum, cluster and cell of each pair, in this order, and the pair of each group with people."""
    cells, clusters = len(design.g), np.zeros(len(live), dtype=np.int64)
    if design.cluster is not None:
        clusters = np.unique(design.cluster[live], return_inverse=True)[1].reshape(-1)
    several = int(clusters.max(initial=0)) + 1
    keys, pair = np.unique((design.stratum[live] * several + clusters) * cells + design.cell[live], return_inverse=True)
    upper, cell = np.divmod(keys, cells)
    return np.stack([*np.divmod(upper, several), cell]), pair.reshape(-1)


def _levels(
    design: Design, pairs: IntArray, n: FloatArray, live: IntArray, pair: IntArray
) -> tuple[FloatArray, tuple[Level, ...]]:
    """What people's squares count, and the levels whose totals count, from how units were drawn.

    Units drawn n of N in a stratum give (1 - n/N) n/(n - 1) [Σt² - (Σt)²/n]; people drawn within clusters the same of
    each cluster, times the fraction of clusters drawn (Särndal, Swensson & Wretman 1992, result 4.3.1, as R).
    """
    strata = np.flatnonzero(_changes(pairs[:1]))
    size = np.diff(np.append(strata, pairs.shape[1]))
    if design.cluster is None:
        units = _added(n, strata)
        scale, centre = _scales(units, _fraction(design.fpc, units, live, pair, strata), design.lonely)
        return np.repeat(scale, size), (Level(strata, -scale * centre),)
    clusters = np.flatnonzero(_changes(pairs[:2]))
    of = np.searchsorted(strata, clusters, side="right") - 1  # the stratum of each cluster
    units = np.bincount(of, minlength=len(strata)).astype(np.float64)
    drawn = _fraction(design.fpc, units, live, pair, strata)
    scale, centre = _scales(units, drawn, design.lonely)
    whole = Level(strata, -scale * centre)
    if design.fpc_within is None:
        return np.zeros(pairs.shape[1]), (Level(clusters, scale[of]), whole)
    inside = _added(n, clusters)
    second, middle = _scales(inside, _fraction(design.fpc_within, inside, live, pair, clusters), design.lonely)
    second *= drawn[of]
    people = np.repeat(second, np.diff(np.append(clusters, pairs.shape[1])))
    return people, (Level(clusters, scale[of]), Level(clusters, -second * middle), whole)


def _scales(units: FloatArray, drawn: FloatArray, lonely: Lonely) -> tuple[FloatArray, FloatArray]:
    """(1 - f) n/(n - 1) and 1/n of every stratum; of one with a single unit what `lonely` says, and 0."""
    alone = (units < 2) & (drawn < 1)  # whoever is all of the stratum leaves nothing to chance
    if lonely == "fail" and alone.any():
        raise ValueError(f"{int(alone.sum())} strata have one sampling unit, whose spread nobody can tell")
    several = np.where(units < 2, 1.0, units / np.maximum(units - 1, 1.0))
    given = np.where(units < 2, 0.0 if lonely == "certainty" else 1.0, several)
    return given * (1 - drawn), np.where(units < 2, 0.0, 1 / units)


def _fraction(
    fpc: FloatArray | None, units: FloatArray, live: IntArray, pair: IntArray, starts: IntArray
) -> FloatArray:
    """The share of each stratum's units that was drawn; 0 where nothing says how many there are."""
    if fpc is None:
        return np.zeros(len(starts))
    given, of = fpc[live], np.searchsorted(starts, pair, side="right") - 1
    first = np.zeros(len(starts))
    first[of[::-1]] = given[::-1]
    if not np.allclose(given, first[of], rtol=1e-9):
        raise ValueError("the finite population correction differs within a stratum")
    if first.max(initial=0.0) <= 1:
        return first
    if (first < units).any():
        raise ValueError("a stratum has fewer units in the population than in the sample")
    return np.asarray(units / first)


def _changes(keys: IntArray) -> BoolArray:
    """Where a sorted list of keys (k, K) has another key than before."""
    change = np.ones(keys.shape[1], dtype=np.bool_)
    change[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    return change


def _added(values: FloatArray, starts: IntArray) -> FloatArray:
    """Add up a table (K, …) over the pairs of each unit."""
    return np.asarray(np.add.reduceat(values, starts, axis=0)) if len(starts) else values


def _root(a: FloatArray, d: FloatArray) -> FloatArray:
    """R with R Rᵀ = a (Σ d a a′)⁺ a′; categories of several margins are redundant, hence the pseudo-inverse.

    Its root is the symmetric one, of which there is only one: eigenvectors of equal eigenvalues turn with the rounding.
    """
    size = np.sqrt(d @ (a * a))
    scaled = a / np.where(size > 0, size, 1.0)
    values, vectors = np.linalg.eigh((scaled * d[:, None]).T @ scaled)
    kept = values > _RANK * values.max(initial=0.0)
    return np.asarray(scaled @ (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T)
