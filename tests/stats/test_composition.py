"""A change is taken apart exactly, and the errors of its parts are those of repeated samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.composition import composition, decompose
from vigie.stats.design import Design
from vigie.stats.estimates import estimate, segment_covariance
from vigie.stats.sums import sums

NONE = np.zeros((6, 6))
values = st.lists(st.floats(0, 10), min_size=3, max_size=3)
shares = st.lists(st.floats(0.05, 1), min_size=3, max_size=3).map(lambda s: (np.array(s) / sum(s)).tolist())


@given(values, shares, values, shares)
def test_the_two_parts_sum_to_the_change(theta1, share1, theta2, share2):
    parts = decompose(theta1, share1, NONE, theta2, share2, NONE)
    assert parts.within + parts.mix == pytest.approx(parts.difference, abs=1e-9)
    assert parts.difference == pytest.approx(np.dot(theta2, share2) - np.dot(theta1, share1), abs=1e-9)


@given(values, shares, values, shares)
def test_waves_the_other_way_round_change_the_sign_alone(theta1, share1, theta2, share2):
    one = decompose(theta1, share1, NONE, theta2, share2, NONE)
    back = decompose(theta2, share2, NONE, theta1, share1, NONE)
    assert (back.within, back.mix) == pytest.approx((-one.within, -one.mix), abs=1e-9)


def test_kitagawa_s_parts_of_a_small_table():
    # two categories, worked by hand: rates 10 % and 50 %, then 20 % and 40 %; shares 80/20, then 60/40
    parts = decompose([0.1, 0.5], [0.8, 0.2], np.zeros((4, 4)), [0.2, 0.4], [0.6, 0.4], np.zeros((4, 4)))
    assert parts.within == pytest.approx(0.7 * 0.1 + 0.3 * -0.1)
    assert parts.mix == pytest.approx(0.15 * -0.2 + 0.45 * 0.2)


def test_a_category_that_comes_is_mix_and_no_change_within():
    parts = decompose([0.4, np.nan], [1, 0], np.zeros((4, 4)), [0.4, 0.8], [0.5, 0.5], np.zeros((4, 4)))
    assert (parts.within, parts.mix) == pytest.approx((0.0, 0.2))


@pytest.mark.parametrize("back", [False, True], ids=["comes", "goes"])
def test_the_error_of_a_category_that_comes_or_goes_is_that_of_the_mix(back):
    # worked by hand: within = (1 + 1/2)/2 (a2 - a1); mix = (a1 + a2)/2 (1/2 - 1) + b2 (1/2 - 0)
    a, b = 0.01**2, 0.2**2
    alone = [0.4, np.nan], [1, 0], np.diag([a, 0, 0, 0])
    both = [0.4, 0.8], [0.5, 0.5], np.diag([a, b, 0, 0])
    parts = decompose(*both, *alone) if back else decompose(*alone, *both)
    assert parts.within_se == pytest.approx((2 * a * 0.75**2) ** 0.5)
    assert parts.mix_se == pytest.approx((2 * a * 0.25**2 + b * 0.5**2) ** 0.5)


@pytest.mark.parametrize(
    ("share", "said"), [([0.5, 0.6], "sum to 1.1"), ([0.5], "do not fit"), ([1.5, -0.5], "not to 1")]
)
def test_shares_that_are_none_are_refused(share, said):
    with pytest.raises(ValueError, match=said):
        decompose([1, 2], share, np.zeros((4, 4)), [1, 2], [0.5, 0.5], np.zeros((4, 4)))


def sample(rng, n, mix, level):
    """People of three categories and six raking cells with unequal weights, as sums by category and cell."""
    category, cell = rng.choice(3, n, p=mix), rng.integers(0, 6, n)
    d = rng.choice([0.5, 1.0, 2.0], n)
    x = rng.normal(np.array(level)[category], 1.5)
    groups = np.arange(18)
    members = np.array([groups // 6 == k for k in range(3)])
    return sums(category * 6 + cell, 18, d, np.ones((n, 1)), x[:, None]), groups % 6, members


def test_values_and_their_covariance_are_those_of_segments():
    s, cell, members = sample(np.random.default_rng(5), 500, [0.2, 0.5, 0.3], [4, 6, 7])
    dummies = np.column_stack([np.arange(6) % 3 == k for k in range(3)]).astype(float)
    design = Design.of(stratum=np.zeros(18), cell=cell, g=np.array([0.8, 1.1, 1.2, 0.9, 1.0, 1.3]), dummies=dummies)
    theta, share, cov = composition(s, design, members)
    value, wanted = segment_covariance(s, design, members)
    np.testing.assert_allclose(theta, value)
    np.testing.assert_allclose(cov[:3, :3], wanted, atol=1e-14)
    whole = estimate(s, design, [np.ones(18, dtype=bool)])
    assert theta @ share == pytest.approx(whole.value[0, 0])
    gradient = np.concatenate([share, theta])
    assert gradient @ cov @ gradient == pytest.approx(whole.se[0, 0] ** 2), "the parts have the error of the whole"
    np.testing.assert_allclose(cov[3:, 3:].sum(axis=0), 0, atol=1e-14)


def test_shares_that_are_margins_have_no_error():
    s, cell, members = sample(np.random.default_rng(6), 500, [0.2, 0.5, 0.3], [4, 6, 7])
    del cell
    dummies = np.eye(3)
    design = Design.of(stratum=np.zeros(18), cell=np.arange(18) // 6, g=np.array([1.2, 0.9, 1.0]), dummies=dummies)
    cov = composition(s, design, members)[2]
    np.testing.assert_allclose(cov[3:, 3:], 0, atol=1e-14)


def test_categories_that_overlap_or_are_empty_are_told_apart():
    s, cell, members = sample(np.random.default_rng(7), 200, [0.4, 0.6, 0.0], [4, 6, 7])
    design = Design.of(stratum=np.zeros(18), cell=cell)
    theta, share, cov = composition(s, design, members)
    assert np.isnan(theta[2])
    assert share[2] == 0
    assert np.isfinite(cov).all()
    with pytest.raises(ValueError, match="disjoint"):
        composition(s, design, np.vstack([members, members[:1]]))


def test_the_errors_of_the_parts_are_those_of_repeated_samples():
    rng = np.random.default_rng(8)
    mixes, levels = ([0.5, 0.3, 0.2], [0.3, 0.3, 0.4]), ([4, 6, 7], [4.2, 6.1, 7.4])
    drawn, errors = [], []
    for _ in range(400):
        arrays = []
        for mix, level in zip(mixes, levels, strict=True):
            s, cell, members = sample(rng, 400, mix, level)
            arrays += composition(s, Design.of(stratum=np.zeros(18), cell=cell), members)
        parts = decompose(*arrays)
        drawn.append([parts.within, parts.mix])
        errors.append([parts.within_se, parts.mix_se])
    ratio = np.mean(errors, axis=0) / np.std(drawn, axis=0, ddof=1)
    np.testing.assert_allclose(ratio, 1, atol=4 * (1 / (2 * 399)) ** 0.5)
    true = decompose(levels[0], mixes[0], NONE, levels[1], mixes[1], NONE)
    np.testing.assert_allclose(np.mean(drawn, axis=0), [true.within, true.mix], atol=0.03)
