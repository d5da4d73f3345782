"""Mystery scores: four states never mixed, weights at every step, and the variance of what is ranked."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.intervals import t_quantile
from vigie.stats.scores import (
    MARKED,
    MISSING,
    NOT_APPLICABLE,
    UNANSWERED,
    cells,
    channel_means,
    test_scores,
    totals,
)

# two dimensions: courtesy (criteria 0 and 1, weights 1 and 3) and solution (criterion 2)
GRID = {"dimension": [0, 0, 1], "criterion_weight": [1.0, 3.0, 1.0], "dimension_weight": [40.0, 60.0]}


def score(*marks):
    """One test from (criterion, value, state) triples."""
    criterion, value, state = zip(*marks, strict=True)
    return test_scores([0] * len(marks), criterion, value, state, n_tests=1, **GRID)


def test_criteria_weigh_in_their_dimension_and_dimensions_in_the_test():
    r = score((0, 1.0, MARKED), (1, 0.5, MARKED), (2, 0.25, MARKED))
    np.testing.assert_allclose(r.dimensions, [[2.5 / 4, 0.25]])
    np.testing.assert_allclose(r.score, [0.4 * 0.625 + 0.6 * 0.25])


def test_what_does_not_apply_leaves_numerator_and_denominator():
    r = score((0, 1.0, MARKED), (1, np.nan, NOT_APPLICABLE), (2, 0.5, MARKED))
    np.testing.assert_allclose(r.score, [0.4 * 1 + 0.6 * 0.5])
    r = score((0, 1.0, MARKED), (1, 1.0, MARKED), (2, np.nan, NOT_APPLICABLE))
    np.testing.assert_allclose(r.score, [1.0])
    assert np.isnan(r.dimensions[0, 1])


def test_unanswered_scores_zero_and_counts():
    r = score((0, 1.0, MARKED), (1, np.nan, UNANSWERED), (2, np.nan, UNANSWERED))
    np.testing.assert_allclose(r.score, [0.4 * 0.25])
    assert not r.incomplete[0]


def test_a_forgotten_mark_makes_the_test_incomplete():
    r = score((0, 1.0, MARKED), (1, np.nan, MISSING), (2, 1.0, MARKED))
    assert r.incomplete[0]
    assert np.isnan(r.score[0])
    assert np.isnan(r.dimensions).all()


def test_a_test_to_which_nothing_applies_has_no_score_and_is_not_incomplete():
    r = score((0, np.nan, NOT_APPLICABLE), (2, np.nan, NOT_APPLICABLE))
    assert np.isnan(r.score[0])
    assert not r.incomplete[0]


def test_malformed_marks_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        score((0, 5.0, MARKED))
    with pytest.raises(ValueError, match="between 0 and 1"):
        score((0, np.nan, MARKED))
    with pytest.raises(ValueError, match="none of"):
        score((0, 1.0, 7))
    with pytest.raises(ValueError, match="negative"):
        test_scores([0], [0], [1.0], [0], n_tests=1, dimension=[0], criterion_weight=[-1], dimension_weight=[1])


def test_cells_count_mean_and_variance():
    c = cells([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], [0.2, 0.4, 0.9, 0.5, 0.5, np.nan], 2, 2)
    np.testing.assert_array_equal(c.n, [[2, 1], [0, 2]])
    np.testing.assert_allclose(c.mean, [[0.3, 0.9], [np.nan, 0.5]])
    np.testing.assert_allclose(c.variance, [[0.02, np.nan], [np.nan, 0.0]], atol=1e-17)
    np.testing.assert_array_equal(c.present, [[True, False], [False, True]])


def test_equal_scores_have_no_variance_at_all():
    assert cells([0] * 7, [0] * 7, [0.1] * 7, 1, 1).variance[0, 0] == 0


@pytest.fixture
def league(reference):
    """The tests of six brands with R's totals: thin and absent cells, weights of the channels from a survey."""
    tests, want = reference("mystery.csv"), reference("mystery.json")
    brand = [want["brands"].index(b) for b in tests["brand"]]
    channel = [want["channels"].index(c) for c in tests["channel"]]
    return cells(brand, channel, tests["score"], 6, 3), want


@pytest.mark.parametrize("rule", ["renormalise", "zero"])
@pytest.mark.parametrize("kind", ["constant", "estimated"])
def test_totals_and_their_covariance_are_those_of_r(rule, kind, league, near):
    c, want = league
    omega_cov = want["omega_cov"] if kind == "estimated" else None
    r = totals(c, want["omega"], omega_cov, absent=rule)
    near(r.score, want[kind][rule]["score"])
    near(r.cov, want[kind][rule]["cov"])
    near(r.se, np.sqrt(np.diag(want[kind][rule]["cov"])))
    assert r.rankable.all()


def test_channel_means_are_those_of_r(league, near):
    c, want = league
    r = channel_means(c)
    near(np.column_stack([r.value, r.se]), want["channel_means"])
    np.testing.assert_array_equal(r.brands, [6, 6, 4])
    np.testing.assert_array_equal(r.n, [190, 128, 126])


