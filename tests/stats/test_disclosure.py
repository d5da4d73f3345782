"""Told figures give no secret away, however they are added and subtracted; and nothing harmless is held back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.disclosure import tellable


def test_a_mean_of_three_is_told_and_then_no_mean_of_two_of_them():
    secrets = np.eye(3)
    assert tellable(secrets, [[1 / 3] * 3, [0.5, 0.5, 0]]).tolist() == [True, False]
    assert tellable(secrets, [[0.5, 0.5, 0], [1 / 3] * 3]).tolist() == [True, False]


def test_what_everybody_knows_is_no_secret():
    secrets = np.eye(3)
    assert tellable(secrets, [[0.5, 0.5, 0]], known=[[1, 0, 0]]).tolist() == [False]  # the second would follow
    assert tellable(secrets, [[1, 0, 0]], known=[[1, 0, 0]]).tolist() == [True]


def test_figures_that_say_nothing_new_are_told():
    assert tellable(np.eye(2), [[1, 1], [2, 2], [0, 0]]).tolist() == [True, True, True]


def test_a_score_over_channels_does_not_give_a_channel_away_that_one_brand_lacks():
    # amounts: brand a on two channels, b and c on both, d on the first alone
    names = [("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1), ("c", 2), ("d", 1)]
    secrets = np.vstack([np.eye(7), [[0.5, 0.5, 0, 0, 0, 0, 0], [0, 0, 0.5, 0.5, 0, 0, 0], [0, 0, 0, 0, 0.5, 0.5, 0]]])
    whole = np.array([0.125] * 6 + [0.25])
    first, second = (np.array([float(c == k) for _, c in names]) for k in (1, 2))
    # 8 × whole - (first + second) is d on its one channel
    assert tellable(secrets, [whole, first / 4, second / 3]).tolist() == [True, True, False]


@given(st.data())
def test_no_sum_or_difference_of_what_is_told_is_a_secret(data):
    amounts = data.draw(st.integers(2, 7))
    masks = data.draw(st.lists(st.lists(st.booleans(), min_size=amounts, max_size=amounts), min_size=1, max_size=7))
    figures = np.array([np.array(m, dtype=float) / max(sum(m), 1) for m in masks])
    told = tellable(np.eye(amounts), figures)
    known = figures[told]
    for k in range(amounts):
        secret = np.eye(amounts)[k]
        found = np.linalg.lstsq(known.T, secret, rcond=None)[0] if len(known) else np.zeros(0)
        away = secret - (known.T @ found if len(known) else 0)
        assert np.linalg.norm(away) > 1e-6
    for k in np.flatnonzero(~told):  # each that is held back would have given something away
        wider = np.vstack([known, figures[k]])
        exact = [np.linalg.matrix_rank(np.vstack([wider, e])) == np.linalg.matrix_rank(wider) for e in np.eye(amounts)]
        assert any(exact)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        tellable(np.eye(2), [[1, 2, 3]])
