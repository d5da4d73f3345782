"""The schools of California, of which R survey keeps four samples: every design of these, against R's answers.

Values as R 4.2.2, survey 4.1.1 print them; the calls stand beside them.
"""

from __future__ import annotations

import numpy as np
import pytest

from vigie.stats.design import Design
from vigie.stats.design_effects import design_effect
from vigie.stats.estimates import estimate
from vigie.stats.intervals import interval
from vigie.stats.replicates import jackknife
from vigie.stats.sums import sums
from vigie.stats.weights import calibrate, dummies

KINDS = ("E", "H", "M")


def kind(schools):
    return np.array([KINDS.index(t) for t in schools["stype"]])


def figures(schools, u, v, segments=None, weights=None, **design):
    """The figures of one column on a sample of schools, one row each."""
    n = len(u)
    s = sums(np.arange(n), n, schools["pw"] if weights is None else weights, u[:, None], np.asarray(v, float)[:, None])
    made = Design.of(**({"stratum": np.zeros(n), "cell": np.arange(n), "g": np.ones(n)} | design))
    return estimate(s, made, np.ones((1, n), bool) if segments is None else segments)


def ones(schools):
    return np.ones(len(schools["cds"]))


def test_a_simple_random_sample(shared, near):
    srs = shared("data/weighting/apisrs.csv")
    f = figures(srs, ones(srs), srs["api00"], fpc=srs["fpc"])
    # svymean(~api00, svydesign(id=~1, fpc=~fpc, data=apisrs), deff=TRUE)
    near([f.value[0, 0], f.se[0, 0]], [656.585, 9.24972203928281])
    near(design_effect(f.se[0, 0], srs["api00"], srs["pw"], population=srs["pw"].sum()), 1)


def test_strata(expected, shared, near):
    strat, want = shared("data/weighting/apistrat.csv"), expected["api"]["strat_mean"]
    f = figures(strat, ones(strat), strat["api00"], stratum=kind(strat), fpc=strat["fpc"])
    effect = design_effect(f.se[0, 0], strat["api00"], strat["pw"], population=strat["pw"].sum())
    near([f.value[0, 0], f.se[0, 0], effect], want)
    assert f.df[0, 0] == 197


def test_clusters_ratios_shares_and_domains(expected, shared, near):
    clus, want = shared("data/weighting/apiclus1.csv"), expected["api"]
    design = {"cluster": clus["dnum"], "fpc": clus["fpc"]}
    f = figures(clus, ones(clus), clus["api00"], **design)
    effect = design_effect(f.se[0, 0], clus["api00"], clus["pw"], population=clus["pw"].sum())
    near([f.value[0, 0], f.se[0, 0], effect], want["clus_mean"])
    assert f.df[0, 0] == 14
    ratio = figures(clus, clus["enroll"], clus["api.stu"], **design)
    near([ratio.value[0, 0], ratio.se[0, 0]], want["clus_ratio"])
    share = figures(clus, ones(clus), clus["sch.wide"] == "Yes", **design)
    limits = interval("share", share.value[0, 0], share.se[0, 0], share.df[0, 0], n_effective=share.n_effective[0, 0])
    near(limits, want["clus_prop_ci"]["logit"])
    by = figures(clus, ones(clus), clus["api00"], np.array([kind(clus) == k for k in range(3)]), **design)
    # svyby(~api00, ~stype, dclus1, svymean)
    near(by.value[:, 0], [648.868055555556, 618.571428571429, 631.44])
    near(by.se[:, 0], [22.3624088938319, 38.0202493594075, 31.6094652272455])


def test_two_stages(shared, near):
    clus = shared("data/weighting/apiclus2.csv")
    weights = clus["fpc1"] / 40 * clus["fpc2"] / np.minimum(clus["fpc2"], 5)
    near(weights, clus["pw"], rel=1e-6)
    # svymean(~api00, svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2), deff=TRUE)
    f = figures(clus, ones(clus), clus["api00"], weights=weights, cluster=clus["dnum"], fpc=clus["fpc1"],
                fpc_within=clus["fpc2"])  # fmt: skip
    near([f.value[0, 0], f.se[0, 0]], [670.811808118081, 30.0990273768366])
    near(design_effect(f.se[0, 0], clus["api00"], weights, population=weights.sum()), 6.25051375571258)
    assert f.df[0, 0] == 39
    # the same without population sizes: ultimate clusters
    ultimate = figures(clus, ones(clus), clus["api00"], weights=weights, cluster=clus["dnum"])
    near([ultimate.value[0, 0], ultimate.se[0, 0]], [670.811808118081, 30.7115763093288])


@pytest.mark.parametrize(
    ("method", "numeric", "want", "left_out"),
    [
        # calibrate(dclus1, ~stype, pop); as.svrepdesign(dclus1, type="JK1") calibrated likewise
        ("linear", False, (642.310788211582, 23.9204864450904), None),
        # calibrate(dclus1, ~stype+api99, c(pop, api99=3914069))
        ("linear", True, (665.30907116578, 3.44175311640481), 3.94285448376767),
        ("raking", True, (665.39379600015, 3.43775353983483), None),
    ],
)
def test_clusters_calibrated(method, numeric, want, left_out, shared, near):
    clus = shared("data/weighting/apiclus1.csv")
    x, totals = dummies([kind(clus)], [3]), [6194 - 755 - 1018, 755, 1018.0]
    if numeric:
        x, totals = np.column_stack([x, clus["api99"]]), [*totals, 3914069]
    g = calibrate(clus["pw"], x, totals, method=method, sizes=[3, 1] if numeric else [3]).g
    f = figures(clus, ones(clus), clus["api00"], g=g, dummies=x, cluster=clus["dnum"], fpc=clus["fpc"])
    near([f.value[0, 0], f.se[0, 0]], want)
    if left_out is not None:
        replicates = jackknife(clus["pw"], cluster=clus["dnum"], drawn=15 / clus["fpc"])
        moved = replicates.recalibrated(x, totals, method=method)
        mean = moved.variance(lambda w: w @ clus["api00"] / w.sum())
        near(np.sqrt(mean), left_out, rel=1e-8)


def test_strata_raked_and_left_out_one_school_at_a_time(shared, near):
    strat = shared("data/weighting/apistrat.csv")
    x = dummies([kind(strat), strat["sch.wide"] == "Yes"], [3, 2])
    drawn = np.bincount(kind(strat))[kind(strat)] / strat["fpc"]
    replicates = jackknife(strat["pw"], stratum=kind(strat), drawn=drawn)
    mean = replicates.recalibrated(x, [4421, 755, 1018, 1072, 5122]).variance(lambda w: w @ strat["api00"] / w.sum())
    # as.svrepdesign(dstrat, type="JKn"), calibrated on stype and sch.wide with calfun="raking"
    near(np.sqrt(mean), 9.31678701872961, rel=1e-8)
