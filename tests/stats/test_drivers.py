"""Importance is R's, adds up to R², does not depend on how people are batched, and its intervals hold the truth."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.drivers import MOST, drivers, johnson, penalty_reward, shapley
from vigie.stats.moments import moments, resampled
from vigie.study import drivers as asked

ATTRIBUTES = ("speed", "welcome", "clarity", "price")


@pytest.fixture
def customers(reference):
    """The marks of `drivers.csv` with weights, and R's answers."""
    rows = reference("drivers.csv")
    marks = np.column_stack([rows[name] for name in ("overall", *ATTRIBUTES)])
    return marks, rows["w"], (rows["stratum"] == "s2").astype(int), reference("drivers.json")


def whole(weights, x):
    """The covariance of all people."""
    n = len(weights)
    return resampled(moments(np.zeros(n, int), 1, weights, x), [[1.0]])[1][0]


def test_the_classic_regression_of_swiss_fertility(expected, near):
    if not shutil.which("Rscript"):
        pytest.skip("Rscript is not here")
    script = 'write.table(format(cor(swiss), digits = 17), sep = ",", quote = FALSE, row.names = FALSE)'
    said = subprocess.run(["Rscript", "-e", script], check=True, capture_output=True, text=True).stdout.splitlines()
    r, want = np.array([[float(c) for c in line.split(",")] for line in said[1:]]), expected["drivers_swiss"]
    assert said[0].split(",")[1:] == want["names"]
    for method, name in ((shapley, "lmg"), (johnson, "johnson")):
        share, r2 = method(r)
        near(share, want[name])
        near(r2, want["R2"])


def test_weighted_importance_is_that_of_r(customers, near):
    marks, w, _, want = customers
    for method, name in ((shapley, "lmg"), (johnson, "johnson")):
        share, r2 = method(whole(w, marks))
        near(share, want[name])
        near(r2, want["r2"])


def test_penalties_and_rewards_are_those_of_r(customers, near):
    marks, w, _, want = customers
    table = np.column_stack([marks[:, :1], marks[:, 1:] <= 5, marks[:, 1:] >= 8])
    penalty, reward, r2 = penalty_reward(whole(w, table))
    near(penalty, want["penalty"])
    near(reward, want["reward"])
    near(r2, want["penalty_reward_r2"])


def test_the_bootstrap_of_means_has_the_standard_errors_of_the_stratified_design(customers, near):
    marks, w, stratum, want = customers
    found = drivers(moments(np.arange(300), 300, w, marks), stratum=stratum, replicates=20_000)
    near(found.performance, want["mean"])
    half = (found.performance_limits[1] - found.performance_limits[0]) / 2 / 1.959963984540054
    np.testing.assert_allclose(half, want["se"], rtol=0.03)


def by_definition(r, order):
    """R² of the overall mark on the attributes of every prefix of an order."""
    inside = [np.array(order[:k], dtype=int) + 1 for k in range(len(order) + 1)]
    return [r[0, s] @ np.linalg.solve(r[np.ix_(s, s)], r[s, 0]) if len(s) else 0.0 for s in inside]


@given(st.integers(0, 10**6), st.integers(1, 6))
def test_shares_are_the_mean_rise_of_r2_over_all_orders_and_add_up(seed, p):
    from itertools import permutations

    rng = np.random.default_rng(seed)
    r = np.corrcoef(rng.normal(size=(40, p + 1)) + rng.normal(size=(40, 1)), rowvar=False)
    share, r2 = shapley(r)
    mean, orders = np.zeros(p), list(permutations(range(p)))
    for order in orders:
        mean[list(order)] += np.diff(by_definition(r, order)) / len(orders)
    np.testing.assert_allclose(share, mean, atol=1e-10)
    np.testing.assert_allclose(share.sum(), r2, atol=1e-12)
    np.testing.assert_allclose(johnson(r)[0].sum(), r2, atol=1e-10)
    again = np.roll(np.arange(p), 1) + 1
    turned = np.r_[0, again]
    np.testing.assert_allclose(shapley(r[np.ix_(turned, turned)])[0], share[again - 1], atol=1e-10)


