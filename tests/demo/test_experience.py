"""The order of importance that was planted is found again, and nothing else of the demonstration is drawn anew."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from vigie import run
from vigie.demo.experience import DONT_KNOW, EMPTY, ITEMS, OVERALL, draw_experience, importance
from vigie.demo.survey import draw_survey
from vigie.stats.drivers import drivers
from vigie.stats.moments import moments


def test_the_planted_importance_is_found_in_many_answers():
    drawn = draw_experience(np.ones(40_000, dtype=bool), np.random.default_rng(1))
    marks = np.column_stack([drawn[OVERALL], *(drawn[f"experience_{item}"] for item in ITEMS)])
    known = marks[(marks != DONT_KNOW).all(axis=1)].astype(float)
    unit = np.random.default_rng(2).integers(0, 500, len(known))
    found = drivers(moments(unit, 500, np.ones(len(known)), known), replicates=200)
    planted = importance()
    np.testing.assert_allclose(found.importance, list(planted.values()), atol=0.02)
    assert np.argsort(found.importance).tolist() == np.argsort(list(planted.values())).tolist()


def test_only_who_had_a_contact_gives_marks():
    contacted = np.arange(2000) % 3 > 0
    drawn = draw_experience(contacted, np.random.default_rng(1))
    for marks in drawn.values():
        assert ((marks == EMPTY) == ~contacted).all()
        assert np.isin(marks[contacted], [*range(1, 11), DONT_KNOW]).all()
    assert (drawn["experience_fast"] == DONT_KNOW).any()


def test_a_run_finds_the_planted_order_and_says_what_was_not_asked(folder, tmp_path):
    planted = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["drivers"]["why_satisfied"]
    published = {p.wave: p.folder for p in run.run(folder, out=tmp_path, formats=["html"])}
    found = {w: json.loads((f / "results.json").read_text(encoding="utf-8")) for w, f in published.items()}
    (analysis,) = found["2024"]["drivers"]
    order = [e["attribute"].removeprefix("experience_") for e in analysis["entries"]]
    assert order[:2] == sorted(planted, key=planted.get, reverse=True)[:2]
    inside = [
        e["importance_low"] <= planted[name] <= e["importance_high"]
        for name, e in zip(order, analysis["entries"], strict=True)
    ]
    assert all(inside)
    assert analysis["left_out"] > 0
    assert found["2022"]["drivers"] == []
    assert any("why_satisfied" in note for note in found["2022"]["notes"])
    page = (published["2024"] / "report.en.html").read_text(encoding="utf-8")
    assert "not what causes what" in page


@pytest.mark.parametrize("wave", ["2023", "2024"])
def test_the_other_answers_are_those_that_were_drawn_without_it(truth, folder, wave):
    """A column of the file is what the survey alone draws from its own generator."""
    number = ["2022", "2023", "2024"].index(wave)
    rng = np.random.default_rng((truth.seed, 2, number))
    with (folder / "data" / wave / "survey.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    total, cut = len(rows), len(rows) - truth.plan.respondents
    rng.choice(total, size=cut, replace=False), rng.choice([2, 1], size=cut)  # who does not finish
    drawn = draw_survey(truth, wave, total, rng)
    assert [row["age"] for row in rows] == drawn["age"].tolist()
    assert [row["used.email"] for row in rows] == [str(v) for v in drawn["used.email"]]
