"""The Rao-Scott test is R's, and Pearson's where nothing is weighted."""

from __future__ import annotations

import numpy as np
import pytest

from reference_people import TABLES, design_of, numbered
from vigie.stats.estimates import covariance
from vigie.stats.independence import rao_scott
from vigie.stats.sums import sums


def cells(rows, columns):
    """Indicators of the cells of a two-way table (n, RC), row after row."""
    r, c = numbered(rows), numbered(columns)
    k = c.max() + 1
    return np.eye((r.max() + 1) * k)[r * k + c], (r.max() + 1, k)


@pytest.mark.parametrize(("name", "asked", "raked"), TABLES)
def test_on_a_stratified_and_on_a_raked_design(name, asked, raked, reference, near):
    people, want = reference("people.csv"), reference("tables.json")["independence"][name]
    v, shape = cells(people["segment"], people[asked])
    group, design = design_of(people, raked=raked)
    s = sums(group, 18, people["d"], np.ones_like(v), v, cross=True)
    value, cov = covariance(s, design, np.ones(18, dtype=bool))
    found = rao_scott(value.reshape(shape), cov, len(v), design.degrees(s))
    near([found.F, found.ndf, found.ddf, found.p], want)


def multinomial(p, n):
    return (np.diag(p.ravel()) - np.outer(p, p)) / n


def test_equal_weights_give_pearsons_test(near):
    p = np.array([[20, 30, 15], [10, 40, 35]]) / 150
    found = rao_scott(p, multinomial(p, 150), 150, np.inf)
    # R: chisq.test(matrix(c(20, 30, 15, 10, 40, 35), 2, byrow = TRUE), correct = FALSE)
    near(found.chisq, 10.277957336780867)
    np.testing.assert_allclose(found.ndf, 2, rtol=0.05)


def test_a_design_effect_of_two_halves_the_statistic():
    p = np.array([[0.3, 0.1], [0.2, 0.4]])
    one, two = (rao_scott(p, deff * multinomial(p, 100), 100, 99) for deff in (1, 2))
    np.testing.assert_allclose(one.F, 2 * two.F)


def test_independent_questions_are_called_dependent_in_one_of_twenty_samples():
    rng = np.random.default_rng(3)
    p, rounds = np.outer([0.5, 0.3, 0.2], [0.6, 0.4]), 600
    seen = [rng.multinomial(400, p.ravel()).reshape(3, 2) / 400 for _ in range(rounds)]
    wrong = sum(rao_scott(q, multinomial(q, 400), 400, 399).p < 0.05 for q in seen)
    assert abs(wrong - rounds * 0.05) < 4 * np.sqrt(rounds * 0.05 * 0.95)


def test_answers_that_nobody_gave_are_left_out():
    p = np.array([[0.3, 0.1], [0.2, 0.4]])
    wide = np.array([[0.3, 0, 0.1], [0, 0, 0], [0.2, 0, 0.4]])
    assert rao_scott(wide, multinomial(wide, 100), 100, 99) == rao_scott(p, multinomial(p, 100), 100, 99)
    alone = rao_scott([[0.3, 0.7]], multinomial(np.array([[0.3, 0.7]]), 100), 100, 99)
    assert np.isnan(alone.p)


def test_tables_that_are_none_are_refused():
    with pytest.raises(ValueError, match="shape"):
        rao_scott([[0.5, 0.5]], np.eye(3), 10, 9)
    with pytest.raises(ValueError, match="add up"):
        rao_scott([[5, 5], [5, 5]], np.eye(4), 10, 9)


@pytest.mark.parametrize("table", [[[0.6, -0.1], [0.2, 0.3]], [[0.5, 0.5, 0.1], [0.0, 0.0, -0.1]]])
def test_cells_below_zero_are_not_tested(table):
    found = rao_scott(table, np.eye(np.size(table)), 100, 99)
    assert np.isnan([found.F, found.ndf, found.ddf, found.p, found.chisq]).all()


def test_empty_cells_leave_the_interactions_that_the_others_tell():
    # of nine cells, the five that people are in have two main effects among them: three interactions
    p = np.array([[0.0, 0.0, 0.2], [0.0, 0.0, 0.3], [0.1, 0.2, 0.2]])
    found = rao_scott(p, multinomial(p, 300), 300, 299)
    assert 2.9 < found.ndf <= 3
    assert 0.9 < 3 * found.F / found.chisq < 1.1
