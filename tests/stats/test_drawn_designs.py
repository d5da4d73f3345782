"""Two hundred designs drawn at random, with strata, clusters, population sizes and calibration, agree with R survey."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from vigie.stats.design import Design
from vigie.stats.estimates import contrast, covariance, estimate, segment_covariance
from vigie.stats.replicates import jackknife
from vigie.stats.sums import sums
from vigie.stats.weights import NoWeights, calibrate, dummies

SCRIPT = Path(__file__).parents[1] / "reference" / "designs.R"
BOUNDS = {"logit": (0.4, 2.5), "bounded": (0.5, 2.0)}


@pytest.fixture(scope="module")
def ask():
    """One R for all designs: it answers line by line."""
    rscript = shutil.which("Rscript")
    known = rscript and not subprocess.run(
        [rscript, "-e", 'quit(status = !all(sapply(c("survey", "jsonlite"), requireNamespace, quietly = TRUE)))'],
        check=False, capture_output=True,
    ).returncode  # fmt: skip
    if not known:
        missing = "Rscript with survey and jsonlite is not here"
        pytest.fail(missing) if os.environ.get("VIGIE_CI") else pytest.skip(missing)
    r = subprocess.Popen([rscript, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def asked(design):
        r.stdin.write(json.dumps(design) + "\n")
        r.stdin.flush()
        return json.loads(r.stdout.readline())

    yield asked
    r.stdin.close()
    r.wait()
    r.stdout.close()


def leaving_out(data, shape, x, told):
    """Standard errors of two means and a ratio, by the jackknife, each replicate calibrated as the whole."""
    units = np.array(shape["strata"]) if shape["clustered"] else np.bincount(data["stratum"])
    drawn = None
    if "fpc" in data:
        drawn = data["fpc"] if data["fpc"].max() <= 1 else units[data["stratum"]] / data["fpc"]
    replicates = jackknife(
        data["d"], stratum=data["stratum"], drawn=drawn, cluster=data["cluster"] if shape["clustered"] else None
    )
    if x is not None:
        totals = (calibrated(data, shape)[0] * data["d"]) @ x
        replicates = replicates.recalibrated(
            x, totals, method=told["method"], bounds=told["bounds"], negative=told["method"] == "linear"
        )
    y, z = data["y"], data["z"]
    return np.sqrt(replicates.variance(lambda w: [w @ y / w.sum(), w @ data["x"] / w.sum(), w @ y / (w @ z)]))


shapes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10**6),
        "strata": st.lists(st.integers(1, 7), min_size=1, max_size=4),  # how many clusters each has; some have one
        "clustered": st.booleans(),
        "fpc": st.sampled_from(["none", "sizes", "fractions", "two stages"]),
        "method": st.sampled_from(["none", "raking", "linear", "truncated", "logit", "bounded"]),
        "numeric": st.booleans(),
    }
)


def drawn(shape):
    """People of a design, as columns."""
    rng = np.random.default_rng(shape["seed"])
    cluster_stratum = np.repeat(np.arange(len(shape["strata"])), shape["strata"])
    size = rng.integers(1, 9, len(cluster_stratum))
    cluster = np.repeat(np.arange(len(size)), size)
    n, stratum = len(cluster), cluster_stratum[cluster]
    sex, age, domain = rng.integers(0, 2, n), rng.integers(0, 3, n), rng.integers(0, 3, n)
    mood = rng.normal(0, 0.7, len(size))[cluster]
    x = np.round(rng.gamma(3, 2, n) + mood + 3, 3)
    y = (rng.random(n) < 1 / (1 + np.exp(-mood - 0.5 * sex))).astype(float)
    data = {"stratum": stratum, "cluster": cluster, "d": np.round(rng.uniform(1, 30, n), 3), "sex": sex, "age": age,
            "domain": domain, "x": x, "y": y, "z": rng.integers(1, 4, n).astype(float)}  # fmt: skip
    units = np.array(shape["strata"]) if shape["clustered"] else np.bincount(stratum, minlength=len(shape["strata"]))
    sizes = (units + rng.integers(0, 20, len(units))).astype(float)
    sizes[0] += (sizes == units).all()  # fractions that are all 1 R takes for populations of one
    if shape["fpc"] != "none":
        data["fpc"] = (np.minimum(units / sizes, 1.0) if shape["fpc"] == "fractions" else np.maximum(sizes, 2))[stratum]
    if shape["fpc"] == "two stages" and shape["clustered"]:
        data["fpc2"] = (size + rng.integers(0, 9, len(size)) + 1.0)[cluster]
    return data


def margins(data, shape):
    """The columns to calibrate on and totals that weights not far from the design's reach."""
    rng = np.random.default_rng(shape["seed"] + 1)
    x = dummies([data["sex"], data["age"]], [2, 3])
    if shape["numeric"]:
        x = np.column_stack([x, data["x"]])
    return x, (data["d"] * rng.uniform(0.75, 1.35, len(x))) @ x