def test_two_attributes_that_are_one_share_alike_and_one_without_variance_has_nothing():
    rng = np.random.default_rng(4)
    x = rng.normal(size=300)
    y = x + rng.normal(size=300)
    share, r2 = shapley(whole(np.ones(300), np.column_stack([y, x, x, np.full(300, 3.0)])))
    np.testing.assert_allclose(share, [r2 / 2, r2 / 2, 0], atol=1e-8)


def test_nobody_without_spread_has_importance():
    share, r2 = shapley(np.diag([0.0, 1.0, 1.0]))
    assert np.isnan([*share, r2]).all()
    weight, r2 = johnson(np.diag([0.0, 1.0, 1.0]))
    assert np.isnan([*weight, r2]).all()
    rng = np.random.default_rng(4)
    weights = rng.uniform(0.3, 3, 60)
    for mark in (7.0, 14.3):
        table = np.column_stack([np.full(60, mark), rng.integers(1, 11, (60, 2))])
        for method in ("shapley", "johnson"):
            found = drivers(moments(np.arange(60), 60, weights, table), method=method, replicates=20)
            assert np.isnan(found.r2)
            assert np.isnan(found.importance).all()
            assert np.isnan(found.importance_limits).all()
            np.testing.assert_allclose(found.performance, np.average(table[:, 1:], axis=0, weights=weights))


def test_nobody_has_no_drivers():
    for table, method in (
        (np.zeros((0, 3)), "shapley"),
        (np.zeros((0, 3)), "johnson"),
        (np.zeros((0, 4)), "penalty_reward"),
    ):
        found = drivers(moments([], 5, [], table), method=method, replicates=3)
        assert found.n == 0
        assert np.isnan([found.r2, *found.r2_limits]).all()
        assert np.isnan(found.importance).all()
        assert np.isnan(found.performance_limits).all()


def test_the_subsets_of_so_many_attributes_are_looked_at_as_a_study_may_list():
    assert MOST == asked.MOST


def test_a_coefficient_of_what_nobody_said_is_missing():
    rng = np.random.default_rng(4)
    x = rng.integers(1, 11, 200)
    table = np.column_stack([x + rng.normal(size=200), x <= 0, x >= 8]).astype(float)
    penalty, reward, _ = penalty_reward(whole(np.ones(200), table))
    assert np.isnan(penalty).all()
    assert reward[0] > 0


def test_penalty_and_reward_of_marks_without_a_middle_are_missing():
    # 800 people marked 1 to 10, low up to 5 and high from 6 on: the other attribute's coefficients stay as they are
    rng = np.random.default_rng(4)
    speed, clarity = rng.integers(1, 11, (2, 800))
    overall = clarity / 3 - 3 * (speed <= 5) + rng.normal(size=800)
    table = np.column_stack([overall, speed <= 5, clarity <= 3, speed >= 6, clarity >= 8]).astype(float)
    penalty, reward, r2 = penalty_reward(whole(np.ones(800), table))
    x = np.column_stack([np.ones(800), table[:, 1], table[:, 2], table[:, 4]])
    slopes, left = np.linalg.lstsq(x, overall, rcond=None)[:2]
    assert np.isnan([penalty[0], reward[0]]).all()
    np.testing.assert_allclose([penalty[1], reward[1]], slopes[2:], rtol=1e-9)
    np.testing.assert_allclose(r2, 1 - left[0] / ((overall - overall.mean()) ** 2).sum(), rtol=1e-9)


def plant(rng, n):
    """Three attributes that go together, of which the last is worth nothing."""
    x = rng.normal(size=(n, 3)) + 0.8 * rng.normal(size=(n, 1))
    return np.column_stack([x @ [1.0, 0.5, 0.0] + rng.normal(size=n), x])


