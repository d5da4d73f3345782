"""Waves that share people: what one person adds, and what follows for the difference of two waves."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.design import Design
from vigie.stats.estimates import estimate
from vigie.stats.panels import centred, contributions, factors, influence, stratum_variance, wave_covariance
from vigie.stats.sums import sums


@pytest.fixture
def wave():
    """400 people in three strata and six raking cells, two figures, and two segments."""
    rng = np.random.default_rng(3)
    n = 400
    stratum, cell, half = rng.integers(0, 3, n), rng.integers(0, 6, n), rng.integers(0, 2, n)
    d = rng.uniform(0.5, 2.0, n)
    u = np.column_stack([np.ones(n), rng.integers(0, 3, n)]).astype(float)
    v = u * rng.normal(5, 2, (n, 2))
    groups = np.arange(36)
    dummies = np.column_stack([np.arange(6) // 3 == k for k in range(2)] + [np.arange(6) % 3 == k for k in range(3)])
    design = Design.of(
        stratum=groups // 12, cell=groups // 2 % 6, g=rng.uniform(0.7, 1.4, 6), dummies=dummies.astype(float)
    )
    key = (stratum * 6 + cell) * 2 + half
    segments = np.vstack([groups >= 0, groups % 2 == 1])
    return sums(key, 36, d, u, v), design, segments, (stratum * 6 + cell, d, half, u, v)


def test_what_people_add_sums_to_the_variance_of_the_figures(wave):
    s, design, segments, (pair, d, half, u, v) = wave
    made, figures = influence(s, design, segments), estimate(s, design, segments)
    for k, member in enumerate((np.ones(len(d), dtype=bool), half == 1)):
        t = contributions(made, k, [0, 1], pair, d, member, u, v)
        for h in range(3):
            here = made.stratum[pair] == h
            np.testing.assert_allclose(t[here].sum(axis=0), made.total[h, k], atol=1e-12)
            np.testing.assert_allclose((t[here] ** 2).sum(axis=0), made.square[h, k])
        variance = stratum_variance(made.square[:, k], made.total[:, k], made.n)
        np.testing.assert_allclose(np.sqrt(variance), figures.se[k])
        np.testing.assert_allclose(made.value[k], figures.value[k])


def test_figures_written_to_their_places_are_those_of_one_piece(wave):
    s, design, segments, _ = wave
    whole = influence(s, design, segments)
    pieces = whole.blank(2, 2)
    for column in (0, 1):
        pieces.put([0, 1], [column], influence(s.take([column]), design, segments))
    for name in ("value", "base", "margin", "total", "square"):
        np.testing.assert_array_equal(getattr(pieces, name), getattr(whole, name))


def test_the_same_answers_twice_leave_no_variance_of_the_change(wave):
    s, design, segments, (pair, d, _, u, v) = wave
    made = influence(s, design, segments)
    t = contributions(made, 0, [0, 1], pair, d, np.ones(len(d), dtype=bool), u, v)
    scale = factors(made.n)[made.stratum[pair]]
    cov = wave_covariance(t, t, scale, centred(made.total[:, 0], made.total[:, 0], made.n))
    np.testing.assert_allclose(cov, stratum_variance(made.square[:, 0], made.total[:, 0], made.n))


def test_a_stratum_of_one_person_is_not_centred():
    np.testing.assert_array_equal(factors([1, 2, 5]), [1, 2, 1.25])
    assert centred([[2.0], [3.0]], [[2.0], [3.0]], [1, 4]) == pytest.approx([3.0])


def test_people_of_a_design_that_the_wave_does_not_have_are_refused(wave):
    s, design, segments, (_, d, _, u, v) = wave
    made = influence(s, design, segments)
    with pytest.raises(ValueError, match="nobody"):
        contributions(made, 0, [0], np.full(len(d), 99), d, np.ones(len(d), dtype=bool), u[:, :1], v[:, :1])
    with pytest.raises(ValueError, match="do not fit"):
        influence(s, design, segments[:, :5])
    with pytest.raises(ValueError, match="not of the same people"):
        wave_covariance(np.zeros((2, 1)), np.zeros((3, 1)))
