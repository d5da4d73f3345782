"""What an engine runs over its rows: kernels fold Arrow batches of codes and numbers to sums, the same on any engine.

Codes count from 1, and 0 is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
# columns of a batch: the design weight; of evaluations the person, the loop's value and the loop's weight. Like all
# that the engine makes beside the columns of questions, they have names that no id can have: ids begin with a letter
WEIGHT, PERSON, CODE, LOOP_WEIGHT = "_d", "_person", "_code", "_w"
LARGEST = 1 << 60  # numbers of combinations stay below; a banner of a hundred options has more than fit in 64 bits


class Kernel(Protocol):
    """`fold` turns some of the batches into partial sums; `merge` puts these together, in the order given."""

    def fold(self, batches: Iterable[pa.RecordBatch]) -> Any: ...

    def merge(self, partials: Sequence[Any]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of answers as codes from 1 to `size`.

    They are its numbers less the offset, its cells' places in `levels`, or what `signs` hold at its numbers, where the
    offset is the number that stands for unknown.
    """

    column: str
    size: int
    offset: int = 0
    levels: tuple[str, ...] | tuple[float, ...] = ()
    signs: tuple[int, ...] = ()

    def of(self, batch: pa.RecordBatch) -> Codes:
        """(n,) codes; 0 where the answer is unknown."""
        column, null = batch.column(self.column), self.offset
        if self.levels:
            column, null = pc.index_in(column, pa.array(self.levels)), -1
        if column.null_count:
            column = pc.fill_null(column, pa.scalar(null, column.type))
        if self.signs:
            return np.array(self.signs, dtype=np.int32).take(np.asarray(column))  # half the time of an index
        codes = np.asarray(column).astype(np.int32)
        return codes - np.int32(null) if null else codes


@dataclass(frozen=True, slots=True)
class Keys:
    """The variables that rows are grouped by; `met` are the combinations there are, where too many could be."""

    variables: tuple[Coded, ...]
    met: Ints | None = None  # (G, variables) each once

    @property
    def combinations(self) -> int:
        """How many combinations there could be."""
        return prod(v.size + 1 for v in self.variables)

    def of(self, batch: pa.RecordBatch) -> Ints:
        """(n,) each row's combination as one number: its place in `met`, where these are given."""
        columns = [v.of(batch) for v in self.variables]
        if self.met is None:
            small = self.combinations <= np.iinfo(np.int32).max
            key = np.zeros(batch.num_rows, dtype=np.int32 if small else np.int64)
            for variable, codes in zip(self.variables, columns, strict=True):
                key *= variable.size + 1
                key += codes
            return key.astype(np.int64, copy=False)
        here, there, size = np.zeros(len(self.met), dtype=np.int64), np.zeros(batch.num_rows, dtype=np.int64), 1
        for at, (variable, codes) in enumerate(zip(self.variables, columns, strict=True)):
            step = variable.size + 1
            if size * step > LARGEST:  # number afresh what there is
                known, here = np.unique(here, return_inverse=True)
                there, size = np.searchsorted(known, there), len(known)
            here, there, size = here * step + self.met[:, at], there * step + codes, size * step
        order = np.argsort(here)
        return np.asarray(order[np.searchsorted(here[order], there)])

    def codes(self, groups: Ints) -> Ints:
        """(G, variables) the codes of combinations given as numbers."""
        if self.met is not None:
            return self.met[groups]
        out = np.empty((len(groups), len(self.variables)), dtype=np.int64)
        rest = groups
        for at in reversed(range(len(self.variables))):
            rest, out[:, at] = np.divmod(rest, self.variables[at].size + 1)
        return out


def weights(batch: pa.RecordBatch, *, even: bool) -> Floats:
    """(n,) design weights."""
    return np.ones(batch.num_rows) if even else np.asarray(batch.column(WEIGHT), dtype=np.float64)
