"""Answers counted by groups of people: all that figures on people need, in one pass.

Partial sums of two sets of rows merge, whichever groups each has met.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from scipy.sparse import csc_array

from vigie.engine.kernel import WEIGHT, Coded, Codes, Floats, Ints, Keys

THREADS = 2  # that count the columns of a batch side by side
SPARE = 1.25  # room made for groups that are yet to be met


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over the rows of G groups, in rising order of their combinations; the second axis of every table."""

    groups: Ints  # (G,) combinations as numbers
    people: Floats  # (3, G) rows, Σd, Σd²
    known: Floats  # (C, G) rows whose answer is known, per coded column
    answers: tuple[Floats, ...]  # per coded column (2, G, size + 1) Σd, Σd²: code 0 is unknown
    measures: tuple[Floats, ...]  # per measure (6, G): rows, Σd, Σd² in the base, Σdv, Σd²v, Σd²v²

    def folded(self, into: Ints, n_groups: int) -> Tally:
        """The sums of coarser groups: `into` (G,) says which of them each group is part of."""
        starts = np.arange(len(into) + 1, dtype=np.int64)
        matrix = csc_array((np.ones(len(into)), into, starts), shape=(n_groups, len(into)))

        def total(table: Floats) -> Floats:
            return np.stack([matrix @ plane for plane in table]) if len(table) else np.zeros((0, n_groups))

        return Tally(
            np.arange(n_groups), total(self.people), total(self.known), tuple(map(total, self.answers)),
            tuple(map(total, self.measures)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counting:
    """People counted by groups: for each block of grouping variables, every answer and every measure.

    `measures` are columns of numbers, null out of their base. `even` says that all weights are 1, so that counting is
    all there is to do. Cost: for each batch and block two passes per coded column and six per measure (one and three
    where weights are even); memory for G × Σ(size + 1) × 2 sums.
    """

    blocks: tuple[Keys, ...]
    coded: tuple[Coded, ...]
    measures: tuple[str, ...]
    even: bool

    def fold(self, batches: Iterable[pa.RecordBatch]) -> tuple[Tally, ...]:
        """The sums of some batches, for each block."""
        found = [_Found(keys) for keys in self.blocks]
        tables = [self._empty() for _ in found]
        with ThreadPoolExecutor(THREADS) as pool:
            for batch in batches:
                groups = [f.of(batch) for f in found]
                tables = [
                    own if len(f.groups) <= own[0].shape[1] else [_grown(t, f.room) for t in own]
                    for f, own in zip(found, tables, strict=True)
                ]
                self._add(batch, groups, tables, pool)
        return tuple(
            self._tally(f.groups, [t[:, : len(f.groups)] for t in own]) for f, own in zip(found, tables, strict=True)
        )

    def merge(self, partials: Sequence[tuple[Tally, ...]]) -> tuple[Tally, ...]:
        """Partial sums put together, in the order given."""
        return tuple(_merged(one) for one in zip(*partials, strict=True))

    def _empty(self) -> list[Floats]:
        """Tables of no groups: everybody, whose answers are unknown, then each coded column, then each measure."""
        sums = 1 if self.even else 2
        answers = [np.zeros((sums, 0, c.size + 1)) for c in self.coded]
        return [np.zeros((3, 0)), np.zeros((len(self.coded), 0)), *answers, *(np.zeros((6, 0)) for _ in self.measures)]

    def _add(self, batch: pa.RecordBatch, groups: list[Codes], tables: list[list[Floats]], pool: Executor) -> None:
        """Add one batch to the tables of every block, column by column: the library counts without the interpreter."""
        n = batch.num_rows
        each, starts = np.ones(n), np.arange(n + 1, dtype=np.int32)
        powers: list[Floats] = []
        if not self.even:
            d = np.asarray(batch.column(WEIGHT), dtype=np.float64)
            powers = [d, d * d]

        def counted(table: Floats, key: Codes, weights: Sequence[Floats]) -> None:
            """Add Σ of each weight by key to a table (weights, …): the product of a matrix of one 1 to a row."""
            matrix = csc_array((each, key, starts), shape=(table[0].size, n))
            for k, weight in enumerate(weights):
                table[k] += (matrix @ weight).reshape(table[k].shape)

        def people() -> None:
            for group, own in zip(groups, tables, strict=True):
                counted(own[0], group, [each, *powers])

        def answers(k: int, coded: Coded) -> None:
            codes = coded.of(batch)
            silent = codes == 0
            some = bool(silent.any())
            for group, own in zip(groups, tables, strict=True):
                table = own[2 + k]
                counted(table, group * np.int32(table.shape[2]) + codes, powers or [each])
                if some:
                    own[1][k] += np.bincount(group[silent], minlength=table.shape[1])

        def measure(k: int, name: str) -> None:
            column = batch.column(name)
            known = np.asarray(column.is_valid()).astype(bool)
            v = np.asarray(column.drop_null(), dtype=np.float64)
            for group, own in zip(groups, tables, strict=True):
                _measure(own[2 + len(self.coded) + k], group[known], v, [power[known] for power in powers])

        jobs = [pool.submit(people)]
        jobs += [pool.submit(answers, k, coded) for k, coded in enumerate(self.coded)]
        jobs += [pool.submit(measure, k, name) for k, name in enumerate(self.measures)]
        for job in jobs:
            job.result()

    def _tally(self, groups: Ints, own: list[Floats]) -> Tally:
        order, counts, parts = np.argsort(groups, kind="stable"), 2 + len(self.coded), []
        while own:  # one after the other, so that no two copies of all are held
            parts.append(own.pop(0).take(order, axis=1))
        people, silent = parts[:2]
        if self.even:  # Σd and Σd² are counts
            people[1:] = people[0]
            parts[2:counts] = [np.repeat(a, 2, axis=0) for a in parts[2:counts]]
            for a in parts[counts:]:
                a[1], a[2], a[4] = a[0], a[0], a[3]
        return Tally(groups[order], people, people[0] - silent, tuple(parts[2:counts]), tuple(parts[counts:]))


@dataclass
class _Found:
    """Groups numbered as they are met."""

    keys: Keys
    groups: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    place: Codes = field(init=False)

    def __post_init__(self) -> None:
        self.place = np.full(self.size, -1, dtype=np.int32)

    @property
    def size(self) -> int:
        """How many groups there can be."""
        return self.keys.combinations if self.keys.met is None else len(self.keys.met)

    @property
    def room(self) -> int:
        """Groups to make room for: some more than were met, so that a few further ones move no table."""
        return min(self.size, int(SPARE * len(self.groups)))

    def of(self, batch: pa.RecordBatch) -> Codes:
        """(n,) the number of each row's group."""
        key = self.keys.of(batch)
        here = np.flatnonzero(np.bincount(key, minlength=len(self.place)))
        fresh = here[self.place[here] < 0]
        self.place[fresh] = np.arange(len(self.groups), len(self.groups) + len(fresh))
        self.groups = np.concatenate([self.groups, fresh])
        return self.place.take(key)


def _grown(table: Floats, groups: int) -> Floats:
    """A table with room for groups that have been met since."""
    grown = np.zeros((len(table), groups, *table.shape[2:]))
    grown[:, : table.shape[1]] = table
    return grown


def _measure(table: Floats, group: Codes, v: Floats, powers: Sequence[Floats]) -> None:
    """Add the sums of one measure by group to a table (6, G); `powers` are d and d², or nothing where all are 1."""
    terms = {3: v, 5: v * v}
    if powers:
        d, d2 = powers
        terms = {1: d, 2: d2, 3: d * v, 4: d2 * v, 5: d2 * v * v}
    table[0] += np.bincount(group, minlength=table.shape[1])
    for at, weight in terms.items():
        table[at] += np.bincount(group, weights=weight, minlength=table.shape[1])


def _merged(tallies: Sequence[Tally]) -> Tally:
    groups = np.unique(np.concatenate([t.groups for t in tallies]))
    places = [np.searchsorted(groups, t.groups) for t in tallies]

    def total(parts: Sequence[Floats]) -> Floats:
        out = np.zeros((len(parts[0]), len(groups), *parts[0].shape[2:]))
        for at, part in zip(places, parts, strict=True):
            out[:, at] += part
        return out

    people, known = (total(parts) for parts in zip(*((t.people, t.known) for t in tallies), strict=True))
    answers = tuple(total(parts) for parts in zip(*(t.answers for t in tallies), strict=True))
    measures = tuple(total(parts) for parts in zip(*(t.measures for t in tallies), strict=True))
    return Tally(groups, people, known, answers, measures)