def test_groups_of_people_give_the_intervals_of_people():
    rng = np.random.default_rng(11)
    n = 20_000
    x, w = plant(rng, n), rng.uniform(0.5, 1.5, n)
    people = drivers(moments(np.arange(n), n, w, x), replicates=400)
    grouped = drivers(moments(rng.integers(0, 1000, n), 1000, w, x), replicates=2000)
    np.testing.assert_allclose(people.importance, grouped.importance, rtol=1e-9)
    wide, narrow = (np.ptp(f.importance_limits, axis=0) for f in (people, grouped))
    np.testing.assert_allclose(wide, narrow, rtol=0.15)


def test_intervals_of_importance_hold_the_truth():
    rng = np.random.default_rng(7)
    root = np.hstack([np.eye(3), np.full((3, 1), 0.8)])  # of the attributes, as `plant` makes them
    slope, spread = np.array([1.0, 0.5, 0.0]), root @ root.T
    with_overall = np.r_[slope @ spread @ slope + 1, spread @ slope]
    share, _ = shapley(np.vstack([with_overall, np.column_stack([spread @ slope, spread])]))
    truth, held, rounds = share / share.sum(), np.zeros(3), 300
    for _ in range(rounds):
        found = drivers(moments(np.arange(150), 150, np.ones(150), plant(rng, 150)), replicates=400)
        held += (found.importance_limits[0] <= truth) & (truth <= found.importance_limits[1])
    # percentile limits hold it in 93 to 95 of 100 samples
    assert (held >= rounds * 0.94 - 3 * np.sqrt(rounds * 0.94 * 0.06)).all(), held


def test_what_is_taken_for_granted_and_what_delights_is_told_by_the_asymmetry():
    rng = np.random.default_rng(5)
    n = 3000
    granted, delight = rng.integers(1, 11, n), rng.integers(1, 11, n)
    y = 6 - 2.0 * (granted <= 4) + 0.1 * (granted >= 8) - 0.1 * (delight <= 4) + 2.0 * (delight >= 8)
    marks = np.column_stack([granted, delight])
    table = np.column_stack([y + rng.normal(size=n), marks, marks <= 4, marks >= 8]).astype(float)
    found = drivers(moments(np.arange(n), n, np.ones(n), table), method="penalty_reward", replicates=300)
    np.testing.assert_allclose(found.penalty, [-2, -0.1], atol=0.2)
    np.testing.assert_allclose(found.reward, [0.1, 2], atol=0.2)
    assert found.asymmetry_limits[1, 0] < 0 < found.asymmetry_limits[0, 1]
    np.testing.assert_allclose(found.importance.sum(), 1)


def test_the_same_seed_gives_the_same_limits():
    m = moments(np.arange(100), 100, np.ones(100), plant(np.random.default_rng(1), 100))
    one, same, other = (drivers(m, replicates=50, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.importance_limits, same.importance_limits)
    assert (one.importance_limits != other.importance_limits).any()


def test_what_cannot_be_computed_is_refused():
    with pytest.raises(ValueError, match="16 attributes"):
        shapley(np.eye(17))
    johnson(np.eye(17))
    with pytest.raises(ValueError, match="low and a high"):
        penalty_reward(np.eye(4))
    with pytest.raises(ValueError, match="shape"):
        shapley(np.ones((2, 3)))
    with pytest.raises(ValueError, match="not offered"):
        drivers(moments([0], 1, [1], [[1, 2]]), method="best")
    with pytest.raises(ValueError, match="columns"):
        drivers(moments([0], 1, [1], [[1, 2, 3]]), method="penalty_reward")
    with pytest.raises(ValueError, match="stratum"):
        drivers(moments([0], 1, [1], [[1, 2]]), stratum=[0, 1])
