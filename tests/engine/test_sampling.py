"""Clusters and population sizes of a survey file reach every figure: R's own samples of clusters, made up again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from line import figure, results, study_folder
from reference_people import QUESTIONS, margins_csv
from small import command

REFERENCE = Path(__file__).parents[1] / "reference"
WANT = json.loads((REFERENCE / "clusters.json").read_text(encoding="utf-8"))
STUDY = """
study: clusters
title: Clusters
languages: [en]
channels: [phone, email]
questions:
QUESTIONS
  - {id: region, kind: single, label: Region, options: {north: N, south: S, west: W}}
indicators:
  - {id: y, share: y == 1}
  - {id: x, mean: x}
banner: [region]
show: {hide: 1, fragile: 2}
imports:
  people: {respondent: person, weight: d, stratum: stratum, cluster: cluster, fpc: fpc}
waves:
  - {id: w, files: {survey: {path: clusters.csv, import: people}}}
""".replace("QUESTIONS", QUESTIONS)


def folder(tmp_path, study):
    files = {"study.yaml": study, "clusters.csv": (REFERENCE / "clusters.csv").read_text(encoding="utf-8")}
    return study_folder(tmp_path, files | {"margins.csv": margins_csv(WANT["shares"], "share")})


@pytest.mark.parametrize("name", ["clusters", "sizes", "raked", "numeric", "alone"])
def test_clusters_population_sizes_and_calibration_agree_with_r(tmp_path, name):
    study, want = STUDY, WANT[name]
    if name == "clusters":
        study = study.replace(", fpc: fpc", "")
    if name == "alone":
        study = study.replace("stratum: stratum", "stratum: alone").replace(", fpc: fpc", "")
    if name == "raked":
        study += "weighting: {everyone: {margins: margins.csv}}\n"
    made = folder(tmp_path, study)
    if name == "numeric":
        text = margins_csv({**WANT["shares"], "x": {"": WANT["mean_x"]}}, "share")
        (tmp_path / "margins.csv").write_text(text)
        (tmp_path / "study.yaml").write_text(study + "weighting: {everyone: {method: linear, margins: margins.csv}}\n")
    found = results(made)["w"]
    for k, indicator in enumerate(("y", "x")):
        whole = figure(found, indicator)
        assert whole["value"] == pytest.approx(want["value"][k], rel=1e-9)
        assert whole["se"] == pytest.approx(want["se"][k], rel=1e-9, abs=1e-12)
    for s, region in enumerate(("north", "south", "west")):
        part = figure(found, "y", region=region)
        assert [part["value"], part["se"]] == pytest.approx([want["by_value"][s], want["by_se"][s]], rel=1e-9)
        assert [part["ci_low"], part["ci_high"]] == pytest.approx(want["by_interval"][s], rel=1e-7)
        assert part["df"] == want["by_df"][s]
    share = figure(found, "y")
    # R's own interval comes from a regression whose iterations end at 1e-8
    assert [share["ci_low"], share["ci_high"]] == pytest.approx(want["interval"], rel=1e-8)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("fpc: fpc", "fpc: wrong"), "several population sizes"),
        (("fpc: fpc", "fpc: few"), "in the sample, and"),
        (
            ("stratum: stratum", "lonely: fail, stratum: alone"),
            'In wave w 1 stratum has one cluster, whose spread nobody can tell: "z".',
        ),
    ],
)
def test_a_design_that_cannot_be_is_told(tmp_path, monkeypatch, change, said):
    study = STUDY.replace(*change)
    if "alone" in change[1]:
        study = study.replace(", fpc: fpc", "")
    (problem,) = command(monkeypatch, "run", folder(tmp_path, study), "--formats", "html").problems[:1]
    assert problem.code == "design"
    assert said in problem.message
    assert problem.hint
    assert problem.file.startswith("clusters.csv")
