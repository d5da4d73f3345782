"""Cells of crosstabs: the shares of R's people, and the covariance of columns with all their cross-products."""

import tracemalloc

import numpy as np
import pytest

from reference_people import TABLES, design_of, numbered
from vigie.stats.crosstabs import crosstabs
from vigie.stats.design import Design
from vigie.stats.estimates import covariance
from vigie.stats.independence import rao_scott
from vigie.stats.sums import sums


@pytest.mark.parametrize(("name", "asked", "raked"), TABLES)
def test_independence_from_sums_by_group_agrees_with_r(name, asked, raked, reference, near):
    people, want = reference("people.csv"), reference("tables.json")["independence"][name]
    said, column = np.eye(3)[numbered(people["segment"])], numbered(people[asked])
    group, design = design_of(people, raked=raked, split=column)
    G, C = len(design.stratum), column.max() + 1
    made = sums(group, G, people["d"], np.ones_like(said), said)
    (table,) = crosstabs(made, design, np.arange(G) % C == np.arange(C)[:, None], [range(3)])
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
