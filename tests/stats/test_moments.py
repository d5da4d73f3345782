"""Moments do not depend on how people are batched, nor on how large the numbers are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.moments import moments, resampled


@given(st.integers(0, 10**6), st.floats(-1e6, 1e6))
def test_batches_add_up_however_large_the_numbers(seed, size):
    rng = np.random.default_rng(seed)
    x, w, unit = rng.normal(size=(60, 3)) + size, rng.uniform(0, 2, 60), rng.integers(0, 5, 60)
    at = rng.integers(0, 61)
    one = moments(unit, 5, w, x)
    other = moments(unit[:at], 5, w[:at], x[:at]) + moments(unit[at:], 5, w[at:], x[at:])
    np.testing.assert_array_equal(one.n, other.n)
    np.testing.assert_allclose(one.mean, other.mean, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(one.cross, other.cross, rtol=1e-6, atol=1e-8)
    mean, cov = resampled(one, np.ones((1, 5)))
    np.testing.assert_allclose(mean[0], w @ x / w.sum(), rtol=1e-12)
    np.testing.assert_allclose(cov[0], np.cov(x, rowvar=False, aweights=w, ddof=0), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("people", "units"), [(60, 60), (20_000, 300), (100_000, 1)])
@pytest.mark.parametrize("mark", [0.0, 7.0, 14.3, 1e6 + 0.1])
def test_a_mark_that_is_equal_for_all_has_no_variance_however_they_are_weighted_and_drawn(people, units, mark):
    rng = np.random.default_rng(people)
    table = np.column_stack([np.full(people, mark), rng.integers(1, 11, people)])
    m = moments(np.arange(people) % units, units, rng.uniform(0.1, 9, people), table)
    often = np.vstack([np.ones(units), rng.multinomial(units, np.full(units, 1 / units), size=5)])
    _, cov = resampled(m, often)
    assert (cov[:, 0] == 0).all()
    assert (cov[:, :, 0] == 0).all()
    assert (cov[:, 1, 1] > 0).all()


def test_a_mark_of_which_one_of_many_is_another_varies():
    table = np.full((100_000, 1), 7.0)
    table[3] = 8
    _, cov = resampled(moments(np.zeros(100_000, int), 1, np.ones(100_000), table), [[1.0]])
    np.testing.assert_allclose(cov[0, 0, 0], 1e-5 * (1 - 1e-5))


def test_moments_of_nobody_are_missing():
    mean, cov = resampled(moments([], 0, [], np.zeros((0, 2))), np.ones((3, 0)))
    assert mean.shape == (3, 2)
    assert cov.shape == (3, 2, 2)
    assert np.isnan(mean).all()
    assert np.isnan(cov).all()


def test_what_has_no_moments_is_refused():
    with pytest.raises(ValueError, match="finite"):
        moments([0], 1, [1], [[1, np.nan]])
    with pytest.raises(ValueError, match="outside"):
        moments([1], 1, [1], [[1, 2]])
    with pytest.raises(ValueError, match="one entry per person"):
        moments([0], 1, [1, 2], [[1, 2]])
    m = moments([0], 1, [1], [[1, 2]])
    with pytest.raises(ValueError, match="cannot be added"):
        m + moments([0], 1, [1], [[1, 2, 3]])
    with pytest.raises(ValueError, match="multipliers"):
        resampled(m, [[1, 1]])
