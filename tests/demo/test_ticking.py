from __future__ import annotations

import numpy as np
import pytest

from vigie.demo.ticking import count_distribution, draw_some, unconditional

CHANCES = np.array([[0.6, 0.5, 0.2, 0.05]])


def test_chances_given_one_option_at_least_are_those_planted():
    u = unconditional(CHANCES)
    np.testing.assert_allclose(u / (1 - np.prod(1 - u)), CHANCES, rtol=1e-12)


def test_draws_agree_with_the_enumeration_of_all_outcomes():
    u = unconditional(CHANCES)
    n = 200_000
    drawn = draw_some(np.repeat(u, n, axis=0), np.random.default_rng(5))
    code = drawn @ (1 << np.arange(4))
    outcomes = (np.arange(16)[:, None] >> np.arange(4)) & 1
    chance = np.prod(np.where(outcomes, u, 1 - u), axis=1)
    chance[0] = 0
    chance /= chance.sum()
    seen = np.bincount(code, minlength=16) / n
    assert seen[0] == 0
    assert np.all(np.abs(seen - chance) <= 5 * np.sqrt(chance * (1 - chance) / n))


def test_the_distribution_of_the_count_has_the_planted_mean():
    counts = count_distribution(unconditional(CHANCES))
    np.testing.assert_allclose(counts.sum(), 1)
    np.testing.assert_allclose(counts[0] @ np.arange(5), CHANCES.sum(), rtol=1e-12)


def test_chances_that_cannot_always_leave_one_are_refused():
    with pytest.raises(ValueError, match="more than one"):
        unconditional(np.array([[0.3, 0.3]]))
