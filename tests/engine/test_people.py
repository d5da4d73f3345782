"""Figures do not depend on how people are streamed: blocks of variables, passes, batches."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest

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
