"""Quantiles and their intervals are R's, from people as from histograms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.estimates import Design, estimate
from vigie.stats.quantiles import quantile, woodruff
from vigie.stats.sums import sums

P = (0.1, 0.25, 0.5, 0.75, 0.9)
SCALES = {"mean": "mean", "logit": "xlogit", "beta": "beta"}


@pytest.fixture
def customers(reference):
    rows = reference("drivers.csv")
    return rows, (rows["stratum"] == "s2").astype(int), reference("tables.json")["quantiles"]


def limits(x, w, stratum, q, scale):
    """Woodruff's limits in a stratified sample."""
    s = sums(stratum, stratum.max() + 1, w, np.ones((len(x), len(q))), (x[:, None] <= q).astype(float))
    f = estimate(s, Design.of(stratum=np.arange(stratum.max() + 1)), np.ones((1, s.groups), dtype=bool))
    return woodruff(x, w, f.value[0], f.se[0], f.df[0], scale=scale, n=len(x))


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("column", ["overall", "amount"])
def test_marks_and_amounts_of_a_stratified_sample(customers, column, scale, near):
    rows, stratum, every = customers
    x, w, want = rows[column], rows["w"], every[column][SCALES[scale]]
    q = quantile(x, w, P)
    near(q, want["value"])
    low, high = limits(x, w, stratum, q, scale)
    near(low, want["low"])
    near(high, want["high"])


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_a_histogram_gives_the_quantiles_of_its_people(seed, n):
    rng = np.random.default_rng(seed)
    x, w, p = rng.integers(0, 6, n).astype(float), rng.integers(1, 5, n) / 4, rng.random(3)
    values, place = np.unique(x, return_inverse=True)
    weights = np.bincount(place, weights=w)
    order = rng.permutation(len(values))
    found = quantile(x, w, p)
    np.testing.assert_array_equal(found, quantile(values[order], weights[order], p))
    for q, share in zip(found, p, strict=True):  # the definition
        assert w[x <= q].sum() >= share * w.sum() * (1 - 1e-9)
        assert w[x < q].sum() < share * w.sum()


def test_a_share_reached_exactly_gives_the_value_where_it_is():
    np.testing.assert_array_equal(
        quantile(range(1, 11), np.full(10, 0.1), [0, 0.1, 0.3, 0.5, 0.7, 1]), [1, 1, 3, 5, 7, 10]
    )


def test_values_that_are_missing_or_without_weight_do_not_count():
    np.testing.assert_array_equal(quantile([np.nan, 1, 2, 99], [5, 1, 1, 0], [0.5, 1]), [1, 2])
    assert np.isnan(quantile([np.nan], [1], 0.5))


def test_limits_beyond_the_data_are_missing():
    low, high = woodruff(np.arange(10.0), np.ones(10), [0.05, 0.95], [0.1, 0.1], 9)
    assert np.isnan([low[0], high[1]]).all()
    assert not np.isnan([high[0], low[1]]).any()


def test_nine_of_ten_intervals_at_ninety_hold_the_median():
    rng = np.random.default_rng(4)
    rounds, held = 400, 0
    for _ in range(rounds):
        x = rng.exponential(size=150)
        q = quantile(x, np.ones(150), 0.5)
        share = (x <= q).mean()
        se = np.sqrt(share * (1 - share) / 149)
        low, high = woodruff(x, np.ones(150), share, se, 149, level=0.9)
        held += bool(low <= np.log(2) <= high)
    assert held >= rounds * 0.9 - 4 * np.sqrt(rounds * 0.09)


def test_what_is_no_distribution_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([1], [1], 50)
    with pytest.raises(ValueError, match="one weight"):
        quantile([1, 2], [1], 0.5)
    with pytest.raises(ValueError, match="negative"):
        quantile([1, 2], [1, -1], 0.5)
    with pytest.raises(ValueError, match="people of the design"):
        woodruff([1, 2], [1, 1], 0.5, 0.1, 9, scale="beta")
