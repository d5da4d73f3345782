"""Replicate weights: what they must be by construction; their agreement with R is in `test_drawn_designs`."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.design import Design
from vigie.stats.estimates import estimate
from vigie.stats.replicates import bootstrap, jackknife, replicate_variance
from vigie.stats.sums import sums
from vigie.stats.weights import NoWeights, dummies

RNG = np.random.default_rng(12)
N = 600
STRATUM = np.repeat([0, 1, 2], [150, 250, 200])
CLUSTER = np.repeat(np.arange(60), 10)
D = RNG.uniform(1, 5, N)
SEX, AGE = RNG.integers(0, 2, N), RNG.integers(0, 3, N)
Y = (RNG.random(N) < 0.3 + 0.2 * SEX + 0.01 * (CLUSTER % 20)).astype(float)
X = dummies([SEX, AGE], [2, 3])
TOTALS = np.array([0.55, 0.45, 0.3, 0.3, 0.4]) * D.sum()


def share(w):
    return w @ Y / w.sum()


def linearised(drawn=None, x=None, g=None):
    s = sums(np.arange(N), N, D, np.ones((N, 1)), Y[:, None])
    fpc = None if drawn is None else np.full(N, drawn)
    design = Design.of(stratum=STRATUM, cluster=CLUSTER, fpc=fpc, cell=np.arange(N), dummies=x,
                       g=np.ones(N) if g is None else g)  # fmt: skip
    return float(estimate(s, design, np.ones((1, N), bool)).se[0, 0])


@pytest.mark.parametrize("drawn", [None, 0.4])
def test_drawing_again_gives_the_linearised_error_within_what_chance_allows(drawn):
    fraction = None if drawn is None else np.full(N, drawn)
    replicates = bootstrap(D, stratum=STRATUM, cluster=CLUSTER, drawn=fraction, replicates=2000, seed=1)
    se = float(np.sqrt(replicates.variance(share)))
    # 2,000 draws leave a standard error of 1.6 % on a standard error; linearisation adds a little on 60 clusters
    assert se == pytest.approx(linearised(drawn), rel=0.05)


def test_recalibrated_replicates_reach_the_totals_and_know_what_calibration_gains():
    plain = bootstrap(D, stratum=STRATUM, cluster=CLUSTER, replicates=1000, seed=2)
    moved = plain.recalibrated(X, TOTALS)
    np.testing.assert_allclose(moved.weights.T @ X, np.tile(TOTALS, (1000, 1)), rtol=1e-9)
    np.testing.assert_allclose(moved.full @ X, TOTALS, rtol=1e-9)
    se = float(np.sqrt(moved.variance(share)))
    assert se == pytest.approx(linearised(x=X, g=moved.full / D), rel=0.07)
    # the share of women is known from the margins, and has no error left
    assert float(moved.variance(lambda w: w @ SEX / w.sum())) == pytest.approx(0, abs=1e-18)


def test_the_same_seed_draws_the_same_replicates():
    one, other = (bootstrap(D, cluster=CLUSTER, replicates=5, seed=3).weights for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert (bootstrap(D, cluster=CLUSTER, replicates=5, seed=4).weights != one).any()


def test_the_jackknife_of_a_total_is_its_linearised_variance():
    replicates = jackknife(D, stratum=STRATUM, cluster=CLUSTER)
    assert replicates.weights.shape == (N, 60)
    total = np.array([(D * Y)[c == CLUSTER].sum() for c in range(60)])
    of = STRATUM[::10]
    exact = sum(n / (n - 1) * ((t - t.mean()) ** 2).sum() for t in (total[of == h] for h in range(3)) for n in [len(t)])
    assert float(replicates.variance(lambda w: w @ Y)) == pytest.approx(exact)
    assert float(replicates.variance(lambda w: w @ Y, about="estimate")) >= exact * (1 - 1e-12)


def test_several_figures_at_once():
    replicates = jackknife(D, cluster=CLUSTER)
    both = replicates.variance(lambda w: [share(w), w @ SEX / w.sum()])
    np.testing.assert_allclose(both[0], replicates.variance(share))
    assert replicate_variance(np.zeros((4, 2)), np.ones(4)).tolist() == [0, 0]


def test_a_sample_drawn_whole_has_no_variance():
    whole = {"stratum": STRATUM, "cluster": CLUSTER, "drawn": np.ones(N)}
    for replicates in (jackknife(D, **whole), bootstrap(D, **whole, replicates=3, seed=1)):
        for about in ("mean", "estimate"):
            assert float(replicates.variance(share, about=about)) == pytest.approx(0, abs=1e-30)


@pytest.mark.parametrize("make", [jackknife, lambda *a, **k: bootstrap(*a, **k, seed=1)])
def test_what_was_drawn_is_a_fraction_of_each_stratum(make):
    for drawn in (np.full(N, 400.0), np.full(N, -0.1), np.full(N, np.nan)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            make(D, stratum=STRATUM, drawn=drawn)
    with pytest.raises(ValueError, match="differs within"):
        make(D, stratum=STRATUM, drawn=np.linspace(0, 1, N))
    with pytest.raises(ValueError, match="one entry per person"):
        make(D, stratum=STRATUM, drawn=[0.5])


@pytest.mark.parametrize("replicates", [0, 1])
def test_one_replicate_has_no_spread(replicates):
    with pytest.raises(ValueError, match="two at least"):
        bootstrap(D, replicates=replicates, seed=1)


def test_what_cannot_be_left_out_is_refused():
    alone = np.where(np.arange(N) < 10, 9, STRATUM)
    with pytest.raises(ValueError, match="one cluster"):
        jackknife(D, stratum=alone, cluster=CLUSTER)
    whole = np.where(np.arange(N) < 10, 1.0, 0.0)
    assert jackknife(D, stratum=alone, cluster=CLUSTER, drawn=whole).scales.min() == 0
    with pytest.raises(ValueError, match="one entry per person"):
        bootstrap(D, stratum=STRATUM[1:], seed=1)
    rare = np.column_stack([CLUSTER == 0, CLUSTER != 0]).astype(float)
    with pytest.raises(NoWeights):
        jackknife(D, cluster=CLUSTER).recalibrated(rare, rare.T @ D)


def test_designs_that_cannot_be_are_refused():
    s = sums(np.arange(4), 4, np.ones(4), np.ones((4, 1)), np.arange(4.0)[:, None])
    all_ = np.ones((1, 4), bool)
    for wrong, said in (
        ({"fpc": [2, 2, 3, 3]}, "differs within"),
        ({"fpc": [3, 3, 3, 3]}, "fewer units"),
        ({"cluster": [0, 0, 0, 0], "lonely": "fail"}, "one sampling unit"),
    ):
        with pytest.raises(ValueError, match=said):
            estimate(s, Design.of(stratum=[0, 0, 0, 0], **wrong), all_)
    for wrong in ({"fpc": [1, 1]}, {"fpc": [-1, 1, 1, 1]}, {"fpc_within": [9, 9, 9, 9]}):
        with pytest.raises(ValueError):
            Design.of(stratum=[0, 0, 0, 0], **wrong)


@pytest.mark.parametrize(("lonely", "factor"), [("adjust", 1), ("certainty", 0)])
def test_what_a_stratum_of_one_cluster_gives_is_a_choice(lonely, factor):
    s = sums(np.arange(5), 5, np.ones(5), np.ones((5, 1)), np.array([1.0, 0, 1, 1, 0])[:, None])
    stratum, cluster = [0, 0, 0, 1, 1], [0, 1, 2, 3, 3]
    f = estimate(s, Design.of(stratum=stratum, cluster=cluster, lonely=lonely), np.ones((1, 5), bool))
    t = (np.array([1.0, 0, 1, 1, 0]) - 0.6) / 5
    first, alone = t[:3], t[3:].sum()
    want = 3 / 2 * ((first - first.mean()) ** 2).sum() + factor * alone**2
    assert f.se[0, 0] ** 2 == pytest.approx(want)
    assert f.df == 2


def test_a_stratum_that_was_drawn_whole_leaves_nothing_to_chance():
    s = sums(np.arange(4), 4, np.ones(4), np.ones((4, 1)), np.array([1.0, 0, 1, 1])[:, None])
    f = estimate(s, Design.of(stratum=[0, 0, 0, 0], fpc=[4, 4, 4, 4], lonely="fail"), np.ones((1, 4), bool))
    assert f.se[0, 0] == 0