def test_a_brand_without_a_channel_is_ranked_as_the_study_says(league):
    c, want = league
    same = totals(c, want["omega"])
    strict = totals(c, want["omega"], absent="unranked")
    np.testing.assert_array_equal(strict.rankable, [True, True, False, False, True, True])
    np.testing.assert_array_equal(strict.score, same.score)
    assert (totals(c, want["omega"], absent="zero").score < same.score)[[2, 3]].all()
    # the one test of b4 by chat does not count
    assert same.n.tolist() == [107, 73, 66, 17, 80, 101]


def test_weights_need_not_sum_to_one_and_tests_do_not_weigh(league, near):
    c, want = league
    one, other = totals(c, want["omega"]), totals(c, np.array(want["omega"]) * 7)
    near(one.score, other.score, rel=1e-12)
    near(one.cov, other.cov, rel=1e-12)
    near(one.score[0], np.average(c.mean[0], weights=want["omega"]), rel=1e-12)


def test_few_tests_and_no_variance_are_not_ranked():
    c = cells([0] * 6 + [1] * 3 + [2], [0] * 10, [0.5] * 10, 3, 1)
    r = totals(c, [1.0], min_tests=5)
    assert not r.rankable.any()
    assert np.isnan(r.score[2])
    assert np.isnan(r.cov[2, 0])
    c = cells([0] * 6 + [1] * 3 + [2] * 5, [0] * 14, [0.5] * 6 + [0.2, 0.5, 0.9] + [0.4] * 5, 3, 1)
    r = totals(c, [1.0], min_tests=5)
    # what varies at one brand is lent to those whose few tests happen to agree
    assert r.rankable.tolist() == [True, False, True]
    assert (np.diag(r.cov) > 0).all()


def test_degrees_of_freedom_lie_between_the_smallest_cell_and_the_sum(league):
    c, want = league
    r = totals(c, want["omega"])
    assert (r.df[[0, 5]] > 28).all()
    assert (r.df[[0, 5]] < 110).all()
    alone = totals(cells([0] * 40, [0] * 40, np.arange(40) / 40, 1, 1), [1.0])
    assert alone.df[0] == pytest.approx(39)
    assert alone.se[0] == pytest.approx(np.std(np.arange(40) / 40, ddof=1) / np.sqrt(40))


def test_a_variance_that_brands_borrow_is_known_once():
    """Of B brands with m tests each, the pooled s² has B(m - 1) degrees of freedom (analysis of variance)."""
    rng = np.random.default_rng(1)
    for B, m in ((2, 3), (5, 3), (10, 3), (4, 20)):
        brand = np.repeat(np.arange(B), m)
        found = channel_means(cells(brand, brand * 0, rng.normal(0.5, 0.1, B * m), B, 1))
        assert found.df[0] == pytest.approx(B * (m - 1))
    # one brand with a variance of its own beside two that borrow: (Σv)²/(v₁²/39 + v₂²/ν), v₂ of both together
    n = np.array([40, 3, 3])
    brand = np.repeat(np.arange(3), n)
    scores = rng.normal(0.5, 0.1, 46)
    s2 = np.array([np.var(scores[brand == b], ddof=1) for b in range(3)])
    pooled = (n - 1) @ s2 / 43
    own, lent = s2[0] / 40, 2 * pooled / 3
    found = channel_means(cells(brand, brand * 0, scores, 3, 1))
    assert found.df[0] == pytest.approx((own + lent) ** 2 / (own**2 / 39 + lent**2 / 43))


def test_the_interval_of_a_channel_with_few_tests_holds_its_mean_as_often_as_told():
    """Two brands with three tests each, whose mean in truth is ½, four thousand times."""
    rng, brand, held, runs = np.random.default_rng(1), np.repeat([0, 1], 3), 0, 4000
    for _ in range(runs):
        found = channel_means(cells(brand, brand * 0, rng.normal(0.5, 0.1, 6), 2, 1))
        held += abs(found.value[0] - 0.5) < t_quantile(found.df[0], 0.95) * found.se[0]
    assert held / runs == pytest.approx(0.95, abs=3 * (0.95 * 0.05 / runs) ** 0.5)


def test_a_channel_without_weight_or_tests_changes_nothing():
    scores = np.linspace(0, 1, 20)
    one = totals(cells([0] * 10 + [1] * 10, [0] * 20, scores, 2, 1), [0.5])
    wide = totals(cells([0] * 10 + [1] * 10, [0] * 20, scores, 2, 3), [0.5, 0.2, 0.3], absent="zero")
    np.testing.assert_array_equal(one.score, wide.score)
    np.testing.assert_array_equal(one.cov, wide.cov)
    none = channel_means(cells([0] * 10, [0] * 10, scores[:10], 1, 2))
    assert np.isnan(none.value[1])
    assert np.isnan(none.se[1])
    with pytest.raises(ValueError, match="no rule"):
        totals(cells([0], [0], [1.0], 1, 1), [1.0], absent="drop")
    with pytest.raises(ValueError, match="omega"):
        totals(cells([0], [0], [1.0], 1, 1), [-1.0])
