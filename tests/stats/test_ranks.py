"""Rank sets are those published, do not depend on names or order, and come fast enough for a whole league."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.stats.ranks import possible_firsts, rank_sets, top_k


@pytest.mark.parametrize(
    ("sets", "stepdown", "columns", "draws"),
    [
        ("simultaneous", True, "sim_step", 10_000),
        ("marginal", True, "marg_step", 10_000),
        ("simultaneous", False, "sim_single", 10_000),
        # two brands lie within 0.03 of the critical value: many draws
        ("marginal", False, "marg_single", 1_000_000),
    ],
)
def test_the_ten_brands_of_the_demonstration(sets, stepdown, columns, draws, shared):
    ten = shared("reference/rank_sets_demo10.csv")
    cov = np.diag(ten["se"] ** 2)
    r = rank_sets(ten["score"], cov, sets=sets, stepdown=stepdown, draws=draws)
    np.testing.assert_array_equal(r.low, ten[f"L_{columns}"])
    np.testing.assert_array_equal(r.high, ten[f"U_{columns}"])
    np.testing.assert_array_equal(r.possible_first, ten["top1"] == "TRUE")
    np.testing.assert_array_equal(possible_firsts(ten["score"], cov), ten["top1"] == "TRUE")
    np.testing.assert_array_equal(top_k(ten["score"], cov, 3), ten["top3"] == "TRUE")


def league(p, seed=1, spread=0.8):
    rng = np.random.default_rng(seed)
    shared_part = rng.normal(size=(p, 3)) * 0.1
    return rng.normal(12, spread, p), shared_part @ shared_part.T + np.diag(rng.uniform(0.1, 0.5, p) ** 2)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(["simultaneous", "marginal"]), st.booleans(), st.randoms())
def test_another_order_of_the_brands_gives_the_same_sets(seed, sets, equal, random):
    score, cov = league(8, seed)
    if equal:  # two brands that nothing but their names tells apart
        cov = np.diag(np.diag(cov))
        score[3], cov[3, 3] = score[5], cov[5, 5]
    order = list(range(8))
    random.shuffle(order)
    one = rank_sets(score, cov, sets=sets, draws=500)
    other = rank_sets(score[order], cov[np.ix_(order, order)], sets=sets, draws=500)
    for name in ("low", "high", "possible_first"):
        np.testing.assert_array_equal(getattr(one, name)[order], getattr(other, name))
    assert one.critical == other.critical
    if equal:
        assert (one.low[3], one.high[3]) == (one.low[5], one.high[5])
    assert one.possible_first.any()
    place = (-score[:, None] < -score).sum(axis=1)
    assert (one.low <= 8 - place).all()
    assert (one.low <= one.high).all()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([2.0**-20, 0.5, 1024.0]))
def test_the_unit_of_the_scores_changes_nothing(seed, unit):
    score, cov = league(7, seed)
    one, other = rank_sets(score, cov, draws=500), rank_sets(score * unit, cov * unit**2, draws=500)
    np.testing.assert_array_equal(one.low, other.low)
    np.testing.assert_array_equal(one.high, other.high)


def slow(score, cov, sets, *, stepdown, draws, level=0.95):
    """The definition, written without any economy: all ordered pairs, every draw again at every step."""
    p = len(score)
    order = np.argsort(-score)
    rank = np.empty(p, dtype=int)
    rank[order] = np.arange(p)
    rng = np.random.Generator(np.random.PCG64(20070615))
    unit = 2.0 ** np.round(np.log2(np.diag(cov).max()) / 2)
    V = cov[np.ix_(order, order)] / unit**2
    normal = rng.standard_normal((p, draws), dtype=np.float32)
    z = (np.linalg.cholesky(V) @ normal)[rank] * unit
    se = np.sqrt(np.diag(cov)[:, None] + np.diag(cov) - 2 * cov) + np.eye(p)
    t = (score[:, None] - score) / se
    star = (z[:, None] - z) / se[:, :, None]

    def decide(pairs):
        undecided = pairs.copy()
        while True:
            most = np.sort(star[undecided].max(axis=0))
            found = undecided & (t > most[int(np.ceil(level * draws - 1e-9)) - 1])
            undecided &= ~found
            if not (stepdown and found.any()):
                return pairs & ~undecided

    pairs = ~np.eye(p, dtype=bool)
    if sets == "simultaneous":
        better = decide(pairs)
        return 1 + better.sum(axis=0), p - better.sum(axis=1)
    low, high = np.empty(p, dtype=int), np.empty(p, dtype=int)
    for j in range(p):
        own = np.zeros((p, p), dtype=bool)
        own[j], own[:, j] = True, True
        better = decide(own & pairs)
        low[j], high[j] = 1 + better[:, j].sum(), p - better[j].sum()
    return low, high


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("sets", ["simultaneous", "marginal"])
@pytest.mark.parametrize("stepdown", [True, False])
def test_the_economies_change_nothing(seed, sets, stepdown):
    score, cov = league(25, seed, spread=2.0)
    r = rank_sets(score, cov, sets=sets, stepdown=stepdown, draws=1500)
    low, high = slow(score, cov, sets, stepdown=stepdown, draws=1500)
    np.testing.assert_array_equal(r.low, low)
    np.testing.assert_array_equal(r.high, high)


def test_simultaneous_sets_hold_together_in_nineteen_of_twenty_leagues():
    rng = np.random.default_rng(3)
    true = np.array([14.0, 14, 13.8, 13, 12.5, 12, 12, 9])
    V = np.diag(np.linspace(0.2, 0.5, 8) ** 2) + 0.01
    best, worst = (true[:, None] < true).sum(axis=1) + 1, 8 - (true[:, None] > true).sum(axis=1)
    held = 0
    for score in rng.multivariate_normal(true, V, 400):
        r = rank_sets(score, V, draws=1000)
        # with ties, each of the tied ranks must be inside
        held += int(((r.low <= best) & (r.high >= worst)).all())
    assert held >= 400 * 0.95 - 3 * np.sqrt(400 * 0.95 * 0.05)


@pytest.mark.parametrize("sets", ["simultaneous", "marginal"])
def test_the_smallest_leagues(sets):
    none = rank_sets([], np.zeros((0, 0)), sets=sets)
    assert (none.low.shape, none.possible_first.shape) == ((0,), (0,))
    one = rank_sets([3.0], [[0.1]], sets=sets)
    assert (one.low[0], one.high[0], one.possible_first[0]) == (1, 1, True)
    apart = rank_sets([1.0, 9.0], np.eye(2) * 0.01, sets=sets)
    assert (apart.low.tolist(), apart.high.tolist()) == ([2, 1], [2, 1])
    assert apart.possible_first.tolist() == [False, True]
    # the two-sided normal quantile, within what 10,000 draws know; once one direction is decided, the one-sided
    assert rank_sets([1.0, 9.0], np.eye(2), sets=sets, stepdown=False).critical == pytest.approx(1.96, abs=0.06)
    assert apart.critical == pytest.approx(1.645, abs=0.06)
    close = rank_sets([1.0, 1.1], np.eye(2), sets=sets)
    assert (close.low.tolist(), close.high.tolist()) == ([1, 1], [2, 2])


def test_scores_known_exactly_or_tied_by_construction():
    exact = rank_sets([3.0, 2.0, 2.0], np.zeros((3, 3)))
    assert (exact.low.tolist(), exact.high.tolist()) == ([1, 2, 2], [1, 3, 3])
    # one common error moves all scores together, so that every difference is certain
    together = rank_sets([3.0, 2.0, 1.0], np.full((3, 3), 4.0))
    assert (together.low.tolist(), together.high.tolist()) == ([1, 2, 3], [1, 2, 3])


def test_shared_errors_narrow_the_sets():
    score = np.array([15.0, 14.4, 14.0])
    apart = rank_sets(score, np.eye(3) * 0.2)
    shared_part = rank_sets(score, np.eye(3) * 0.02 + 0.18)
    assert (shared_part.high - shared_part.low < apart.high - apart.low).all()


def test_what_is_not_known_is_not_ranked():
    with pytest.raises(ValueError, match="known"):
        rank_sets([1.0, np.nan], np.eye(2))
    with pytest.raises(ValueError, match="known"):
        rank_sets([1.0, 2.0], -np.eye(2))
    with pytest.raises(ValueError, match="shape"):
        rank_sets([1.0, 2.0], np.eye(3))
    with pytest.raises(ValueError, match="not offered"):
        rank_sets([1.0, 2.0], np.eye(2), level=95)
    with pytest.raises(ValueError, match="at least 1"):
        top_k([1.0], [[1.0]], 0)


@pytest.mark.parametrize("shuffled", [False, True])
def test_pairs_that_are_proved_though_their_rank_sets_meet(shuffled):
    """The first of the demonstration's ten is proved before the fifth: 1.1/√(0.22² + 0.24²) = 3.4 exceeds the critical
    value, though the sets are 1 to 4 and 2 to 6.
    """
    score = np.array([15.8, 15.5, 15.1, 14.9, 14.7, 14.2, 13.6, 13.1, 12.4, 11.2])
    se = np.array([0.22, 0.25, 0.21, 0.28, 0.24, 0.26, 0.23, 0.30, 0.27, 0.33])
    order = np.random.default_rng(3).permutation(10) if shuffled else np.arange(10)
    found = rank_sets(score[order], np.diag(se[order] ** 2))
    back = np.argsort(order)
    t = (score[:, None] - score) / np.sqrt(se[:, None] ** 2 + se**2 + 1e-300)
    better = found.better[np.ix_(back, back)]
    np.testing.assert_array_equal(better, t > found.critical)
    assert better[0, 4]
    assert found.high[back[0]] >= found.low[back[4]]
    assert not better[0, 1]
