"""What is offered where no weights reach the margins was tried, and works."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.stats.remedies import Merge, feasible_bounds, remedies
from vigie.stats.weights import NoWeights, calibrate, dummies, rake

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
        ([10, 0, 0, 0, 10, 10], [15, 15, 10, 10, 10], None, Merge(1, 0, 1)),  # all women are of the first age
        ([10, 20, 0, 12, 8, 0], [30, 20, 50, 0, 0], None, Merge(1, 0, 1)),  # no target for the second age
    ],
)
def test_a_merge_that_is_enough(total, totals, bounds, first):
    assert offered(total, totals, bounds).merges[0] == first


def test_a_merge_that_leaves_people_without_weight_is_not_enough():
    # women, all of the first age, would be all of the first two: nothing is left for men of the second
    found = offered([10, 0, 0, 0, 10, 10], [20, 10, 10, 10, 10], None)
    assert found.merges == ()
    assert found.without == (0, 1)


def test_bounds_are_not_offered_where_no_positive_weights_exist():
    found = offered([10, 0, 0, 0, 10, 10], [20, 10, 10, 10, 10], (0.4, 2.1))
    assert found.bounds is None
    assert feasible_bounds(np.ones(6_000), np.ones((6_000, 1)), [12_000], (0.9, 1.1)) is None, "too many to try"


MARGINS = [np.arange(12) // 4, np.arange(12) % 4]


def merged(margins, targets, merge):
    """Margins and targets with two categories as one, by their numbers."""
    at, one, other = merge.margin, merge.one, merge.other
    index = np.where(margins[at] == other, one, margins[at])
    target = targets[at].copy()
    target[one] += target[other]
    return (
        [index - (index > other) if m == at else margin for m, margin in enumerate(margins)],
        [np.delete(target, other) if m == at else asked for m, asked in enumerate(targets)],
    )


def kinds_that_work(seed):
    """Apply each offer to margins that bounds do not reach; which kinds of offers there were."""
    rng = np.random.default_rng(seed)
    total = rng.uniform(1, 50, 12) * (rng.random(12) > 0.2)
    true, bounds = total * np.exp(rng.normal(0, rng.choice([0.3, 1]), 12)), (0.8, 1.25)
    targets = [np.bincount(m, weights=true) for m in MARGINS]
    try:
        rake(total, MARGINS, targets, bounds=bounds)
    except NoWeights:
        found = offered(total, np.concatenate(targets), bounds, dummies(MARGINS, [3, 4]), (3, 4))
    else:
        return set()
    offers = [("bounds", MARGINS, targets, found.bounds)] if found.bounds else []
    offers += [("merge", *merged(MARGINS, targets, merge), bounds) for merge in found.merges]
    offers += [("without", [MARGINS[1 - m]], [targets[1 - m]], bounds) for m in found.without]
    for _, margins, asked, (low, high) in offers:
        g = rake(total, margins, asked, bounds=(low, high)).g
        for index, target in zip(margins, asked, strict=True):
            np.testing.assert_allclose(np.bincount(index, weights=g * total), target, rtol=1e-9)
        assert low <= g.min() <= g.max() <= high
    return {kind for kind, *_ in offers}


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_what_is_offered_works(seed):
    kinds_that_work(seed)


def test_bounds_merges_and_margins_to_leave_out_are_all_offered_somewhere():
    assert set().union(*map(kinds_that_work, range(60))) == {"bounds", "merge", "without"}


def test_margins_of_very_many_categories_take_no_more_than_forty_merges_to_try():
    sizes, tried = [2, 96, 13, 5], []

    failed = NoWeights("out-of-bounds", 1, 7, target=1.0, reached=0.0)

    def solve(*asked):
        tried.append(sum(asked[2]))
        raise failed

    found = remedies(np.ones(200), np.ones((200, 116)), np.ones(116), sizes, failed, solve)
    assert (found.merges, found.without) == ((), ())
    assert tried.count(115) == 40
    assert len(tried) == 40 + len(sizes)
