"""Cells of crosstabs: the shares of R's people, and the covariance of columns with all their cross-products."""

import tracemalloc

import numpy as np
import pytest

from vigie.stats.crosstabs import crosstabs
from vigie.stats.design import Design
from vigie.stats.estimates import covariance
from vigie.stats.independence import rao_scott
from vigie.stats.sums import sums
from vigie.stats.weights import dummies, rake


def answers(values):
    """One column (n,) of 0 and 1 for each answer, and the answers as numbers."""
    found, at = np.unique(values, return_inverse=True)
    return np.eye(len(found))[at], at


@pytest.mark.parametrize(
    ("name", "columns", "raked"),
    [("segment_age", "age", False), ("segment_age_raked", "age", True), ("segment_y", "y", False)],
)
def test_independence_from_sums_by_group_agrees_with_r(name, columns, raked, reference, near):
    people, want = reference("people.csv"), reference("tables.json")["independence"][name]
    said, _ = answers(people["segment"])
    _, column = answers(people[columns])
    C = column.max() + 1
    cell = (people["sex"] == "m") * 3 + answers(people["age"])[1]
    stratum = answers(people["stratum"])[1]
    made = sums((stratum * 6 + cell) * C + column, 18 * C, people["d"], np.ones_like(said), said)
    margins, g, rows = [np.arange(6) // 3, np.arange(6) % 3], np.ones(6), None
    if raked:
        total = np.bincount(cell, weights=people["d"])
        g, rows = rake(total, margins, [[5600, 5200], [4700, 3500, 2600]]).g, dummies(margins, [2, 3])
    group = np.arange(18 * C)
    design = Design.of(stratum=group // (6 * C), cell=group // C % 6, g=g, dummies=rows)
    (table,) = crosstabs(made, design, group % C == np.arange(C)[:, None], [range(said.shape[1])])
    found = rao_scott(table.shares, table.cov, len(said), design.degrees(made))
    near([found.F, found.ndf, found.ddf, found.p], want)


@pytest.mark.parametrize("clustered", [False, True])
def test_the_covariance_is_that_of_columns_with_their_cross_products(clustered, near):
    draw = np.random.default_rng(3)
    n, G = 400, 12
    group, column = draw.integers(0, G, n), draw.integers(0, 3, n)
    row = draw.integers(-1, 2, n)  # some gave no answer
    d, answered = draw.uniform(0.5, 2, n), row >= 0
    said = np.eye(2)[row] * answered[:, None]
    given = {"stratum": np.arange(G) // 6, "cell": np.arange(G) % 3, "g": [0.8, 1.1, 1.3], "dummies": np.eye(3)}
    given |= {"cluster": np.arange(G) % 6} if clustered else {}
    design = Design.of(**given)
    fine = sums(group * 3 + column, 3 * G, d, np.ones_like(said), said)
    segments = np.arange(3 * G) % 3 == np.arange(3)[:, None]
    _, table = crosstabs(fine, design.take(np.arange(3 * G) // 3), segments, [[0], [0, 1]])
    cells = (said[:, :, None] * np.eye(3)[column][:, None, :]).reshape(n, 6)
    crossed = sums(group, G, d, np.repeat(answered[:, None], 6, axis=1), cells, cross=True)
    value, want = covariance(crossed, design, np.ones(G, dtype=bool))
    near(table.shares.ravel(), value)
    near(table.cov, want)
    weight = design.g[design.cell][group][answered] * d[answered]
    near(table.n_effective, weight.sum() ** 2 / (weight**2).sum())


def test_a_questionnaire_takes_the_memory_of_one_question():
    draw = np.random.default_rng(4)
    G, questions = 600, [range(q, q + 5) for q in range(0, 1000, 5)]
    said = np.hstack([np.eye(5)[draw.integers(0, 5, G)] for _ in questions])
    made, group = sums(np.arange(G), G, np.ones(G), np.ones_like(said), said), np.arange(G)
    design = Design.of(stratum=group // 300, cell=group % 60, g=np.ones(60))
    segments = group % 10 == np.arange(10)[:, None]
    tracemalloc.start()
    try:
        assert sum(1 for _ in crosstabs(made, design, segments, questions)) == 200
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < made.dv.nbytes / 4, "less than a fold of all columns"


def test_crosstabs_that_are_none_are_refused():
    made = sums([0, 1], 2, [1, 1], np.ones((2, 1)), np.ones((2, 1)))
    with pytest.raises(ValueError, match="share nobody"):
        next(crosstabs(made, Design.trivial(2), [[True, True], [False, True]], [[0]]))
    with pytest.raises(ValueError, match="do not fit 2 groups"):
        next(crosstabs(made, Design.trivial(2), [[True, True, True]], [[0]]))
    (empty,) = crosstabs(made, Design.trivial(2), [[False, False]], [[0]])
    assert np.isnan(empty.shares).all()
    assert empty.n_effective == 0
