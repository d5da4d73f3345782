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
    """Sums over the rows of G groups, in rising order of their combinations."""

    groups: Ints  # (G,) combinations as numbers
    people: Floats  # (G, 3) rows, Σd, Σd²
    answers: tuple[Floats, ...]  # per coded column (G, size + 1, 3): code 0 is unknown
    measures: tuple[Floats, ...]  # per measure (G, 6): rows, Σd, Σd² in the base, Σdv, Σd²v, Σd²v²


@dataclass(frozen=True, slots=True)
class Counting:
    """People counted by groups: for each block of grouping variables, every answer and every measure.

    `measures` are columns of numbers, null out of their base. `even` says that all weights are 1, so that counting is
    all there is to do. Cost: for each batch and block one pass per coded column and six per measure (three where
    weights are even); memory for G × Σ(size + 1) × 3 sums.
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
                    own if len(f.groups) <= len(own[0]) else [_grown(t, f.room) for t in own]
                    for f, own in zip(found, tables, strict=True)
                ]
                self._add(batch, groups, tables, pool)
        return tuple(
            self._tally(f.groups, [t[: len(f.groups)] for t in own]) for f, own in zip(found, tables, strict=True)
        )

    def merge(self, partials: Sequence[tuple[Tally, ...]]) -> tuple[Tally, ...]:
        """Partial sums put together, in the order given."""
        return tuple(_merged(one) for one in zip(*partials, strict=True))

    def _empty(self) -> list[Floats]:
        """Tables of no groups: everybody, then each coded column, then each measure."""
        sums = 1 if self.even else 3
        answers = [np.zeros((0, width, sums)) for width in (1, *(c.size + 1 for c in self.coded))]
        return [*answers, *(np.zeros((0, 6)) for _ in self.measures)]

    def _add(self, batch: pa.RecordBatch, groups: list[Codes], tables: list[list[Floats]], pool: Executor) -> None:
        """Add one batch to the tables of every block, column by column: the library counts without the interpreter."""
        n = batch.num_rows
        powers = np.ones((n, 1))
        if not self.even:
            d = np.asarray(batch.column(WEIGHT), dtype=np.float64)
            powers = np.column_stack([powers[:, 0], d, d * d])
        each, starts = np.ones(n), np.arange(n + 1, dtype=np.int32)

        def counted(table: Floats, key: Codes) -> None:
            """Add rows, Σd and Σd² by key to a table (G, width, 3): the product of a matrix of one 1 to a row."""
            cells = table.shape[0] * table.shape[1]
            table += (csc_array((each, key, starts), shape=(cells, n)) @ powers).reshape(table.shape)

        def people() -> None:
            for group, own in zip(groups, tables, strict=True):
                counted(own[0], group)

        def answers(k: int, coded: Coded) -> None:
            codes = coded.of(batch)
            for group, own in zip(groups, tables, strict=True):
                counted(own[k], group * np.int32(own[k].shape[1]) + codes)

        def measure(k: int, name: str) -> None:
            column = batch.column(name)
            known = np.asarray(column.is_valid()).astype(bool)
            v = np.asarray(column.drop_null(), dtype=np.float64)
            for group, own in zip(groups, tables, strict=True):
                _measure(own[k], group[known], v, powers[known, 1:])

        jobs = [pool.submit(people)]
        jobs += [pool.submit(answers, k, coded) for k, coded in enumerate(self.coded, 1)]
        jobs += [pool.submit(measure, k, name) for k, name in enumerate(self.measures, 1 + len(self.coded))]
        for job in jobs:
            job.result()

    def _tally(self, groups: Ints, own: list[Floats]) -> Tally:
        order, counts, parts = np.argsort(groups, kind="stable"), 1 + len(self.coded), []
        while own:  # one after the other, so that no two copies of all are held
            parts.append(own.pop(0)[order])
        if self.even:  # Σd and Σd² are counts
            parts[:counts] = [np.repeat(a, 3, axis=2) for a in parts[:counts]]
            for a in parts[counts:]:
                a[:, 1], a[:, 2], a[:, 4] = a[:, 0], a[:, 0], a[:, 3]
        return Tally(groups[order], parts[0][:, 0], tuple(parts[1:counts]), tuple(parts[counts:]))


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
        return np.asarray(self.place[key])


def _grown(table: Floats, groups: int) -> Floats:
    """A table with rows for groups that have been met since."""
    more = groups - len(table)
    return np.concatenate([table, np.zeros((more, *table.shape[1:]))]) if more else table


def _measure(table: Floats, group: Codes, v: Floats, powers: Floats) -> None:
    """Add the sums of one measure by group to a table (G, 6); `powers` (n, 2) d and d², or nothing where all are 1."""
    terms = {3: v, 5: v * v}
    if powers.shape[1]:
        d, d2 = powers.T
        terms = {1: d, 2: d2, 3: d * v, 4: d2 * v, 5: d2 * v * v}
    table[:, 0] += np.bincount(group, minlength=len(table))
    for at, weight in terms.items():
        table[:, at] += np.bincount(group, weights=weight, minlength=len(table))


def _merged(tallies: Sequence[Tally]) -> Tally:
    groups = np.unique(np.concatenate([t.groups for t in tallies]))

    def total(parts: Sequence[Floats]) -> Floats:
        out = np.zeros((len(groups), *parts[0].shape[1:]))
        for tally, part in zip(tallies, parts, strict=True):
            out[np.searchsorted(groups, tally.groups)] += part
        return out

    people = total([t.people for t in tallies])
    answers = tuple(total(parts) for parts in zip(*(t.answers for t in tallies), strict=True))
    measures = tuple(total(parts) for parts in zip(*(t.measures for t in tallies), strict=True))
    return Tally(groups, people, answers, measures)
