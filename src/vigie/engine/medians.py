"""Medians of numeric questions: histograms of the numbers that people gave, by the groups of every block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.engine.counting import Counting, Tally
from vigie.engine.kernel import Coded, Keys
from vigie.engine.people import People
from vigie.stats.design import Design
from vigie.stats.estimates import estimate
from vigie.stats.quantiles import quantile, woodruff
from vigie.stats.sums import Sums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
MOST = 5_000  # distinct numbers; a question with more has no median


@dataclass(frozen=True, slots=True)
class Median:
    """The median of a segment, with the limits of its interval; nan where there is none."""

    value: float
    low: float
    high: float
    whole: bool  # whether all numbers given are whole


@dataclass(frozen=True, slots=True)
class Numbers:
    """What people gave to some numeric questions, by the groups of every block; made in one pass over them."""

    values: Mapping[int, Floats]  # of each column of sums, the distinct numbers in rising order
    found: Mapping[tuple[int, int], tuple[Keys, Tally]]  # of each column and block, people by group and number

    def medians(
        self, k: int, block: int, people: Sums, design: Design, members: npt.NDArray[np.bool_], level: float
    ) -> list[Median]:
        """The medians of a column in the segments (S, G) of a block.

        Intervals are Woodruff's (1952): the logit interval of the share at or below the median, taken back to numbers.
        A segment in which those who gave some number weigh less than nothing together has no median: no number need
        divide it into halves, and several may.
        """
        values = self.values[k]
        keys, tally = self.found[k, block]
        codes = keys.codes(tally.groups)
        # groups come in the order of their combinations, with numbers as without
        group = np.unique(codes[:, :-1], axis=0, return_inverse=True)[1].reshape(-1)
        known = codes[:, -1] > 0
        group, at, tallied = group[known], codes[known, -1] - 1, tally.people[:, known]
        weight = tallied[1] * design.g[design.cell][group]
        given = [np.bincount(at, weights=weight * own[group], minlength=len(values)) for own in members]
        given = [one if (one >= 0).all() else np.zeros_like(one) for one in given]
        middle = np.array([float(quantile(values, one, 0.5)) for one in given])
        made = estimate(_below(people, group, tallied, values[at], middle), design, members)
        share, se, degrees = made.value.diagonal(), made.se.diagonal(), made.df.diagonal()
        whole = bool((values == np.rint(values)).all())
        limits = (
            woodruff(values, one, p, error, df, level=level, scale="logit")
            for one, p, error, df in zip(given, share, se, degrees, strict=True)
        )
        return [Median(m, float(a), float(b), whole) for m, (a, b) in zip(middle.tolist(), limits, strict=True)]


def _below(people: Sums, group: Ints, tallied: Floats, numbers: Floats, limits: Floats) -> Sums:
    """The sums of being at or below each limit (one column each), of whoever gave a number."""

    def added(values: Floats) -> Floats:
        return np.bincount(group, weights=values, minlength=people.groups).astype(np.float64, copy=False)

    base, du, d2u = (np.repeat(added(a)[:, None], len(limits), axis=1) for a in tallied)
    dv, d2v = (np.column_stack([added(a * (numbers <= limit)) for limit in limits]) for a in tallied[1:])
    return Sums(
        n=people.n, d=people.d, d2=people.d2, base=base.astype(np.int64), du=du, dv=dv, d2u=d2u, d2v=d2v, d2uu=d2u,
        d2uv=d2v, d2vv=d2v,
    )  # fmt: skip


def numbers(people: People, columns: Sequence[int]) -> Numbers:
    """What people gave to the numeric questions of some columns of sums, of those that have no more than `MOST`.

    Cost: one query for the distinct numbers of each, and one pass for all of them together.
    """
    made = people.made
    listed = [people.columns[k] for k in columns]
    table = made.with_bases(made.table, [c.plan for c in listed])
    algebra = made.algebra(table)
    figures = {k: made.figure(c, algebra).cast("float64") for k, c in zip(columns, listed, strict=True)}
    values = dict(_distinct(table, figures))
    coded = {k: Coded(f"_x{k}", len(given), levels=tuple(given.tolist())) for k, given in values.items()}
    selected = {c.column: figures[k] for k, c in coded.items()}
    wanted = [(k, b) for k in values for b in range(len(people.blocks))]
    keys = [people.blocks.crossed(b, coded[k], table.mutate(**selected)) for k, b in wanted]
    tallies = people.counted(table, selected, Counting(tuple(keys), (), (), people.even)) if wanted else ()
    return Numbers(values, dict(zip(wanted, zip(keys, tallies, strict=True), strict=True)))


def _distinct(table: Any, figures: Mapping[int, Any]) -> Iterator[tuple[int, Floats]]:
    """The numbers that people gave, of each figure that has some, and no more than `MOST`."""
    for k, figure in figures.items():
        found = table.select(x=figure).distinct().limit(MOST + 2).to_pyarrow()["x"].to_numpy()
        given = np.sort(found[~np.isnan(found)])
        if 0 < len(given) <= MOST:
            yield k, given
