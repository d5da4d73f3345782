"""What designs and weights cost; agreement of design effects with R is in `tests/real/test_designs.py`."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.design_effects import design_effect, effective_base, kish


def test_kish(expected, near):
    w = np.array([10.0] + [1.0] * 9)
    near(effective_base(w.sum(), (w**2).sum()), expected["kish_neff_10_1x9"])
    near(kish(10, w.sum(), (w**2).sum()), 1 + w.var() / w.mean() ** 2)
    assert effective_base(0.0, 0.0) == 0
    assert np.isnan(kish(0, 0.0, 0.0))


def test_a_value_that_never_varies_has_no_design_effect():
    weights = np.random.default_rng(1).uniform(1, 3, 50)
    varied = np.arange(50.0)
    effects = design_effect(
        np.full(4, 0.1), np.column_stack([np.full((50, 3), [0.1, 14.3, 1e6 + 0.1]), varied]), weights
    )
    np.testing.assert_array_equal(np.isnan(effects), [True, True, True, False])
    assert np.isnan(design_effect(0.0, np.ones(5), np.ones(5)))


def test_a_sample_of_one_or_of_everybody_has_no_design_effect():
    assert np.isnan(design_effect(0.0, [3.0], [2.0]))
    assert np.isnan(design_effect(0.0, np.empty(0), np.empty(0)))
    assert np.isnan(design_effect([0.0, 0.0], [[3.0, 4.0], [5.0, 6.0]], [2.0, 0.0])).tolist() == [True, True]
    assert np.isnan(design_effect(0.0, [1.0, 2.0], np.ones(2), population=2))


def test_what_is_no_sample_is_refused():
    with pytest.raises(ValueError, match="population"):
        design_effect(0.1, np.arange(5), np.ones(5), population=3)
    with pytest.raises(ValueError, match="one row"):
        design_effect(0.1, np.arange(5), np.ones(4))
