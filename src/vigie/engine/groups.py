"""The groups that people are summed by: the combinations of strata, margins and banner that really occur."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
LARGEST = 1 << 60  # numbers of combinations stay below; a banner of a hundred options has more than fit in 64 bits


@dataclass(frozen=True)
class Groups:
    """The combinations of the grouping variables that people are in, in a fixed order.

    `levels` holds each variable's categories, sorted; `codes` (G, variables) the position of each group's category in
    them, one past the end where it is unknown. The options of a multiple question are variables of their own, with the
    categories "false" and "true".
    """

    variables: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: Ints

    def __len__(self) -> int:
        return len(self.codes)

    def where(self, variable: str, category: str) -> npt.NDArray[np.bool_]:
        """(G,) the groups in a category."""
        at = self.variables.index(variable)
        place = self.levels[at].index(category) if category in self.levels[at] else -1
        return np.asarray(self.codes[:, at] == place)

    def of(self, columns: Sequence[pa.Array]) -> Ints:
        """(n,) the group of each person, from the grouping variables' columns; everybody is in one of the groups."""
        here, there, size = np.zeros(len(self), dtype=np.int64), np.zeros(1, dtype=np.int64), 1
        for at, (column, level) in enumerate(zip(columns, self.levels, strict=True)):
            step = len(level) + 1
            if size * step > LARGEST:  # number afresh what occurs
                known, here = np.unique(here, return_inverse=True)
                there, size = np.searchsorted(known, there), len(known)
            here, there, size = here * step + self.codes[:, at], there * step + encoded(column, level), size * step
        order = np.argsort(here)
        return order[np.searchsorted(here[order], there)]

    def coarse(self, variables: Sequence[str]) -> Ints:
        """(G,) the number of each group's combination of some of the variables only."""
        at = [self.variables.index(v) for v in variables]
        return np.unique(self.codes[:, at], axis=0, return_inverse=True)[1].reshape(-1)


def grouping(table: Any, variable: str) -> Any:
    """A grouping variable as a column of texts."""
    column = table[variable]
    return column.cast("string") if column.type().is_boolean() else column


def encoded(column: pa.Array, levels: Sequence[str]) -> Ints:
    """Each cell's position among the levels; one past the end where it is unknown."""
    found = pc.fill_null(pc.index_in(column, pa.array(levels, pa.string())), len(levels))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def groups(table: Any, variables: Sequence[str]) -> Groups:
    """The groups of a table of people; cost: one pass over as many columns as there are variables."""
    found = table.select(**{v: grouping(table, v) for v in variables}).distinct().to_pyarrow()
    columns = [found[v].combine_chunks() for v in variables]
    levels = tuple(tuple(sorted(x for x in pc.unique(c).to_pylist() if x is not None)) for c in columns)
    codes = np.column_stack([encoded(c, level) for c, level in zip(columns, levels, strict=True)])
    return Groups(tuple(variables), levels, codes[np.lexsort(codes.T[::-1])])
