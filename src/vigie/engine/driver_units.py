"""The units of people that the bootstrap of key drivers draws, and the kernel that sums marks by unit.

People, or clusters where they were drawn in such, are put at random into at most some thousands of units. Units follow
from the places of people in the facts, so that the same facts give the same intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.stats.moments import Moments, moments

UNITS, FEWEST = 2000, 50  # units in all, and of a stratum that has so many people or clusters
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Marks:
    """Moments of an overall mark x0 and its attributes x1…xp, by unit; and Σw².

    With `boxes` the dummies of low and of high marks stand after the marks. Where people were drawn in clusters, rows
    come sorted by stratum and cluster.
    """

    attributes: int
    strata: tuple[str, ...]
    units: Units
    boxes: tuple[float | None, float | None] | None
    clustered: bool = False

    def fold(self, batches: Iterable[pa.RecordBatch]) -> tuple[Moments, float]:
        """The moments of some batches."""
        width = 1 + self.attributes * (3 if self.boxes else 1)
        total, squares = moments([], self.units.n, [], np.zeros((0, width))), 0.0
        codes, places = pa.array(self.strata, pa.string()), Places(self.units)
        for batch in batches:
            stratum = np.asarray(pc.index_in(batch["stratum"], value_set=codes)).astype(np.int64)
            w = np.asarray(batch["w"]).astype(np.float64)
            unit = places.together(stratum, batch["cluster"]) if self.clustered else places.of(stratum)
            total += moments(unit, self.units.n, w, self._columns(batch))
            squares += float(w @ w)
        return total, squares

    def merge(self, partials: Sequence[tuple[Moments, float]]) -> tuple[Moments, float]:
        """Partial moments put together, in the order given."""
        return reduce(add, (m for m, _ in partials)), sum(squares for _, squares in partials)

    def _columns(self, batch: pa.RecordBatch) -> Floats:
        marks = np.column_stack([np.asarray(batch[f"x{k}"]) for k in range(self.attributes + 1)])
        if self.boxes is None:
            return marks
        return np.column_stack([marks, marks[:, 1:] <= self.boxes[0], marks[:, 1:] >= self.boxes[1]])


@dataclass(frozen=True, slots=True)
class Units:
    """The units that people, or their clusters, are put into by stratum: each alone where few, else some at random."""

    size: Ints  # (H,) units of each stratum
    alone: bool

    @classmethod
    def of(cls, drawn: Ints) -> Units:
        """Those for so many people, or clusters, in each stratum (H,)."""
        total = int(drawn.sum())
        alone = total <= UNITS
        share = np.maximum(UNITS * drawn // max(total, 1), FEWEST)
        return cls(np.maximum(drawn if alone else np.minimum(drawn, share), 1), alone)

    @property
    def n(self) -> int:
        return int(self.size.sum())

    @property
    def stratum(self) -> Ints:
        """The stratum of every unit (n,)."""
        return np.repeat(np.arange(len(self.size)), self.size)


class Places:
    """Puts people, or clusters, into units, in the order in which they come."""

    def __init__(self, units: Units) -> None:
        self.units, self.first = units, np.cumsum(units.size) - units.size
        self.seen, self.read = np.zeros_like(units.size), 0
        self.last: tuple[int, str, int] | None = None  # stratum, cluster and unit of the last person, of clusters

    def together(self, stratum: Ints, cluster: pa.Array) -> Ints:
        """The units of the next people, of these strata and clusters: whole clusters, whose people stand together."""
        if not len(stratum):
            return stratum
        change = np.ones(len(stratum), dtype=bool)
        change[1:] = (stratum[1:] != stratum[:-1]) | np.asarray(pc.not_equal(cluster[1:], cluster[:-1]))
        begun = self.last is not None and self.last[:2] == (stratum[0], cluster[0].as_py())
        change[0] = not begun  # else the first cluster goes on from the batch before
        known = [self.last[2]] if begun and self.last is not None else []
        units = np.concatenate([np.array(known, dtype=np.int64), self.of(stratum[change])])
        unit = np.asarray(units[np.cumsum(change) - (0 if begun else 1)])
        self.last = (int(stratum[-1]), str(cluster[-1].as_py()), int(unit[-1]))
        return unit

    def of(self, stratum: Ints) -> Ints:
        """The units of the next people, or clusters, whose strata these are."""
        size = self.units.size
        place = self._next(stratum) if self.units.alone else _scattered(self.read, len(stratum))
        self.read += len(stratum)
        return np.asarray(self.first[stratum] + place % size[stratum])

    def _next(self, stratum: Ints) -> Ints:
        """How many of the same stratum came before each."""
        order = np.argsort(stratum, kind="stable")
        count = np.bincount(stratum, minlength=len(self.seen))
        place = np.empty(len(stratum), dtype=np.int64)
        place[order] = np.arange(len(stratum)) - np.repeat(np.cumsum(count) - count, count)
        place += self.seen[stratum]
        self.seen += count
        return place


def _scattered(first: int, count: int) -> Ints:
    """A number for each place from `first` on that looks drawn at random (splitmix64), whatever the batches."""
    z = np.arange(first, first + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((z ^ (z >> np.uint64(31))) >> np.uint64(1), dtype=np.int64)
