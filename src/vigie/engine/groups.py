"""The groups that people are summed by: the combinations of strata, margins and banner that really occur."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.kernel import LARGEST, Ints

TRUTHS = ("false", "true")


@dataclass(frozen=True, slots=True)
class Variable:
    """A column that people are grouped by: its categories, in the order of their codes."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Groups:
    """The combinations of the grouping variables that people are in, in a fixed order.

    `levels` holds each variable's categories; `codes` (G, variables) the position of each group's category in them,
    one past the end where it is unknown. The options of a multiple question are variables of their own, with the
    categories "false" and "true".
    """

    variables: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: Ints

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def of(cls, variables: Sequence[Variable], codes: Ints) -> Groups:
        """From the codes of a kernel, which count from 1, with 0 where a category is unknown."""
        sizes = np.array([len(v.levels) for v in variables], dtype=np.int64)
        places = np.where(codes > 0, codes - 1, sizes)
        return cls(tuple(v.name for v in variables), tuple(v.levels for v in variables), places)

    def where(self, variable: str, category: str) -> npt.NDArray[np.bool_]:
        """(G,) the groups in a category."""
        at = self.variables.index(variable)
        place = self.levels[at].index(category) if category in self.levels[at] else -1
        return np.asarray(self.codes[:, at] == place)

    def combined(self, variables: Sequence[str]) -> tuple[Ints, Ints]:
        """The combinations (g, variables) of some of the variables only, in rising order; which each group (G,) is."""
        at = [self.variables.index(v) for v in variables]
        return combinations(self.codes[:, at])


def combinations(codes: Ints) -> tuple[Ints, Ints]:
    """The different rows of a table (G, variables) of codes, in rising order; which of them each is (G,)."""
    size = codes.max(axis=0, initial=0) + 1
    if prod(size.tolist()) <= LARGEST:  # one number for each, which is sorted much faster
        keys = np.ravel_multi_index(tuple(codes.T), tuple(size)) if codes.size else np.zeros(len(codes), dtype=np.int64)
        _, first, number = np.unique(keys, return_index=True, return_inverse=True)
        return codes[first], number.reshape(-1)
    found, number = np.unique(codes, axis=0, return_inverse=True)
    return found, number.reshape(-1)


def encoded(column: pa.Array, levels: Sequence[str]) -> Ints:
    """Each cell's position among the levels; one past the end where it is unknown."""
    found = pc.fill_null(pc.index_in(column, pa.array(levels, pa.string())), len(levels))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def numbered(column: pa.Array | pa.ChunkedArray) -> Ints:
    """Each cell as the number of its text."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(whole.dictionary_encode().indices.to_numpy(zero_copy_only=False), dtype=np.int64)
