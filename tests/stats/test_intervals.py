"""Intervals stay inside their scale, and say nothing where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.estimates import Design, estimate
from vigie.stats.intervals import interval, t_quantile
from vigie.stats.sums import sums


def test_quantiles_are_those_of_students_t_and_of_the_normal(near):
    near(t_quantile([14, 1, np.inf], 0.95), [2.1447866879178039, 12.7062047361746941, 1.959963984540054])
    assert np.isnan(t_quantile([0, -1], 0.95)).all()


def test_a_share_of_zero_or_one_has_clopper_pearson_limits(near):
    low, high = interval("share", [0.0, 1.0], [0.0, 0.0], 49, n_effective=[50, 50])
    # R: binom.test(0, 50)$conf.int, binom.test(50, 50)$conf.int
    near(low, [0, 0.92887826353580238], rel=1e-9)
    near(high, [0.071121736464197616, 1], rel=1e-9)


def test_a_share_stays_between_0_and_1_and_covers_its_value():
    value = np.array([0.001, 0.2, 0.5, 0.999])
    low, high = interval("share", value, [0.001, 0.1, 0.2, 0.001], 20, n_effective=30)
    assert (low > 0).all()
    assert (high < 1).all()
    assert ((low < value) & (value < high)).all()


@pytest.mark.parametrize("name", ["west", "full"])
def test_the_beta_interval_is_korn_and_graubards(name, reference, near):
    rows = reference("people.csv" if name == "west" else "drivers.csv")
    inside, w = (rows["segment"] == "west", rows["d"]) if name == "west" else (rows["overall"] > 9, rows["w"])
    stratum = np.unique(rows["stratum"], return_inverse=True)[1]
    groups, n = stratum.max() + 1, len(w)
    s = sums(stratum, groups, w, np.ones((n, 1)), inside.astype(float)[:, None])
    f = estimate(s, Design.of(stratum=np.arange(groups)), np.ones((1, groups), dtype=bool))
    share = {"n_effective": f.n_effective[0, 0], "method": "beta", "n": n}
    near(interval("share", f.value[0, 0], f.se[0, 0], f.df[0, 0], **share), reference("tables.json")["beta"][name])


def test_a_beta_interval_holds_where_the_share_has_no_spread_of_its_own():
    alone = interval("share", [0.0, 0.5, np.nan], [0.0, 0.0, 0.1], 49, n_effective=50, method="beta", n=50)
    logit = interval("share", [0.0, 0.5, np.nan], [0.0, 0.0, 0.1], 49, n_effective=50)
    np.testing.assert_array_equal(alone, logit)
    assert np.isnan(alone[1][1:]).all()


def test_means_are_cut_at_the_ends_of_their_scale():
    low, high = interval("nps", [-0.98, 0.5], [0.1, 0.1], np.inf, low=-1, high=1)
    np.testing.assert_allclose(low, [-1, 0.5 - 0.1959963984540054])
    assert (high <= 1).all()
    low, high = interval("mean", 5.0, 1.0, [3, np.inf])
    assert low[0] < low[1]
    assert high[0] > high[1]


def test_what_has_no_spread_of_its_own_has_no_interval():
    low, high = interval(
        "share", [np.nan, 0.5, 0.0, 0.3], [np.nan, 0.0, 0.0, 0.1], [9, 9, 9, 0], n_effective=[0, 1, 0, 4]
    )
    assert np.isnan(high).all()
    assert np.isnan(low[[0, 1, 3]]).all()
    low, high = interval("mean", 3.0, 0.0, 9)
    assert low == high == 3


def test_what_is_missing_is_asked_for():
    with pytest.raises(ValueError, match="effective base"):
        interval("share", 0.5, 0.1, 10)
    with pytest.raises(ValueError, match="people of the design"):
        interval("share", 0.5, 0.1, 10, n_effective=9, method="beta")
    with pytest.raises(ValueError, match="level"):
        interval("mean", 0.5, 0.1, 10, level=95)
    with pytest.raises(ValueError, match="method"):
        interval("share", 0.5, 0.1, 10, n_effective=9, method="wilson")


@pytest.mark.parametrize("method", ["logit", "beta"])
def test_a_share_beyond_0_and_1_has_an_interval_that_holds_it(method):
    # negative weights: t = 1.9840 at 100 degrees of freedom, from tables
    low, high = interval("share", [-0.02, 1.01, -1e-17], 0.01, 100, n_effective=50, method=method, n=100)
    np.testing.assert_allclose(low[:2], [-0.02 - 0.01984, 1.01 - 0.01984], atol=1e-6)
    np.testing.assert_allclose(high[:2], [-0.02 + 0.01984, 1.01 + 0.01984], atol=1e-6)
    assert (low[2], high[2]) == pytest.approx((0, 1 - 0.025 ** (1 / 50))), "what rounding leaves of 0 is 0"
