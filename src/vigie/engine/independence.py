"""Whether the answers to questions go with a banner variable: one test of a whole table, beside those of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from vigie.results.tables import Independence
from vigie.stats.crosstabs import Crosstab, crosstabs
from vigie.stats.design import Design
from vigie.stats.independence import rao_scott
from vigie.stats.sums import Sums

ENOUGH, RARE = 5, 0.2  # effective people expected in a cell, and the share of cells that may have fewer
LEAST = 1  # … if they have no fewer than this
MOST = 1_000  # cells; a covariance of more says little and takes long


def independences(
    variable: str, sums: Sums, design: Design, members: npt.NDArray[np.bool_], questions: Mapping[str, Sequence[int]]
) -> Iterator[tuple[str, Independence]]:
    """The tests of questions, whose answers are columns of sums, by the categories (S, G) of a banner question.

    Both have one answer. Nothing is told where too few people are expected in too many cells, for the test then finds
    differences that are not there.
    """
    tested = {name: columns for name, columns in questions.items() if len(columns) * len(members) <= MOST}
    df = design.degrees(sums)
    for name, table in zip(tested, crosstabs(sums, design, members, list(tested.values())), strict=True):
        if not _thin(table):
            found = rao_scott(table.shares, table.cov, 1, df)  # F is the same whatever the number of people
            if np.isfinite([found.F, found.p]).all():
                yield name, Independence(variable, found.F, found.ndf, found.ddf, found.p)


def _thin(table: Crosstab) -> bool:
    """Whether a table cannot be tested: the rule of Cochran (1954), of effective people."""
    rows, columns = (table.shares.sum(axis=axis) for axis in (1, 0))
    expected = table.n_effective * np.outer(rows[rows > 0], columns[columns > 0])
    return min(expected.shape) < 2 or bool((expected < ENOUGH).mean() > RARE or expected.min() < LEAST)
