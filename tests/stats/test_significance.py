"""Differences and their p-values, alone and in families."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.significance import difference, holm


def test_difference_of_two_waves_with_and_without_a_panel(expected, near):
    for kind in ("cluster", "independent"):
        w = expected["waves"][kind]
        cov = w["cov12"] or 0.0
        d, se, _ = difference(w["est"][1], w["se"][1], w["est"][0], w["se"][0], cov=cov)
        near([d, se], [w["diff"], w["se_diff"]])


def test_p_values_of_the_normal_and_of_students_t(expected, near):
    t = expected["api"]["strat_ttest"]
    d, _, p = difference(t["diff"], t["diff"] / t["t"], 0.0, 0.0, df=t["df"])
    near([d, p], [t["diff"], t["p"]])
    near(difference(1.959963984540054, 1.0, 0.0, 0.0)[2], 0.05)


def test_no_spread_no_proof():
    _, se, p = difference([0.5, np.nan, 0.5], [0.0, 0.1, 0.1], 0.4, [0.0, 0.1, 0.1], cov=[0, 0, 0.01], df=[9, 9, 9])
    np.testing.assert_array_equal(se[[0, 2]], 0)
    assert np.isnan(p).all()
    assert np.isnan(difference(1.0, 0.1, 0.0, 0.1, df=0)[2])


def test_holm_by_hand(near):
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    near(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])


def test_families_do_not_mix_and_nan_does_not_count(near):
    p = [[0.01, 0.04, np.nan], [0.03, 0.005, 0.9]]
    near(holm(p, [[0, 0, 0], [1, 1, 1]]), [[0.02, 0.04, np.nan], [0.06, 0.015, 0.9]])


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=12), st.randoms())
def test_holm_keeps_the_order_and_never_lowers_a_p_value(p, random):
    adjusted = holm(p)
    values = np.array(p, dtype=float)
    known = ~np.isnan(values)
    assert (np.isnan(adjusted) == ~known).all()
    assert (adjusted[known] >= values[known]).all()
    assert (adjusted[known] <= 1).all()
    shuffled = list(range(len(p)))
    random.shuffle(shuffled)
    np.testing.assert_array_equal(holm(values[shuffled]), adjusted[shuffled])


def test_what_is_no_p_value_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([1.2])
    with pytest.raises(ValueError, match="do not fit"):
        holm([0.1, 0.2], [0])
