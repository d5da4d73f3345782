"""Weights and weighted figures on other people's samples, against R's answers and INSEE's own macro."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.design_effects import effective_base
from vigie.stats.estimates import Design, estimate
from vigie.stats.sums import sums
from vigie.stats.weights import NoWeights, calibrate, dummies, proportional_fit, rake


def whole(s):
    return np.ones((1, s.groups), dtype=bool)


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
    assert f.df[0, 0] == 197


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


SMALL = {
    "linear": {"method": "linear", "negative": True},
    "raking": {"method": "raking"},
    "logit_0.4_2.2": {"method": "logit", "bounds": (0.4, 2.2)},
    "truncated_0.4_2.2": {"method": "linear", "bounds": (0.4, 2.2)},
    "truncated_raking_0.4_2.2": {"method": "raking", "bounds": (0.4, 2.2)},
}
TOTALS, SIZES = [80, 90, 60, 140, 90, 100, 130, 470000], [3, 2, 2, 1]


def small_matrix(units):
    return np.column_stack(
        [
            *(units["category"] == k for k in (1, 2, 3)),
            *(units["sex"] == k for k in (1, 2)),
            *(units["department"] == k for k in (1, 2)),
            units["salary"],
        ]
    ).astype(float)


@pytest.mark.parametrize("name", SMALL)
def test_fifteen_units_weighted_by_every_method(name, expected, shared, near):
    units, want = shared("reference/calmar_small.csv"), expected["calibration_small"][name]
    r = calibrate(units["d"], small_matrix(units), TOTALS, sizes=SIZES, **SMALL[name])
    w = r.g * units["d"]
    near(w, want["weights"], rel=2e-9)
    near(effective_base(w.sum(), (w**2).sum()), want["kish_neff"], rel=2e-9)
    printed = name.split("_")[0]
    if f"calmar_{printed}" in units:  # INSEE's own macro prints four decimals
        np.testing.assert_allclose(w, units[f"calmar_{printed}"], atol=1e-4)


@pytest.mark.parametrize("name", SMALL)
def test_the_standard_error_after_every_method(name, expected, shared, near):
    units, want = shared("reference/calmar_small.csv"), expected["calibration_small"][name]
    n, x = len(units["d"]), small_matrix(units)
    g = calibrate(units["d"], x, TOTALS, sizes=SIZES, **SMALL[name]).g
    s = sums(np.arange(n), n, units["d"], np.ones((n, 1)), units["movies"][:, None])
    f = estimate(s, Design.of(stratum=np.zeros(n), cell=np.arange(n), g=g, dummies=x), whole(s))
    near([f.value[0, 0], f.se[0, 0]], [want["movies_mean"], want["movies_se"]])


def test_linear_weights_are_refused_where_one_is_negative(shared):
    units = shared("reference/calmar_small.csv")
    with pytest.raises(NoWeights) as raised:
        calibrate(units["d"], small_matrix(units), TOTALS, sizes=SIZES, method="linear")
    assert raised.value.kind == "negative"
    assert raised.value.reached == pytest.approx(-0.0708370777691)


@pytest.mark.parametrize(
    ("column", "how"),
    [
        ("weight_cal_lin", {"method": "linear"}),
        ("weight_cal_raking", {"method": "raking"}),
        ("weight_cal_logit", {"method": "logit", "bounds": (0.2, 1.3)}),
    ],
)
def test_a_thousand_units_have_the_weights_of_calmar(column, how, shared):
    units, margins = shared("reference/calmar_1000.csv"), shared("reference/calmar_1000_margins.csv")
    blocks, totals, sizes = [], [], []
    for at, (name, n) in enumerate(zip(margins["var"], margins["n"].astype(int), strict=True)):
        values = units[str(name)]
        blocks += [values == k + 1 for k in range(n)] or [values]
        totals += [float(margins[f"mar{k + 1}"][at]) for k in range(max(n, 1))]
        sizes.append(max(n, 1))
    r = calibrate(units["weight"], np.column_stack(blocks).astype(float), totals, sizes=sizes, **how)
    np.testing.assert_allclose(r.g * units["weight"], units[column], rtol=2e-9)


def cells_of(columns):
    """Cells of several columns of texts: the category of each cell, the cell of each person, the categories."""
    found = [np.unique(c, return_inverse=True) for c in columns]
    categories, cell = np.unique(np.stack([at for _, at in found]), axis=1, return_inverse=True)
    return list(categories), cell.ravel(), [names.tolist() for names, _ in found]


GERMAN = {
    "vote2013": {
        "ABSTAIN": 18.5, "AfD": 3.4, "CDU/CSU": 29.7, "DIE LINKE": 6.1, "FDP": 3.4, "GRUENE": 6.0, "INELIGIBLE": 5.0,
        "SPD": 18.4, "UNKNOWN": 5.0, "andere Partei": 4.5,
    },
    "gender": {"Female": 50.5, "Male": 49.5},
    "eastwest": {"East Germany": 19.5, "West Germany": 80.5},
}  # fmt: skip


@pytest.mark.parametrize(
    ("margins", "column", "precision"),
    [
        (["vote2013"], "gles17_expected_one_margin.csv", 1e-12),
        # whoever made the weights stopped where a party was 0.007 points from its target
        (["vote2013", "gender", "eastwest"], "gles17_expected_three_margins.csv", 0.0025),
    ],
)
def test_a_german_electorate_has_the_weights_that_others_gave_it(margins, column, precision, shared):
    people = shared("data/weighting/gles17.csv")
    (want,) = shared(f"data/weighting/{column}").values()
    categories, cell, names = cells_of([people[m] for m in margins])
    total = np.bincount(cell).astype(float)
    targets = [
        [GERMAN[m][k] / sum(GERMAN[m].values()) * total.sum() for k in n] for m, n in zip(margins, names, strict=True)
    ]
    np.testing.assert_allclose(rake(total, categories, targets).g[cell], want, atol=precision, rtol=0)


def test_an_american_poll_is_raked_to_the_census(shared):
    poll, census = shared("data/weighting/dec13_excerpt.csv"), shared("data/weighting/acs_2017_excerpt.csv")
    margins = ["sex", "recage", "receduc"]
    known = np.all([np.isin(poll[m], census[m]) for m in margins], axis=0)
    categories, cell, names = cells_of([poll[m][known] for m in margins])
    total = np.bincount(cell).astype(float)
    shares = [
        [census["weight"][census[m] == k].sum() / census["weight"].sum() for k in n]
        for m, n in zip(margins, names, strict=True)
    ]
    r = rake(total, categories, [np.array(s) * total.sum() for s in shares])
    assert known.sum() == 1958
    for m, n, share in zip(margins, names, shares, strict=True):
        reached = [r.g[cell][poll[m][known] == k].sum() / known.sum() for k in n]
        np.testing.assert_allclose(reached, share, rtol=1e-11)
    fitted, _ = proportional_fit(total, categories, [np.array(s) * total.sum() for s in shares])
    np.testing.assert_allclose(r.g, fitted, rtol=1e-9)
