"""Bands hold whole trends, the test of no change is R's, and rolling means know that they share waves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from vigie.stats.bands import band, no_change, rolling


def test_independent_waves_need_the_quantile_of_the_largest_of_them():
    found = band(np.zeros(8), np.diag(np.linspace(1, 3, 8)), draws=400_000)
    exact = ndtri((1 + 0.95 ** (1 / 8)) / 2)
    np.testing.assert_allclose(found.critical, exact, rtol=3e-3)
    np.testing.assert_allclose(found.high, found.critical * np.sqrt(np.linspace(1, 3, 8)))


def test_waves_of_the_same_people_who_never_change_need_one_interval():
    found = band(np.full(5, 0.4), np.full((5, 5), 0.01), draws=200_000)
    np.testing.assert_allclose(found.critical, ndtri(0.975), rtol=5e-3)


def test_no_band_is_wider_than_bonferronis():
    V = np.diag([1.0, 4, 9])
    for df in (np.inf, 6):
        one, other = band([1, 2, 3], V, df=df), band([1, 2, 3], V, df=df, method="bonferroni")
        assert one.critical <= other.critical
        assert (one.low >= other.low).all()


def correlated(rng, waves):
    root = rng.normal(size=(waves, waves)) * 0.5 + np.eye(waves)
    return root @ root.T


@pytest.mark.parametrize("df", [np.inf, 12])
def test_nineteen_of_twenty_bands_hold_the_whole_trend(df):
    rng = np.random.default_rng(6)
    V, true = correlated(rng, 7), np.linspace(0, 3, 7)
    scale = rng.chisquare(df, 1000) / df if np.isfinite(df) else np.ones(1000)
    held = 0
    for theta, s in zip(rng.multivariate_normal(true, V, 1000), scale, strict=True):
        found = band(theta, V * s, df=df, draws=2000)
        held += int(((found.low <= true) & (true <= found.high)).all())
    assert abs(held - 950) < 4 * np.sqrt(1000 * 0.95 * 0.05)


def test_a_wave_that_is_missing_does_not_widen_the_others():
    V = np.diag([1.0, np.nan, 2])
    found, alone = band([1, np.nan, 3], V), band([1, 3], np.diag([1.0, 2]))
    assert np.isnan(found.low[1])
    np.testing.assert_allclose(found.low[[0, 2]], alone.low)


def test_the_same_seed_gives_the_same_band():
    V = correlated(np.random.default_rng(1), 4)
    assert band(np.zeros(4), V).critical == band(np.zeros(4), V).critical
    assert band(np.zeros(4), V).critical != band(np.zeros(4), V, seed=2).critical


def test_no_change_over_segments_taken_as_waves(reference, near):
    want = reference("tables.json")["segments"]
    found = no_change(want["value"], want["cov"], df=want["df"])
    near([found.F, found.ndf, found.ddf, found.p], want["wald"][:4])
    found = no_change(want["value"], want["cov"])
    near([found.F, found.p], want["wald"][4:])


def test_a_flat_trend_is_called_a_change_once_in_twenty():
    rng = np.random.default_rng(8)
    V = correlated(rng, 6)
    wrong = sum(no_change(theta, V).p < 0.05 for theta in rng.multivariate_normal(np.full(6, 3.0), V, 800))
    assert abs(wrong - 40) < 4 * np.sqrt(40 * 0.95)


def test_there_is_no_change_to_test_in_one_wave_nor_without_degrees_of_freedom():
    assert np.isnan(no_change([1.0], [[1.0]]).p)
    assert np.isnan(no_change([1.0, np.nan], np.eye(2)).p)
    assert np.isnan(no_change([1.0, 2, 3, 4], np.eye(4), df=2).p)
    assert np.isnan(no_change([1.0, 1.0], np.ones((2, 2))).p)


def test_rolling_means_share_waves():
    rng = np.random.default_rng(9)
    V = correlated(rng, 6)
    draws = rng.multivariate_normal(np.arange(6.0), V, 200_000)
    means = np.stack([draws[:, i : i + 3].mean(axis=1) for i in range(4)], axis=1)
    value, cov = rolling(np.arange(6.0), V, 3)
    np.testing.assert_allclose(value, [1, 2, 3, 4])
    np.testing.assert_allclose(cov, np.cov(means, rowvar=False), rtol=0.05, atol=0.02)


def test_a_rolling_mean_over_a_missing_wave_is_missing():
    value, cov = rolling([1, 2, np.nan, 4, 5], np.eye(5), 2)
    np.testing.assert_array_equal(np.isnan(value), [False, True, True, False])
    assert np.isnan(cov[0, 1])
    np.testing.assert_allclose(cov[3, 3], 0.5)


def test_what_is_no_trend_is_refused():
    with pytest.raises(ValueError, match="shape"):
        band([1, 2], np.eye(3))
    with pytest.raises(ValueError, match="not offered"):
        band([1, 2], np.eye(2), method="wide")
    with pytest.raises(ValueError, match="rolling"):
        rolling([1, 2], np.eye(2), 3)
