"""What later waves need of a wave's survey: how its figures hang on each person, and where these are to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.engine.blocks import Blocks
from vigie.engine.columns import Column
from vigie.engine.projection import Projection
from vigie.results.figures import Estimate, Place
from vigie.stats.composition import composition
from vigie.stats.design import Design, frame
from vigie.stats.panels import Influence, influence
from vigie.stats.sums import Sums
from vigie.study.waves import Wave

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Spot = tuple[int, int]  # a segment and a column of the arrays of a wave
Parts = tuple[Floats, Floats, Floats]  # by category: value, share of the base; the covariance of both


@dataclass(frozen=True)
class Categories:
    """A banner question of one answer: each figure by its categories, and by one more for those who gave none."""

    question: str
    codes: tuple[str, ...]
    parts: Mapping[Place, Parts]


@dataclass(frozen=True)
class Fielded:
    """A wave's survey as later waves need it."""

    wave: Wave
    weighting: str  # of everyone, or of some people
    made: Projection
    blocks: Blocks
    columns: tuple[Column, ...]
    segments: tuple[tuple[str, str] | None, ...]  # the grouping variable and its category; None for everybody
    influence: Influence
    pair: Ints  # the pair of each combination of `blocks.coarse`
    strata: tuple[str, ...]  # the name of each stratum
    clusters: tuple[tuple[str, str], ...]  # the names of (stratum, cluster); none where people were drawn
    places: Mapping[Place, Spot]
    categories: tuple[Categories, ...]
    common: Mapping[Place, Estimate]  # figures on the channels that another wave lists too

    @property
    def people(self) -> int:
        return int(self.influence.n.sum())


class Keeper:
    """Gathers, pass by pass over the people of a wave, what `Fielded` holds."""

    def __init__(self, segments: int, columns: int) -> None:
        self.shape = (segments, columns)
        self.whole: Influence | None = None
        self.parts: dict[tuple[str, int], Parts] = {}  # of a banner question and a column

    def add(self, at: Ints, columns: Sequence[int], sums: Sums, design: Design, members: npt.NDArray[np.bool_]) -> None:
        """Some columns in some segments."""
        made = influence(sums, design, members)
        if self.whole is None:
            self.whole = made.blank(*self.shape)
        self.whole.put(at, columns, made)

    def take_apart(
        self, question: str, columns: Sequence[int], sums: Sums, design: Design, members: npt.NDArray[np.bool_]
    ) -> None:
        """Some columns by the categories of a banner question, whose groups `members` (categories, G) tells.

        Not those on a base that weighs nothing, nor where a category weighs less than nothing: it has no share of it.
        """
        every, layout = np.vstack([members, ~members.any(axis=0)]), frame(sums, design)
        mass = every @ (layout.per_group(layout.g, sums.groups)[:, None] * sums.du)
        for at, k in enumerate(columns):
            if (mass[:, at] >= 0).all() and mass[:, at].any():
                self.parts[question, k] = composition(sums, design, every, at)


def clusters(blocks: Blocks, design: Design, strata: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The names of stratum and cluster of each cluster, in the order of `Influence.units`."""
    if design.cluster is None:
        return ()
    of = np.unique(design.stratum, return_inverse=True)[1]
    levels = [*blocks.variables["cluster"].levels, ""]
    found = np.unique(np.stack([of.reshape(-1), design.cluster], axis=1), axis=0)
    return tuple((strata[s], levels[c]) for s, c in found.tolist())


def pairs(blocks: Blocks, design: Design) -> tuple[Ints, tuple[str, ...]]:
    """The pair (stratum, raking cell) of each combination that `blocks.coarse` numbers, and the names of the strata.

    Pairs are numbered as `stats.design.frame` numbers them; `design` is that of the groups of the first block.
    """
    where, coarse = blocks.groups[0], blocks.coarse
    found, number = where.combined(blocks.base)
    first = np.unique(number, return_index=True)[1]
    keys = design.stratum[first] * len(design.g) + design.cell[first]
    pair = np.unique(keys, return_inverse=True)[1]
    place = {tuple(row): int(p) for row, p in zip(found.tolist(), pair, strict=True)}
    sizes = [len(blocks.variables[name].levels) for name in blocks.base]
    met = np.zeros((0, len(sizes)), dtype=np.int64) if coarse.met is None else coarse.met
    rows = np.where(met > 0, met - 1, sizes)
    levels = [*blocks.variables["stratum"].levels, ""]  # one past the end where it is unknown
    names = tuple(levels[s] for s in np.unique(design.stratum[first]))
    return np.array([place[tuple(row)] for row in rows.tolist()], dtype=np.int64), names
