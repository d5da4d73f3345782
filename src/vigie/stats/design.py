"""The design that figures stand on: strata, raking cells and calibration factors of the groups of `Sums`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from vigie.stats.sums import BoolArray, FloatArray, IntArray, Sums

_RANK = 1e-10  # eigenvalues of the scaled margins below this share of the largest are redundant categories


@dataclass(frozen=True, slots=True)
class Design:
    """Where each of the G groups stands in the design, and what calibration did to its raking cell."""

    stratum: IntArray  # (G,) stratum of each group
    cell: IntArray  # (G,) raking cell of each group
    g: FloatArray  # (n_cells,) w/d of each cell; ones without weighting
    dummies: FloatArray | None = None  # (n_cells, p) margins of each cell, all categories; None when not calibrated

    def __post_init__(self) -> None:
        if self.stratum.shape != self.cell.shape or self.stratum.ndim != 1:
            raise ValueError("stratum and cell have one entry per group")
        if self.cell.size and not (self.cell.min() >= 0 and self.cell.max() < len(self.g) and self.stratum.min() >= 0):
            raise ValueError("a group lies in no stratum or in no raking cell")
        if self.dummies is not None and self.dummies.shape[0] != self.g.shape[0]:
            raise ValueError("the margins have one row per raking cell")

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
    ) -> Design:
        """A design from plain lists; without `cell` nothing is calibrated."""
        strata = np.asarray(stratum, dtype=np.int64)
        cells = np.zeros_like(strata) if cell is None else np.asarray(cell, dtype=np.int64)
        factors = np.ones(int(cells.max(initial=0)) + 1) if g is None else np.asarray(g, dtype=np.float64)
        return cls(strata, cells, factors, None if dummies is None else np.asarray(dummies, dtype=np.float64))

    def degrees(self, sums: Sums) -> int:
        """Degrees of freedom of the design: people minus strata that have people."""
        return int(sums.n.sum()) - len(np.unique(self.stratum[sums.n > 0]))


@dataclass(frozen=True, slots=True)
class Frame:
    """Groups folded to the K pairs (stratum, raking cell) that hold people, in the order of the strata.

    Variance needs no finer resolution: within a pair everybody has the same factor and the same margins.
    """

    order: IntArray  # (G',) groups with people, sorted by pair
    pair: IntArray  # (G',) pair of each of these
    starts: IntArray  # (H,) first pair of each stratum
    scale: FloatArray  # (H,) n_h/(n_h - 1)
    centre: FloatArray  # (H,) 1/n_h, the weight of the squared stratum total; 0 in a stratum of one person
    stratum: IntArray  # (K,) from 0 to H - 1
    g: FloatArray  # (K,)
    d: FloatArray  # (K,)
    d2: FloatArray  # (K,)
    root: FloatArray | None  # (K, r): projections are root @ (rootᵀ zd), see `project`

    def fold(self, tables: Sequence[FloatArray], segments: BoolArray) -> Iterator[FloatArray]:
        """Add up tables (G, C) over the groups of each pair that are in each segment (S, G), to (K, S, C).

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

    def strata(self, values: FloatArray) -> FloatArray:
        """Add up a table (K, …) over the pairs of each stratum."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=0)) if len(self.starts) else values

    def totals(self, zd: FloatArray, p: FloatArray) -> FloatArray:
        """Σt by stratum (H, …), t = g d (z - p)."""
        shape = (-1,) + (1,) * (zd.ndim - 1)
        return self.strata(self.g.reshape(shape) * (zd - p * self.d.reshape(shape)))


def frame(sums: Sums, design: Design) -> Frame:
    """Fold the groups of a design and prepare the regression on its margins."""
    if design.stratum.shape != sums.n.shape:
        raise ValueError(f"the design has {design.stratum.size} groups, the sums {sums.groups}")
    live = np.flatnonzero(sums.n > 0)
    n_cells = len(design.g)
    keys, pair = np.unique(design.stratum[live] * n_cells + design.cell[live], return_inverse=True)
    sorting = np.argsort(pair, kind="stable")
    stratum, cell = np.unique(keys // n_cells, return_inverse=True)[1], keys % n_cells
    starts = np.flatnonzero(np.diff(stratum, prepend=-1))
    people = np.bincount(stratum[pair], weights=sums.n[live], minlength=len(starts))
    alone = people < 2
    d, d2 = (np.bincount(pair, weights=a[live], minlength=len(keys)).astype(np.float64) for a in (sums.d, sums.d2))
    return Frame(
        order=live[sorting],
        pair=pair[sorting],
        starts=starts,
        # a stratum of one person has no spread of its own: as with R's survey.lonely.psu="adjust" its t counts in full,
        # that is, as its distance from the mean of all strata, zero
        scale=np.where(alone, 1.0, people / np.where(alone, 1.0, people - 1)),
        centre=np.where(alone, 0.0, 1.0 / np.maximum(people, 1.0)),
        stratum=stratum,
        g=design.g[cell],
        d=d,
        d2=d2,
        root=None if design.dummies is None else _root(design.dummies[cell], d),
    )


def _root(a: FloatArray, d: FloatArray) -> FloatArray:
    """R with R Rᵀ = a (Σ d a a′)⁺ a′; categories of several margins are redundant, hence the pseudo-inverse."""
    size = np.sqrt(d @ (a * a))
    scaled = a / np.where(size > 0, size, 1.0)
    values, vectors = np.linalg.eigh((scaled * d[:, None]).T @ scaled)
    kept = values > _RANK * values.max(initial=0.0)
    return np.asarray(scaled @ (vectors[:, kept] / np.sqrt(values[kept])))
