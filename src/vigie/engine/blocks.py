"""What people are grouped by: the design's variables and the banner's, crossed in as few blocks as hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from vigie.engine.counting import Tally
from vigie.engine.groups import TRUTHS, Groups, Variable
from vigie.engine.kernel import Coded, Ints, Keys
from vigie.engine.projection import Projection
from vigie.stats.design import Design
from vigie.study.model import Study
from vigie.study.questions import Single

CROSSED = 1 << 15  # combinations up to which the questions of a banner are crossed in one block
LOOKED_UP = 1 << 20  # combinations up to which a block needs no list of those that occur
FEW = 64  # categories up to which the engine itself looks texts up


class Blocks:
    """The blocks of grouping variables of a wave's people.

    `base` are the variables that the design needs of everybody (stratum, margins); `banner` those of each banner
    question, which stay together. Every block holds the base and as many banner questions as can be crossed; within it
    every combination is told apart, and figures by a banner question are made from its own block.
    """

    def __init__(self, made: Projection, study: Study, base: Sequence[str], banner: Sequence[Sequence[str]]) -> None:
        self.made, self.study, self.base = made, study, list(base)
        self.variables = {n: self._variable(n) for n in dict.fromkeys([*base, *(n for b in banner for n in b)])}
        self.aliases = {name: f"_g{at}" for at, name in enumerate(self.variables)}  # no engine minds dots in these
        self.names = self._shared_out([list(dict.fromkeys(b)) for b in banner])
        self.keys = [self._keys(names) for names in self.names]
        self.groups: list[Groups] = []  # of each block, once people have been counted

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

    def _shared_out(self, banner: Sequence[Sequence[str]]) -> list[list[str]]:
        blocks = [list(self.base)]
        for names in banner:
            joined = list(dict.fromkeys([*blocks[-1], *names]))
            crossed = Keys(tuple(map(self._coded, joined))).combinations
            if crossed <= CROSSED or len(blocks[-1]) == len(self.base):
                blocks[-1] = joined
            else:
                blocks.append(list(dict.fromkeys([*self.base, *names])))
        return blocks

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
        """Remember which groups people are in."""
        for b, (names, keys, tally) in enumerate(zip(self.names, self.keys, tallies, strict=True)):
            found = keys.codes(tally.groups)
            self.keys[b] = replace(keys, met=found)
            self.groups.append(Groups.of([self.variables[n] for n in names], found))

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
