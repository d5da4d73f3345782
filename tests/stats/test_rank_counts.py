"""Rank sets of counts are exact: they hold whatever the number of people, and are those of the published algorithm."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.rank_counts import rank_counts


def slow(counts, sets, *, stepdown, level=0.95):
    """The definition in whole numbers: Holm's steps over the pairs, one after the other."""
    p = len(counts)

    def p_value(j, k):
        total = counts[j] + counts[k]
        return sum(comb(total, i) for i in range(counts[j], total + 1)) / 2**total

    def decided(pairs):
        left = sorted(pairs, key=lambda pair: p_value(*pair))
        found = set()
        for i, pair in enumerate(left):
            if p_value(*pair) > (1 - level) / (len(left) - i if stepdown else len(left)):
                break
            found.add(pair)
        return found

    every = [(j, k) for j in range(p) for k in range(p) if j != k]
    low, high = [], []
    for j in range(p):
        found = decided(every if sets == "simultaneous" else [pair for pair in every if j in pair])
        low.append(1 + sum(pair[1] == j for pair in found))
        high.append(p - sum(pair[0] == j for pair in found))
    return low, high


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=6),
    st.sampled_from(["simultaneous", "marginal"]),
    st.booleans(),
)
def test_sets_are_those_of_pairwise_binomial_tests_with_holms_steps(counts, sets, stepdown):
    low, high = slow(counts, sets, stepdown=stepdown)
    found = rank_counts(counts, sets=sets, stepdown=stepdown)
    np.testing.assert_array_equal(found.low, low)
    np.testing.assert_array_equal(found.high, high)


@pytest.mark.parametrize("n", [30, 400])
@pytest.mark.parametrize("sets", ["simultaneous", "marginal"])
def test_the_level_holds_with_few_and_with_many_people(n, sets):
    rng = np.random.default_rng(5)
    share = np.array([0.3, 0.2, 0.2, 0.15, 0.1, 0.05])
    best = 1 + (share[:, None] < share).sum(axis=1)
    worst = 6 - (share[:, None] > share).sum(axis=1)
    rounds, held = 400, np.zeros(6)
    together = 0
    for counts in rng.multinomial(n, share, rounds):
        found = rank_counts(counts, sets=sets)
        inside = (found.low <= best) & (found.high >= worst)
        held += inside
        together += inside.all()
    least = rounds * 0.95 - 3 * np.sqrt(rounds * 0.95 * 0.05)
    assert (held >= least).all()
    if sets == "simultaneous":
        assert together >= least


def test_marginal_sets_say_more_of_one_category_and_possible_firsts_are_of_the_league():
    counts = [120, 90, 60, 40, 20, 5]
    one, all_ = rank_counts(counts, sets="marginal"), rank_counts(counts)
    assert (one.low >= all_.low).all()
    assert (one.high <= all_.high).all()
    np.testing.assert_array_equal(one.possible_first, all_.possible_first)


def test_nobody_asked_excludes_nothing():
    found = rank_counts([0, 0, 0])
    np.testing.assert_array_equal(found.low, 1)
    np.testing.assert_array_equal(found.high, 3)
    assert found.possible_first.all()


def test_what_is_no_count_is_refused():
    for counts in ([1.5, 2], [-1, 2], [np.nan, 1], [[1, 2]]):
        with pytest.raises(ValueError, match="whole numbers"):
            rank_counts(counts)
    with pytest.raises(ValueError, match="not offered"):
        rank_counts([1, 2], sets="all")
    with pytest.raises(ValueError, match="not offered"):
        rank_counts([1, 2], level=95)
