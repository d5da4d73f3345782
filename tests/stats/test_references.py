"""Figures, standard errors and intervals of `tests/reference`, whose answers R has written; and R asked again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from reference_people import REFERENCE, design_of, numbered
from vigie.stats.design_effects import effective_base
from vigie.stats.estimates import contrast, covariance, estimate, interval, segment_covariance
from vigie.stats.sums import sums

ELSEWHERE = {"delays", "designs"}  # asked by test_survival and by test_drawn_designs
SCRIPTS = sorted({p.stem for p in REFERENCE.glob("*.R")} - ELSEWHERE)


@pytest.fixture(params=["plain", "raked", "bounded", "alone", "alone_raked"])
def survey(request, reference):
    """One design of `survey.R` in Vigie's terms, with R's answers."""
    want, people, drawn = reference("survey.json"), reference("people.csv"), reference("evaluations.csv")
    n = len(people["d"])
    u, v = np.ones((n, 4)), np.column_stack([people["y"], people["x"], np.zeros((n, 2))])
    weight, person = drawn["eligible"] / drawn["asked"], drawn["person"].astype(int) - 1
    for c, channel in enumerate(("phone", "email"), start=2):
        own = drawn["channel"] == channel
        u[:, c], v[:, c] = 0, 0
        np.add.at(u[:, c], person[own], weight[own])
        np.add.at(v[:, c], person[own], (weight * (drawn["mark"] >= 7))[own])
    name, segment = request.param, numbered(people["segment"])
    group, design = design_of(
        people, raked=name not in {"plain", "alone"}, split=segment,
        stratum="alone" if name.startswith("alone") else "stratum",
        bounds=tuple(want["bounds"]) if name == "bounded" else None,
    )  # fmt: skip
    groups = np.arange(len(design.stratum))
    s = sums(group, len(groups), people["d"], u, v, cross=True)
    segments = np.vstack([groups >= 0, *(groups % 3 == k for k in range(3))])
    return want[name], s, design, segments, people["d"] * design.g[design.cell[group]]


def test_weights(survey, near):
    want, _, _, _, weights = survey
    near(weights, want["weights"])


def test_figures_of_all_and_of_segments(survey, near):
    want, s, design, segments, weights = survey
    f = estimate(s, design, segments)
    near(f.value[0, :2], want["value"])
    near(f.se[0, :2], want["se"])
    near(f.value[1:, :2], want["by_value"])
    near(f.se[1:, :2], want["by_se"])
    assert f.df[0, 0] == want["df"]
    assert f.df[1:, 0].tolist() == want["by_df"]
    near(f.n_effective[0, 0], effective_base(weights.sum(), (weights**2).sum()))
    np.testing.assert_array_equal(f.n[1:, 0].sum(), f.n[0, 0])


def test_interval_of_a_share(survey, near):
    want, s, design, segments, _ = survey
    f = estimate(s, design, segments)
    low, high = interval("share", f.value[:, 0], f.se[:, 0], f.df[:, 0], n_effective=f.n_effective[:, 0])
    near([low[0], high[0]], want["interval"])
    # R's own interval comes from a regression whose iterations end at 1e-8
    near(np.column_stack([low[1:], high[1:]]), want["by_interval"], rel=1e-8)


@pytest.mark.parametrize(("segment", "key"), [(0, "channels"), (1, "channels_north")])
def test_channels_that_share_people(survey, segment, key, near):
    want, s, design, segments, _ = survey
    value, cov = covariance(s.take([2, 3]), design, segments[segment])
    near(value, want[key]["value"][:2])
    near(np.sqrt(np.diag(cov)), want[key]["se"][:2])
    near(contrast(value, cov, [1, -1]), [want[key]["value"][2], want[key]["se"][2]])


def test_difference_between_segments(survey, near):
    want, s, design, segments, _ = survey
    value, cov = segment_covariance(s, design, segments[1:3])
    near(contrast(value, cov, [1, -1]), [want["between"]["difference"], want["between"]["se"]])


@pytest.mark.parametrize(("generator", "files"), [("generate.py", 7), ("waves.py", 2)])
def test_the_data_are_what_the_generator_makes(generator, files, tmp_path):
    subprocess.run([sys.executable, str(REFERENCE / generator), str(tmp_path)], check=True)
    made = list(tmp_path.iterdir())
    assert len(made) == files
    for path in made:
        assert path.read_bytes() == (REFERENCE / path.name).read_bytes(), path.name


def packages():
    script = 'quit(status = !all(sapply(c("survey", "jsonlite", "MASS"), requireNamespace, quietly = TRUE)))'
    return subprocess.run(["Rscript", "-e", script], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", SCRIPTS)
def test_r_still_says_so(name, tmp_path):
    missing = "" if shutil.which("Rscript") and packages() else "Rscript with survey, jsonlite and MASS is not here"
    if missing and os.environ.get("VIGIE_CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    subprocess.run(["Rscript", str(REFERENCE / f"{name}.R"), str(tmp_path)], check=True, capture_output=True)
    now, committed = (json.loads((f / f"{name}.json").read_text(encoding="utf-8")) for f in (tmp_path, REFERENCE))
    now.pop("versions"), committed.pop("versions")
    agree(now, committed)


def agree(one, other):
    """The same tree, numbers to 1e-9."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            agree(one[key], other[key])
    elif isinstance(one, str) or (isinstance(one, list) and one and isinstance(one[0], str)):
        assert one == other
    else:
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-14)
