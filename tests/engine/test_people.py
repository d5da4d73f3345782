"""Figures do not depend on how people are streamed: blocks of variables, passes, batches."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest

from line import figure, results, study_folder
from vigie import run
from vigie.engine import blocks, on_duckdb, people, session

ROOT = Path(__file__).parents[1]


def estimates(folder, to):
    shutil.copytree(folder, to)
    published = run.run(to, formats=["html"])
    return {
        (one.wave, e["figure"]): e
        for one in published
        for e in json.loads((one.folder / "results.json").read_text())["estimates"]
    }


@pytest.fixture(params=["tiny", "wide"])
def study(request, tmp_path):
    """A study; and one with a banner whose options overlap, and loops."""
    folder = tmp_path / "study"
    shutil.copytree(ROOT / "studies" / "tiny", folder)
    if request.param == "wide":
        text = (folder / "study.yaml").read_text()
        assert "banner: [sex, age]" in text
        (folder / "study.yaml").write_text(text.replace("banner: [sex, age]", "banner: [sex, used, age]"))
    return folder


@pytest.mark.parametrize(
    ("room", "name", "value"),
    [
        (blocks, "CROSSED", 1),
        (blocks, "LOOKED_UP", 0),
        (blocks, "FEW", 1),
        (people, "HELD", 1),
        (people, "FEW", 1),
        (people, "LONGEST", 0),
        (on_duckdb, "BATCH", 7),
        (session, "KEPT", 0),
    ],
)
def test_figures_are_the_same_however_people_are_streamed(study, tmp_path, monkeypatch, room, name, value):
    before = estimates(study, tmp_path / "before")
    monkeypatch.setattr(room, name, value)
    after = estimates(study, tmp_path / "after")
    assert before.keys() == after.keys()
    for key, one in before.items():
        other = after[key]
        for field in ("value", "se", "ci_low", "ci_high", "n_weighted", "n_effective"):
            a, b = one[field], other[field]
            assert (a is None and b is None) or math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-13), (key, field)
        assert (one["n"], one["letters"], one["flag"]) == (other["n"], other["letters"], other["flag"])


LONG = """
study: long
title: Long
languages: [en]
questions:
QUESTIONS
indicators:
INDICATORS
show: {hide: 1, fragile: 1}
waves: [{id: w, files: {survey: s.csv}}]
"""


def test_passes_hold_no_more_answers_than_they_may(tmp_path, monkeypatch):
    """A mean of a scale of 101 marks holds the sums of each of its answers."""
    scales = range(7)
    scale = "kind: scale, label: Q, scale: {from: 0, to: 100, low: l, high: h}"
    text = LONG.replace("QUESTIONS", "\n".join(f"  - {{id: q{i}, {scale}}}" for i in scales))
    text = text.replace("INDICATORS", "\n".join(f"  - {{id: m{i}, mean: q{i}}}" for i in scales))
    rows = [",".join(map(str, (p, *((17 * p + 31 * i) % 101 for i in scales)))) for p in range(20)]
    files = {"study.yaml": text, "s.csv": "\n".join([f"respondent,{','.join(f'q{i}' for i in scales)}", *rows])}
    held = []

    def fold(engine, table, kernel, **how):
        tallies = fold_.__get__(engine)(table, kernel, **how)
        held.append(sum(a.size for tally in tallies for a in (tally.known, *tally.answers)))
        return tallies

    fold_ = on_duckdb.DuckDB.fold
    monkeypatch.setattr(people, "HELD", 1400)
    monkeypatch.setattr(on_duckdb.DuckDB, "fold", fold)
    found = results(study_folder(tmp_path, files))["w"]
    assert len(held) > 2
    assert max(held) <= 1400
    for i in scales:
        assert figure(found, f"m{i}")["value"] == sum((17 * p + 31 * i) % 101 for p in range(20)) / 20