def calibrated(data, shape):
    """Factors by person, the matrix, and what R is told."""
    if shape["method"] == "none":
        return np.ones(len(data["d"])), None, {}
    x, totals = margins(data, shape)
    method = {"bounded": "raking", "truncated": "linear"}.get(shape["method"], shape["method"])
    bounds = BOUNDS.get(shape["method"], (0.5, 2.0) if shape["method"] == "truncated" else None)
    sizes = [2, 3, 1] if shape["numeric"] else [2, 3]
    try:
        g = calibrate(data["d"], x, totals, method=method, bounds=bounds, sizes=sizes, negative=True).g
    except NoWeights:
        assume(False)
    told = {"method": method, "bounds": bounds, "totals": [totals[:2].sum(), totals[1], *totals[3:]]}
    return g, x, told


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(shapes)
def test_figures_errors_and_covariances_are_those_of_r(ask, shape):
    data = drawn(shape)
    n = len(data["d"])
    assume(n >= 12)
    for name, many in (("sex", 2), ("age", 3), ("domain", 3)):
        assume((np.bincount(data[name], minlength=many) >= 2).all())
    g, x, told = calibrated(data, shape)
    want = ask({"data": {k: v.tolist() for k, v in data.items()}, "clustered": shape["clustered"],
                "numeric": shape["numeric"], **{k: v for k, v in told.items() if v is not None}})  # fmt: skip
    if "failed" in want:  # bounds that R's own iterations do not reach
        assert "alibration failed" in want["failed"], want["failed"]
        assume(False)
    np.testing.assert_allclose(g * data["d"], want["weights"], rtol=1e-8)
    u = np.column_stack([np.ones(n), np.ones(n), data["z"], data["z"]])
    v = np.column_stack([data["y"], data["x"], data["y"], data["x"]])
    s = sums(np.arange(n), n, data["d"], u, v, cross=True)
    design = Design.of(
        stratum=data["stratum"], cell=np.arange(n), g=g, dummies=x, fpc=data.get("fpc"), fpc_within=data.get("fpc2"),
        cluster=data["cluster"] if shape["clustered"] else None,
    )  # fmt: skip
    segments = np.vstack([np.ones(n, bool), *(data["domain"] == k for k in range(3))])
    f = estimate(s, design, segments)
    assert f.df[0, 0] == want["df"]

    def near(got, wanted):
        np.testing.assert_allclose(got, wanted, rtol=1e-8, atol=1e-10)

    near(f.value[0, :2], want["value"])
    near(f.se[0, :2], want["se"])
    near(f.value[1:, 0], want["by_value"])
    near(f.se[1:, 0], want["by_se"])
    near([f.value[0, 2], f.se[0, 2]], want["ratio"])
    near(contrast(*segment_covariance(s, design, np.vstack([segments[1], ~segments[1]])), [1, -1]), want["between"])
    event(f"left out one by one: {bool(want['jackknife'])}")
    event(f"{shape['method']}, population sizes: {shape['fpc']}")
    if want["jackknife"]:
        near(leaving_out(data, shape, x, told), want["jackknife"])
    near(contrast(*covariance(s.take([2, 3]), design, segments[0]), [1, -1]), want["across"])
