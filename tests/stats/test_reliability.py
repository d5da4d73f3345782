"""Reliability of mystery scores and severity of testers are R's."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.reliability import needed_tests, reliability, severity


def test_thirty_tests_of_eight_brands(expected, shared, near):
    rows, want = shared("reference/mystery_scores.csv"), expected["mystery"]
    found = reliability(rows["brand"].astype(int), rows["score"])
    near([found.one, found.mean], [want["icc1"], want["icc_k"]])
    near([found.between, found.within, found.tests], [want["var_brand"], want["msw"], 30])
    near([needed_tests(found.one, r) for r in (0.8, 0.9)], [want["n_for_0.8"], want["n_for_0.9"]])
    assert found.one_low < found.one < found.one_high


@pytest.fixture
def tests(reference):
    rows = reference("testers.csv")
    return rows["brand"].astype(int), rows["tester"].astype(int), rows["score"], reference("testers.json")


def test_brands_with_different_numbers_of_tests(tests, near):
    brand, _, score, want = tests
    found = reliability(brand, score)
    near([found.one, found.one_low, found.one_high], want["one"])
    near([found.mean, found.mean_low, found.mean_high], want["mean"])
    near([found.tests, found.within], [want["tests"], want["within"]])


@pytest.mark.parametrize(("brands", "tests"), [(4, 4), (2, 3), (7, 300)])
def test_scores_that_are_all_equal_have_no_reliability(brands, tests):
    for score in (14.3, 0.1, 12.0):
        found = reliability(np.repeat(np.arange(brands), tests), np.full(brands * tests, score))
        assert (found.between, found.within) == (0, 0)
        assert np.isnan([found.one, found.one_low, found.one_high, found.mean, found.mean_low, found.mean_high]).all()


def test_brands_whose_tests_never_differ_are_told_apart_for_certain():
    found = reliability(np.repeat(np.arange(3), 5), np.repeat([14.3, 15.1, 11.7], 5))
    assert (found.one, found.mean, found.within) == (1, 1, 0)


def test_the_mean_of_the_tests_needed_has_the_reliability_asked_for():
    for icc in (0.05, 0.3, 0.9):
        k = needed_tests(icc, 0.8)
        np.testing.assert_allclose(k * icc / (1 + (k - 1) * icc), 0.8)
    assert needed_tests(0.0, 0.8) == needed_tests(-0.1, 0.8) == np.inf


def test_severity_and_corrected_scores(tests, near):
    brand, tester, score, want = tests
    found = severity(brand, tester, score)
    near(found.effect, want["effect"])
    near(found.effect_se, want["effect_se"])
    near(found.corrected, want["corrected"])
    near(found.corrected_se, want["corrected_se"])
    near([found.within, found.df], [want["residual"], want["df"]])
    near(found.raw[0], score[brand == 0].mean())


def test_correction_takes_planted_severity_out():
    rng = np.random.default_rng(3)
    true, kind = rng.normal(12, 1, 12), rng.normal(0, 2, 8)
    brand = np.repeat(np.arange(12), 20)
    tester = (brand % 4 * 2 + rng.integers(0, 4, 240)) % 8  # each brand was seen by four testers only
    found = severity(brand, tester, true[brand] + kind[tester] + rng.normal(0, 0.5, 240))
    miss = np.abs(found.corrected - true - kind.mean())
    assert miss.max() < 0.6
    assert np.abs(found.raw - true - kind.mean()).max() > 1
    assert (miss < 4 * found.corrected_se).all()
    np.testing.assert_allclose(found.effect.sum(), 0, atol=1e-9)


def test_brands_and_testers_without_tests_have_no_figures():
    found = severity([0, 0, 2, 2], [0, 2, 0, 2], [5.0, 7.0, 6.0, 8.0])
    assert np.isnan(found.effect[1])
    assert np.isnan([found.raw[1], found.corrected[1]]).all()
    np.testing.assert_allclose(found.effect[[0, 2]], [-1, 1])


def test_testers_who_never_met_over_a_brand_are_not_compared():
    with pytest.raises(ValueError, match="share no brand"):
        severity([0, 0, 1, 1], [0, 1, 2, 3], [1.0, 2.0, 3.0, 4.0])


def test_what_cannot_be_computed_is_refused():
    with pytest.raises(ValueError, match="two brands"):
        reliability([0, 0], [1.0, 2.0])
    with pytest.raises(ValueError, match="finite"):
        reliability([0, 1], [1.0, np.nan])
    with pytest.raises(ValueError, match="whole number"):
        reliability([0, 1], [1.0])
    with pytest.raises(ValueError, match="tester"):
        severity([0, 1], [0], [1.0, 2.0])
    with pytest.raises(ValueError, match="between 0 and 1"):
        needed_tests(0.5, 1.0)
