"""Weights and weighted figures on other people's samples, against R's answers and INSEE's own macro."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.estimates import Design, estimate
from vigie.stats.sums import sums
from vigie.stats.weights import calibrate, dummies, effective_base, rake


def whole(s):
    return np.ones((1, s.groups), dtype=bool)


@pytest.mark.parametrize(
    ("method", "bounds"), [("none", ()), ("raking", None), ("truncated_raking_0.4_2.2", (0.4, 2.2))]
)
def test_calibration_on_a_numeric_margin(method, bounds, expected, shared, near):
    units, want = shared("reference/calmar_small.csv"), expected["calibration_small"][method]
    n = len(units["d"])
    x = np.column_stack(
        [
            *(units["category"] == k for k in (1, 2, 3)),
            *(units["sex"] == k for k in (1, 2)),
            *(units["department"] == k for k in (1, 2)),
            units["salary"],
        ]
    ).astype(float)
    s = sums(np.arange(n), n, units["d"], np.ones((n, 1)), units["movies"][:, None])
    design = Design.trivial(n)
    if bounds != ():
        totals = [80, 90, 60, 140, 90, 100, 130, 470000]
        design = Design.of(
            stratum=np.zeros(n), cell=np.arange(n), g=calibrate(units["d"], x, totals, bounds=bounds).g, dummies=x
        )
    f = estimate(s, design, whole(s))
    near([f.value[0, 0], f.se[0, 0]], [want["movies_mean"], want["movies_se"]])
    near(f.n_effective[0, 0], want["kish_neff"])


def test_raked_schools_in_strata_and_their_domains(expected, shared, near):
    schools, want = shared("data/weighting/apistrat.csv"), expected["rake"]
    kind = np.array([["E", "H", "M"].index(t) for t in schools["stype"]])
    broad = (schools["sch.wide"] == "Yes").astype(int)
    cells = np.arange(6)
    s = sums(kind * 2 + broad, 6, schools["pw"], np.ones((len(kind), 1)), schools["api00"][:, None])
    margins = [cells // 2, cells % 2]
    r = rake(s.d, margins, [[4400, 755, 1039], [1072, 5122]])
    design = Design.of(stratum=cells // 2, cell=cells, g=r.g, dummies=dummies(margins, [3, 2]))
    f = estimate(s, design, [cells >= 0, cells % 2 == 0, cells % 2 == 1])
    near(f.value[:, 0], [want["mean"], *want["by"]["mean"]])
    near(f.se[:, 0], [want["se"], *want["by"]["se"]])
    assert f.df == 197


def test_raking_on_the_strata_sample_of_schools_gives_the_weights_of_r(expected, shared, near):
    schools, want = shared("data/weighting/apistrat.csv"), expected["rake"]
    types, wide = ["E", "H", "M"], ["No", "Yes"]
    kind = np.array([types.index(t) for t in schools["stype"]])
    broad = np.array([wide.index(t) for t in schools["sch.wide"]])
    cell, cells = kind * 2 + broad, np.arange(6)
    r = rake(
        np.bincount(cell, weights=schools["pw"], minlength=6),
        [cells // 2, cells % 2],
        [[want["margins"]["stype"][t] for t in types], [want["margins"]["sch.wide"][t] for t in wide]],
    )
    w = schools["pw"] * r.g[cell]
    near(w[:10], want["first_weights"])
    near(w.sum(), want["sum_w"])


@pytest.mark.parametrize(("method", "bounds"), [("raking", None), ("truncated_raking_0.4_2.2", (0.4, 2.2))])
def test_numeric_margins_are_calibrated_too(method, bounds, expected, shared, near):
    units, want = shared("reference/calmar_small.csv"), expected["calibration_small"][method]
    x = np.column_stack(
        [
            *(units["category"] == k for k in (1, 2, 3)),
            *(units["sex"] == k for k in (1, 2)),
            *(units["department"] == k for k in (1, 2)),
            units["salary"],
        ]
    ).astype(float)
    r = calibrate(units["d"], x, [80, 90, 60, 140, 90, 100, 130, 470000], bounds=bounds)
    w = r.g * units["d"]
    near(w, want["weights"], rel=2e-9)
    near(effective_base(w.sum(), (w**2).sum()), want["kish_neff"])
    if bounds is None:  # INSEE's own macro prints four decimals
        np.testing.assert_allclose(w, units["calmar_raking"], atol=1e-4)
