"""What is offered where no weights reach the margins was tried, and works."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.stats.remedies import Merge, feasible_bounds, remedies
from vigie.stats.weights import NoWeights, calibrate, dummies

SEX, AGE = np.arange(6) // 3, np.arange(6) % 3
X = dummies([SEX, AGE], [2, 3])
CELLS = np.array([10.0, 20, 15, 12, 8, 25])


def offered(total, totals, bounds, x=X, sizes=(2, 3)):
    total, totals = np.asarray(total, dtype=float), np.asarray(totals, dtype=float)

    def solve(columns, wanted, widths, within):
        return calibrate(total, columns, wanted, sizes=widths, bounds=within)

    with pytest.raises(NoWeights) as raised:
        solve(x, totals, sizes, bounds)
    return remedies(total, x, totals, sizes, raised.value, solve, bounds=bounds)


def test_bounds_that_are_wide_enough():
    found = offered(CELLS, [48, 42, 70, 10, 10], (0.5, 2.0))
    assert found.merges == ()
    assert found.without == (1,), "without the age, the sexes are reached"
    low, high = found.bounds
    r = calibrate(CELLS, X, [48, 42, 70, 10, 10], sizes=[2, 3], bounds=found.bounds)
    assert low <= r.g.min()
    assert r.g.max() <= high
    with pytest.raises(NoWeights):
        calibrate(CELLS, X, [48, 42, 70, 10, 10], sizes=[2, 3], bounds=(low + 0.05, high - 0.15))


@pytest.mark.parametrize(
    ("total", "totals", "bounds", "first"),
    [
        ([10, 20, 0, 12, 8, 0], [48, 42, 24, 26, 40], None, Merge(1, 1, 2)),  # nobody is in the last age
        ([10, 0, 0, 0, 10, 10], [20, 10, 10, 10, 10], None, Merge(1, 0, 1)),  # all women are of the first age
        ([10, 20, 0, 12, 8, 0], [30, 20, 50, 0, 0], None, Merge(1, 0, 1)),  # no target for the second age
    ],
)
def test_a_merge_that_is_enough(total, totals, bounds, first):
    assert offered(total, totals, bounds).merges[0] == first


def test_bounds_are_not_offered_where_no_positive_weights_exist():
    found = offered([10, 0, 0, 0, 10, 10], [20, 10, 10, 10, 10], (0.4, 2.1))
    assert found.bounds is None
    assert feasible_bounds(np.ones(6_000), np.ones((6_000, 1)), [12_000], (0.9, 1.1)) is None, "too many to try"


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_what_is_offered_works(seed):
    rng = np.random.default_rng(seed)
    total = rng.uniform(1, 50, 12) * (rng.random(12) > 0.2)
    x = dummies([np.arange(12) // 4, np.arange(12) % 4], [3, 4])
    true = total * np.exp(rng.normal(0, 1, 12))
    bounds = (0.8, 1.25)
    try:
        calibrate(total, x, true @ x, sizes=[3, 4], bounds=bounds)
    except NoWeights:
        found = offered(total, true @ x, bounds, x, (3, 4))
        assert found.bounds is None or calibrate(total, x, true @ x, sizes=[3, 4], bounds=found.bounds).converged
    except ValueError:
        assert not total.any()
