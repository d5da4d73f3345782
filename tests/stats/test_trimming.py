"""Trimmed weights keep the margins and the cap, or say which category the cap leaves out of reach."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.trimming import trim
from vigie.stats.weights import NoWeights, calibrate, dummies


def test_trimming_keeps_the_margins_and_the_cap():
    cells = np.array([40.0, 30, 20, 10])
    x, totals = dummies([[0, 0, 1, 1], [0, 1, 0, 1]], [2, 2]), np.array([55.0, 45, 50, 50])
    t = trim(cells, x, totals, cells, spread=1.0, sizes=[2, 2])
    np.testing.assert_allclose((t.calibrated.g * cells) @ x, totals, rtol=1e-11)
    assert t.calibrated.g.max() <= t.cap
    plain = calibrate(cells, x, totals, sizes=[2, 2])
    low, middle, high = np.quantile(np.repeat(plain.g, cells.astype(int)), (0.25, 0.5, 0.75), method="inverted_cdf")
    assert t.cap == middle + (high - low)
    assert t.share == cells[plain.g > t.cap].sum() / cells.sum() > 0
    wide = trim(cells, x, totals, cells, spread=5.0, sizes=[2, 2])
    assert wide.share == 0
    np.testing.assert_array_equal(wide.calibrated.g, plain.g)


def test_a_cap_that_the_margins_do_not_allow_is_refused():
    cells, x = np.array([40.0, 30, 20, 10]), dummies([[0, 0, 1, 1], [0, 1, 0, 1]], [2, 2])
    with pytest.raises(NoWeights) as raised:
        trim(cells, x, [55, 45, 50, 50], cells, spread=0.3, sizes=[2, 2])
    assert raised.value.kind == "out-of-bounds"


@pytest.mark.parametrize(
    ("method", "bounds", "rare", "place"),
    [
        ("logit", (0.3, 3.0), 14.5, (0, 1)),  # nine of ten have a factor of 0.95, and logit stands around 1
        ("raking", (0.95, 3.0), 14.5, (0, 1)),  # the cap is the lower bound
        ("linear", None, 14.5, (0, 1)),
    ],
)
def test_a_cap_below_one_names_who_would_be_missed(method, bounds, rare, place):
    cells, x = np.array([90.0, 10.0]), np.eye(2)
    with pytest.raises(NoWeights) as raised:
        trim(cells, x, [100 - rare, rare], cells, spread=1.0, method=method, bounds=bounds, sizes=[2])
    assert raised.value.kind == "out-of-bounds"
    assert (raised.value.margin, raised.value.category) == place
    assert raised.value.target == pytest.approx(rare)
    assert raised.value.reached == pytest.approx(9.5)
