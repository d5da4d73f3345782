"""Intervals, tests of independence and quantiles on other people's samples, against R's answers."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest

from conftest import SHARED
from vigie.stats.clusters import clustered
from vigie.stats.estimates import Design, covariance
from vigie.stats.independence import rao_scott
from vigie.stats.intervals import interval
from vigie.stats.quantiles import quantile, woodruff
from vigie.stats.sums import sums


def test_the_share_of_schools_in_fifteen_districts(expected, shared, near):
    schools = shared("data/weighting/apiclus1.csv")
    wide, n = (schools["sch.wide"] == "Yes").astype(float), len(schools["pw"])
    district = np.unique(schools["dnum"], return_inverse=True)[1]
    f = clustered(np.zeros(n), 1, district).ratios(schools["pw"], np.ones((n, 1)), wide[:, None])
    clusters = district.max() + 1
    # districts were drawn without replacement from 757
    se = f.se[0, 0] * np.sqrt(1 - clusters / schools["fpc"][0])
    share = {"n_effective": f.n_effective[0, 0], "method": "beta", "n": n}
    near(interval("share", f.value[0, 0], se, clusters - 1, **share), expected["api"]["clus_prop_ci"]["beta"])


def test_independence_of_targets_and_types_of_schools(expected, shared, near):
    schools, want = shared("data/weighting/apistrat.csv"), expected["rao_scott"]
    kind, wide = (np.unique(schools[name], return_inverse=True)[1] for name in ("stype", "sch.wide"))
    v = np.eye(6)[wide * 3 + kind]
    s = sums(kind, 3, schools["pw"], np.ones_like(v), v, cross=True)
    value, cov = covariance(s, Design.of(stratum=np.arange(3)), np.ones(3, dtype=bool))
    found = rao_scott(value.reshape(2, 3), cov, len(v), 197)
    near([found.F, found.ndf, found.ddf, found.p], [want["F"], want["ndf"], want["ddf"], want["p"]])


def test_quartiles_of_schools(expected, shared):
    schools = shared("data/weighting/apistrat.csv")
    found = quantile(schools["api00"], schools["pw"], [0.25, 0.5, 0.75])
    np.testing.assert_array_equal(found, expected["quantiles"])


SCRIPT = """
suppressMessages({library(survey); library(jsonlite)})
d <- read.csv(commandArgs(TRUE)[1])
x <- svydesign(ids = ~psu, strata = ~stratum, weights = ~wgt, data = d)
p <- c(.05, .25, .5, .75, .95)
q <- function(type) as.matrix(svyquantile(~income, x, p, interval.type = type, qrule = "math")[[1]][, 1:3])
cat(toJSON(sapply(c("mean", "xlogit", "beta"), q, simplify = FALSE), digits = NA))
"""


def test_quantiles_of_incomes_of_households_in_clusters(shared, near):
    path = SHARED / "data" / "weighting" / "quantiles_input.csv"
    households = shared("data/weighting/quantiles_input.csv")
    if not shutil.which("Rscript"):
        pytest.skip("Rscript is not here")
    said = subprocess.run(["Rscript", "-e", SCRIPT, str(path)], check=True, capture_output=True, text=True)
    income, w, n = households["income"], households["wgt"], len(households["wgt"])
    q = quantile(income, w, [0.05, 0.25, 0.5, 0.75, 0.95])
    below = (income[:, None] <= q).astype(float)
    # clusters' totals of what linearisation leaves, by stratum
    share = w @ below / w.sum()
    stratum, cluster = (np.unique(households[k], return_inverse=True)[1] for k in ("stratum", "psu"))
    total = np.zeros((cluster.max() + 1, 5))
    np.add.at(total, cluster, w[:, None] * (below - share) / w.sum())
    of = np.zeros(len(total), dtype=int)
    of[cluster] = stratum
    size, mean = np.bincount(of)[:, None], np.array([np.bincount(of, t) for t in total.T]).T / np.bincount(of)[:, None]
    apart = np.array([np.bincount(of, t) for t in ((total - mean[of]) ** 2).T]).T
    se, df = np.sqrt((size / (size - 1) * apart).sum(axis=0)), len(total) - len(size)
    for name, want in json.loads(said.stdout).items():
        scale = {"xlogit": "logit"}.get(name, name)
        low, high = woodruff(income, w, share, se, df, scale=scale, n=n)
        near(np.column_stack([q, low, high]), want)
