"""The whole line, from files to results.json, agrees with R's survey package on data of the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from line import figure, results
from reference_people import NEAR, STUDY, margins_csv, write_people

REFERENCE = Path(__file__).parents[1] / "reference"
SURVEY = json.loads((REFERENCE / "survey.json").read_text(encoding="utf-8"))
MYSTERY = json.loads((REFERENCE / "mystery.json").read_text(encoding="utf-8"))


def only_wave(folder: Path, text: str) -> dict:
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return results(folder)["w"]


def weighted(folder: Path, bounds: str = "") -> str:
    (folder / "margins.csv").write_text(margins_csv(SURVEY["margins"]), encoding="utf-8")
    return STUDY + f"weighting: {{everyone: {{margins: margins.csv{bounds}}}}}\n"


@pytest.mark.parametrize("design", ["plain", "raked", "bounded", "alone", "alone_raked"])
def test_shares_means_and_domains_agree_with_r(tmp_path, design):
    total = write_people(tmp_path, stratum="alone" if design.startswith("alone") else "stratum")
    text = STUDY if design in ("plain", "alone") else weighted(tmp_path)
    if design == "bounded":  # Vigie's bounds are on weight / base weight once the margins are scaled to the sample
        scale = total / sum(SURVEY["margins"]["sex"].values())
        low, high = (b * scale for b in SURVEY["bounds"])
        text = weighted(tmp_path, f", bounds: [{low!r}, {high!r}]")
    found, expected = only_wave(tmp_path, text), SURVEY[design]
    for k, indicator in enumerate(("y", "x")):
        whole = figure(found, indicator)
        assert whole["value"] == pytest.approx(expected["value"][k], **NEAR)
        assert whole["se"] == pytest.approx(expected["se"][k], **NEAR)
        for s, segment in enumerate(expected["segments"]):
            part = figure(found, indicator, segment=segment)
            assert part["value"] == pytest.approx(expected["by_value"][s][k], **NEAR)
            assert part["se"] == pytest.approx(expected["by_se"][s][k], **NEAR)
    share = figure(found, "y")
    assert [share["ci_low"], share["ci_high"]] == pytest.approx(expected["interval"], **NEAR)


GRIDLESS = """
study: reference
title: Reference
languages: [en]
channels: [phone, email, chat]
brands: brands.csv
mystery:
  grids: {phone: grid.yaml, email: grid.yaml, chat: grid.yaml}
  out_of: 1
  channel_weights: {phone: 0.62, email: 0.41, chat: 0.23}
  absent_channel: RULE
waves:
  - {id: w, files: {tests: tests.csv}}
"""


@pytest.mark.parametrize("rule", ["renormalise", "zero"])
def test_brand_scores_agree_with_r(tmp_path, rule):
    brands = "\n".join(f"{b},{b},s" for b in MYSTERY["brands"])
    (tmp_path / "brands.csv").write_text(f"brand,name,sector\n{brands}\n", encoding="utf-8")
    grid = "grid: one\ndimensions: [{id: all, label: All, criteria: [{id: score, label: Score}]}]\n"
    (tmp_path / "grid.yaml").write_text(grid, encoding="utf-8")
    rows = (REFERENCE / "mystery.csv").read_text(encoding="utf-8").splitlines()
    lines = ["test," + rows[0], *(f"{i},{row}" for i, row in enumerate(rows[1:]))]
    (tmp_path / "tests.csv").write_text("\n".join(lines), encoding="utf-8")
    found, expected = only_wave(tmp_path, GRIDLESS.replace("RULE", rule)), MYSTERY["constant"][rule]
    for k, brand in enumerate(MYSTERY["brands"]):
        score = figure(found, "mystery_score", brand=brand)
        assert score["value"] == pytest.approx(expected["score"][k], **NEAR)
        assert score["se"] == pytest.approx(expected["cov"][k][k] ** 0.5, **NEAR)
    for k, channel in enumerate(MYSTERY["channels"]):
        mean = figure(found, "mystery_score", channel=channel)
        assert [mean["value"], mean["se"]] == pytest.approx(MYSTERY["channel_means"][k], **NEAR)
