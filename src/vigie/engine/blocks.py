"""What people are grouped by: the design's variables and the banner's, crossed to be counted and then taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, Self, TypeVar

import ibis
import numpy as np
import pyarrow as pa

from vigie.engine.counting import Tally
from vigie.engine.groups import TRUTHS, Groups, Variable, combinations
from vigie.engine.kernel import Coded, Ints, Keys
from vigie.engine.projection import Projection
from vigie.stats.design import Design
from vigie.study.model import Study
from vigie.study.questions import Single

CROSSED = 1 << 15  # combinations up to which the questions of a banner are counted in one crossing
LOOKED_UP = 1 << 20  # combinations up to which a crossing needs no list of those that occur
FEW = 64  # categories up to which the engine itself looks texts up


class Foldable(Protocol):
    """Sums by groups, which add up to those of coarser groups."""

    def folded(self, into: Ints, n_groups: int) -> Self: ...


AnyFoldable = TypeVar("AnyFoldable", bound=Foldable)


class Blocks:
    """The blocks of grouping variables of a wave's people.

    `base` are the variables that the design needs of everybody (stratum, margins); `banner` those of each banner
    question, which stay together. The first block is the base, of which figures on everybody are made; each further one
    the base and a banner question, whose categories have figures of their own. Rows are counted by `crossings`, which
    hold the base and as many questions as can be crossed, so that a row is read once for many blocks: what is counted
    by a crossing is folded to its blocks.
    """

    def __init__(self, made: Projection, study: Study, base: Sequence[str], banner: Sequence[Sequence[str]]) -> None:
        self.made, self.study, self.base = made, study, list(base)
        self.variables = {n: self._variable(n) for n in dict.fromkeys([*base, *(n for b in banner for n in b)])}
        self.aliases = {name: f"_g{at}" for at, name in enumerate(self.variables)}  # no engine minds dots in these
        further = [list(dict.fromkeys([*self.base, *names])) for names in banner if set(names) - set(self.base)]
        self.names = [list(self.base), *further]
        self.crossings = self._crossed()
        self.keys = [self._keys(names) for names in self.crossings]
        self.groups: list[Groups] = []  # of each block, once people have been counted
        self.within: list[tuple[int, Ints]] = []  # the crossing of each block, and which of its groups each there is in

    def __len__(self) -> int:
        return len(self.names)

    def of(self, names: Sequence[str]) -> int:
        """The block that has all these variables."""
        return next(b for b, own in enumerate(self.names) if set(names) <= set(own))

    def _variable(self, name: str) -> Variable:
        column = self.made.table[name]
        if column.type().is_boolean():
            return Variable(name, TRUTHS)
        question = self.made.questions.get(name)
        if isinstance(question, Single):
            return Variable(name, tuple(self.study.options(question)))
        given = self.made.table.select(code=column).distinct().to_pyarrow()["code"].to_pylist()
        return Variable(name, tuple(sorted(c for c in given if c is not None)))

    def _crossed(self) -> list[list[str]]:
        """The variables of each crossing."""
        crossings = [list(self.base)]
        for names in self.names[1:]:
            joined = list(dict.fromkeys([*crossings[-1], *names]))
            if Keys(tuple(map(self._coded, joined))).combinations <= CROSSED or len(crossings[-1]) == len(self.base):
                crossings[-1] = joined
            else:
                crossings.append(names)
        return crossings

    def _coded(self, name: str) -> Coded:
        levels = self.variables[name].levels
        if _many(levels):
            return Coded(self.aliases[name], len(levels), levels=levels)
        signs = self._column(name, self.made.table)[1]
        return Coded(self.aliases[name], len(levels), signs.index(0) if signs else 0, signs=signs)

    def columns(self, table: Any) -> dict[str, Any]:
        """The grouping variables as columns that the keys read."""
        return {self.aliases[name]: self._column(name, table)[0] for name in self.variables}

    def _column(self, name: str, table: Any) -> tuple[Any, tuple[int, ...]]:
        """A variable as small numbers and, where these are no codes, what they mean; texts where there are many."""
        column, levels = table[name], self.variables[name].levels
        if column.type().is_boolean():
            return column.cast("int8") + 1, ()
        if not levels:  # nobody's is known
            return ibis.literal(0, "int16"), ()
        return (column, ()) if _many(levels) else self.made.session.engine.sign(levels, column)

    def crossed(self, block: int, further: Coded, table: Any) -> Keys:
        """The keys of a block's variables and of a further one, which is a column of the table."""
        return self._keys(self.names[block], further, table)

    def _keys(self, names: Sequence[str], further: Coded | None = None, people: Any = None) -> Keys:
        more = () if further is None else (further,)
        keys = Keys((*map(self._coded, names), *more))
        if keys.combinations <= LOOKED_UP:
            return keys
        rows = self.made.table if people is None else people
        columns = self.columns(rows) | {c.column: rows[c.column] for c in more}
        table = rows.select(**{v.column: columns[v.column] for v in keys.variables}).distinct().to_pyarrow()
        batches = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
        return replace(keys, met=np.unique(np.column_stack([v.of(batches[0]) for v in keys.variables]), axis=0))

    def count(self, tallies: Sequence[Tally]) -> None:
        """Remember which groups people are in, from what was counted by each crossing."""
        met = [keys.codes(tally.groups) for keys, tally in zip(self.keys, tallies, strict=True)]
        self.keys = [replace(keys, met=codes) for keys, codes in zip(self.keys, met, strict=True)]
        for names in self.names:
            crossing = next(c for c, own in enumerate(self.crossings) if set(names) <= set(own))
            at = [self.crossings[crossing].index(name) for name in names]
            found, into = combinations(met[crossing][:, at])
            self.groups.append(Groups.of([self.variables[n] for n in names], found))
            self.within.append((crossing, into))

    def apart(self, counted: Sequence[AnyFoldable]) -> list[AnyFoldable]:
        """Sums by the groups of each crossing as those of each block."""
        return [
            counted[crossing].folded(into, len(groups))
            for (crossing, into), groups in zip(self.within, self.groups, strict=True)
        ]

    @property
    def coarse(self) -> Keys:
        """The keys of the base variables alone."""
        found, _ = self.groups[0].combined(self.base)  # in this order, which the coarse design has too
        sizes = np.array([len(self.variables[n].levels) for n in self.base], dtype=np.int64)
        return Keys(tuple(map(self._coded, self.base)), np.where(found < sizes, found + 1, 0))

    def design(self, whole: Design, block: int) -> Design:
        """The design of a block's groups, from that of the first block's."""
        if block == 0:
            return whole
        return whole.take(self._first()[self.groups[block].combined(self.base)[1]])

    def coarse_design(self, whole: Design) -> Design:
        """The design of the combinations of the base variables."""
        return whole.take(self._first())

    def _first(self) -> Ints:
        """A group of the first block for each combination of the base variables: these alone decide the design."""
        return np.asarray(np.unique(self.groups[0].combined(self.base)[1], return_index=True)[1])


def _many(levels: Sequence[str]) -> bool:
    """Whether the kernel looks texts up, which costs the same whatever their number."""
    return len(levels) > FEW and levels != TRUTHS
