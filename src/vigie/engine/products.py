"""Sums that need several columns of a row, or several rows of a person, at once: cross-products, and evaluations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from operator import add

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.kernel import LOOP_WEIGHT, PERSON, Coded, Floats, Ints, Keys, weights
from vigie.stats.sums import Sums, nothing, sums


@dataclass(frozen=True, slots=True)
class Crossing:
    """Figures that people share, such as the use of each channel: their sums with cross-products, by coarse groups.

    `scores` holds the value of each code, of each coded column: u is 1 where the answer is known, v its score.
    """

    keys: Keys
    coded: tuple[Coded, ...]
    scores: tuple[Floats, ...]
    even: bool

    def fold(self, batches: Iterable[pa.RecordBatch]) -> Sums:
        """The sums of some batches."""
        G, C = len(met(self.keys)), len(self.coded)
        found = nothing(G, C, cross=True)
        for batch in batches:
            u, v = (np.zeros((batch.num_rows, C), order="F") for _ in range(2))
            for k, (coded, scores) in enumerate(zip(self.coded, self.scores, strict=True)):
                codes = coded.of(batch)
                u[:, k], v[:, k] = codes > 0, np.concatenate([[0.0], scores])[codes]
            found += sums(self.keys.of(batch), G, weights(batch, even=self.even), u, v, cross=True)
        return found

    def merge(self, partials: Sequence[Sums]) -> Sums:
        """Partial sums put together, in the order given."""
        return reduce(add, partials)


@dataclass(frozen=True, slots=True)
class Evaluations:
    """Figures on evaluations, several of which a person may have made: summed by person first, then by groups.

    Rows come sorted by person. `values` are columns of numbers, null out of the base; `loop` tells the channel (or
    brand) of a row. Each figure is one of `figures`: a value on the evaluations with one code, or with any (0).
    `families` are figures whose cross-products by coarse groups are kept. Groups are those that all people are in.
    With `once`, those of the families are kept a second time as if of d, u and v there were the roots √d, √u and v/√u:
    products of a person's evaluations that weigh them once, as tabulation programs do, and not by their squares.
    """

    blocks: tuple[Keys, ...]
    coarse: Keys
    loop: Coded
    values: tuple[str, ...]
    figures: tuple[tuple[int, int], ...]  # (value, code)
    families: tuple[tuple[int, ...], ...]
    even: bool
    once: bool = False

    def fold(self, batches: Iterable[pa.RecordBatch]) -> tuple[Sums, ...]:
        """The sums of some batches: of each block, then of each family, and then of each again."""
        sizes = [len(met(keys)) for keys in self.blocks]
        found = [nothing(G, len(self.figures)) for G in sizes]
        again = self.families if self.once else ()
        found += [nothing(len(met(self.coarse)), len(f), cross=True) for f in (*self.families, *again)]
        for batch in whole_people(batches):
            first, person = runs(batch.column(PERSON))
            u, v = self._summed(batch, person, len(first))
            one = batch.take(pa.array(first))
            d = weights(one, even=self.even)
            added = self._added(one, d, u, v)
            for into, more in zip(found, added, strict=True):
                _add(into, more)
        return tuple(found)

    def _added(self, people: pa.RecordBatch, d: Floats, u: Floats, v: Floats) -> Iterator[Sums]:
        """The sums of some people, one after the other, so that no two of them are held."""
        for keys in self.blocks:
            yield sums(keys.of(people), len(met(keys)), d, u, v)
        coarse, G = self.coarse.of(people), len(met(self.coarse))
        for f in map(list, self.families):
            yield sums(coarse, G, d, u[:, f], v[:, f], cross=True)
        for f in map(list, self.families if self.once else ()):
            yield sums(coarse, G, np.sqrt(d), *_roots(u[:, f], v[:, f]), cross=True)

    def merge(self, partials: Sequence[tuple[Sums, ...]]) -> tuple[Sums, ...]:
        """Partial sums put together, in the order given."""
        return tuple(reduce(add, one) for one in zip(*partials, strict=True))

    def _summed(self, batch: pa.RecordBatch, person: Ints, people: int) -> tuple[Floats, Floats]:
        """U and v of every figure (people, figures): sums over a person's evaluations, with their loop weights."""
        weight = np.asarray(batch.column(LOOP_WEIGHT), dtype=np.float64)
        code, width = self.loop.of(batch), self.loop.size + 1
        u, v = (np.zeros((people, len(self.figures)), order="F") for _ in range(2))
        for k, name in enumerate(self.values):
            column = batch.column(name)
            known = np.asarray(column.is_valid()).astype(bool)
            x = np.asarray(column.drop_null(), dtype=np.float64)
            key, w = person[known] * width + code[known], weight[known]
            base, value = (
                np.bincount(key, weights=a, minlength=people * width).reshape(people, width) for a in (w, w * x)
            )
            for at, (of, which) in enumerate(self.figures):
                if of == k:
                    u[:, at] = base[:, which] if which else base.sum(axis=1)
                    v[:, at] = value[:, which] if which else value.sum(axis=1)
        return u, v


def _add(into: Sums, more: Sums) -> None:
    """Add sums to others in their place."""
    for field in fields(Sums):
        there, here = getattr(into, field.name), getattr(more, field.name)
        if there is not None:
            there += here


def _roots(u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """√u and v/√u."""
    root = np.sqrt(u)
    return root, np.divide(v, root, out=np.zeros_like(v), where=root > 0)


def met(keys: Keys) -> Ints:
    """The combinations of keys that are known beforehand."""
    if keys.met is None:
        raise ValueError("the groups of evaluations are those of all people, which are to be counted first")
    return keys.met


def runs(person: pa.Array) -> tuple[Ints, Ints]:
    """The first row of each person, and each row's person as a number; rows of a person stand together."""
    change = np.ones(len(person), dtype=bool)
    change[1:] = np.asarray(pc.not_equal(person[1:], person[:-1])).astype(bool)
    return np.flatnonzero(change), np.cumsum(change) - 1


def whole_people(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches in which nobody is cut in two: the last person of each waits for the next."""
    rest: pa.RecordBatch | None = None
    for batch in batches:
        if not batch.num_rows:
            continue
        whole = batch if rest is None else pa.concat_batches([rest, batch])
        last = int(runs(whole.column(PERSON))[0][-1])
        rest = whole.slice(last)
        if last:
            yield whole.slice(0, last)
    if rest is not None:
        yield rest
