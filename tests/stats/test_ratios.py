"""Indices, two answers of the same people, and brands with few reviews."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.ratios import index, mcnemar, shrunk


def test_an_index_and_its_error_by_hand(near):
    value, se = index(0.42, 0.02, 0.35, 0.015)
    near(value, 120)
    near(se, 120 * np.sqrt((0.02 / 0.42) ** 2 + (0.015 / 0.35) ** 2))
    near(index(0.42, 0.02, 0.35, 0.0)[1], 100 * 0.02 / 0.35)


def test_a_figure_is_100_of_itself_without_error():
    value, se = index(0.3, 0.02, 0.3, 0.02, cov=0.02**2)
    assert (value, se) == (100, 0)


def test_an_index_follows_the_ratio_of_draws():
    # two figures of the same people: 200,000 draws
    rng = np.random.default_rng(3)
    cov = np.array([[4.0, 2.4], [2.4, 9.0]]) * 1e-4
    a, b = rng.multivariate_normal([0.5, 0.6], cov, 200_000).T
    _, se = index(0.5, 0.02, 0.6, 0.03, cov=2.4e-4)
    assert se == pytest.approx(100 * (a / b).std(), rel=0.01)


def test_no_index_on_nothing():
    value, se = index([0.3, 0.3, np.nan, 0.0], 0.1, [0.0, -1.0, 0.3, 0.3], 0.1)
    np.testing.assert_array_equal(np.isnan(value), [True, True, True, False])
    np.testing.assert_array_equal(np.isnan(se), [True, True, True, False])


def test_mcnemar_is_r_s(reference, near):
    near(np.array(mcnemar([[30, 25], [12, 33]])), reference("delays.json")["mcnemar"])


def test_the_shared_table(expected, near):
    r = expected["mcnemar"]
    near(np.array(mcnemar(r["table"])), [r["chisq"], r["p"]])


def test_many_tables_at_once_and_nobody_who_changed(near):
    chisq, p = mcnemar([[[30, 25], [12, 33]], [[5, 0], [0, 7]], [[0, 3], [3, 0]]])
    near(chisq, [169 / 37, np.nan, 0])
    near(p[1:], [np.nan, 1])
    for table in ([[1, 2]], [[-1, 2], [3, 4]]):
        with pytest.raises(ValueError, match="two rows"):
            mcnemar(table)


def test_the_variance_between_brands_is_paule_and_mandel_s(reference):
    r = reference("delays.json")["paule_mandel"]
    found = shrunk(r["mean"], np.sqrt(r["variance"]), np.full(6, 100))
    assert found.between == pytest.approx(r["between"], rel=1e-9)
    weight = 1 / (found.between + np.array(r["variance"]))
    np.testing.assert_allclose(found.centre, weight @ np.array(r["mean"]) / weight.sum())
    np.testing.assert_allclose(found.weight, found.between * weight)


def test_few_reviews_are_drawn_further_and_never_past_the_mean_of_all():
    mean, n = np.array([4.8, 4.8, 3.0, 3.9, 3.5]), np.array([5, 400, 60, 200, 80])
    found = shrunk(mean, 1.1 / np.sqrt(n), n)
    assert found.weight[0] < found.weight[2] < found.weight[1]
    inside = (found.value - found.centre) * (mean - found.centre)
    assert (inside >= 0).all()
    assert (np.abs(found.value - found.centre) <= np.abs(mean - found.centre)).all()


def test_brands_alike_have_one_mean():
    found = shrunk([4.0, 4.01, 3.99, 4.0, 4.02], np.full(5, 0.2), np.full(5, 40))
    assert found.between == 0
    np.testing.assert_allclose(found.value, found.centre)
    assert (found.se > 0).all()


def test_three_times_five_stars_are_not_certain():
    # a brand whose reviews agree has no spread of its own, and one review has none at all: the others lend theirs
    mean, se, n = [5.0, 4.0, 3.8, 4.3, 3.5, 2.0], [0.0, 0.1, 0.1, 0.1, 0.1, np.nan], [3, 100, 100, 100, 100, 1]
    found = shrunk(mean, se, n)
    assert found.value[0] < 4.6
    assert found.value[5] > 2.5
    assert (found.se > 0).all()


def test_brands_without_reviews_and_too_few_brands():
    found = shrunk([4.0, np.nan, 3.0, 4.5, 3.7, 4.1], np.full(6, 0.1), [50, 0, 50, 50, 50, 0])
    np.testing.assert_array_equal(np.isnan(found.value), [False, True, False, False, False, True])
    few = shrunk([4.0, 3.0, np.nan], [0.1, 0.2, 0.1], [50, 40, 0])
    np.testing.assert_array_equal(few.value, [4.0, 3.0, np.nan])
    np.testing.assert_allclose(few.se, [0.1, 0.2, np.nan])
    assert np.isnan(few.between)
    equal = shrunk([4.0] * 5, [0.0] * 5, [10] * 5)
    np.testing.assert_array_equal(equal.value, 4.0)
    for bad in (([1.0], [0.1, 0.2], [3]), ([1.0], [-0.1], [3])):
        with pytest.raises(ValueError):
            shrunk(*bad)


def test_shrunk_means_are_nearer_to_the_truth_and_their_intervals_hold_it():
    # 600 lists of 25 brands with 3 to 80 reviews of 1 to 5 stars, true means spread by some 0.3
    rng = np.random.default_rng(20240229)
    raw, better, held = [], [], []
    for _ in range(600):
        n = rng.integers(3, 81, 25)
        happy = np.clip(rng.normal(0.7, 0.1, 25), 0.05, 0.95)
        truth = 1 + 4 * happy
        stars = [1 + rng.binomial(4, rng.beta(3 * h, 3 * (1 - h), k)) for h, k in zip(happy, n, strict=True)]
        mean = np.array([s.mean() for s in stars])
        found = shrunk(mean, np.array([s.std(ddof=1) / np.sqrt(len(s)) for s in stars]), n)
        raw.append(((mean - truth) ** 2).mean())
        better.append(((found.value - truth) ** 2).mean())
        held.append((np.abs(found.value - truth) < 1.96 * found.se).mean())
    gain = np.array(raw) - np.array(better)
    assert np.mean(better) < 0.8 * np.mean(raw)
    assert gain.mean() > 10 * gain.std() / np.sqrt(len(gain))
    assert 0.93 < np.mean(held) < 0.97
