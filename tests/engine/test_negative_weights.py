"""What negative weights leave undefined is missing and told; all the rest of a study stands."""

from __future__ import annotations

import pytest

from line import figure, results, study_folder
from vigie import run

STUDY = """
study: small
title: Small
languages: [en]
banner: [often]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: often, kind: single, label: Often, options: {y: Yes, n: No}}
  - {id: visits, kind: numeric, label: Visits}
  - {id: spent, kind: numeric, label: Spent}
  - {id: glad, kind: scale, label: Glad, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: fast, kind: scale, label: Fast, scale: {from: 1, to: 10, low: l, high: h}}
indicators:
  - {id: often, share: often == y}
  - {id: spent, mean: spent}
  - {id: of_often, mean: glad, base: often == y}
drivers:
  - {id: why, of: glad, by: [fast, visits]}
  - {id: seldom, of: glad, by: [fast, spent], base: often == n}
weighting: {everyone: {method: linear, negative: true, margins: m.csv}}
waves:
  - {id: "1", files: {survey: one.csv}}
  - {id: "2", people: fresh, files: {survey: two.csv}}
"""


def people(pre):
    """90 people of one visit and 10 of eleven: to a mean of a half these weigh -1/2, and the others 7/6 each."""
    rows = [(f"{pre}{k}", "fm"[k % 2], "n", 1, 1 + k % 9, 1 + k % 10, 1 + (k // 2) % 10) for k in range(90)]
    rows += [(f"{pre}o{k}", "fm"[k % 2], "y", 11, 50, 1 + k, 1 + k) for k in range(10)]
    head = "respondent,sex,often,visits,spent,glad,fast"
    return "\n".join([head, *(",".join(map(str, row)) for row in rows)])


@pytest.fixture
def folder(tmp_path):
    files = {"one.csv": people("a"), "two.csv": people("b"), "m.csv": "variable,category,share\nvisits,,0.5\n"}
    return study_folder(tmp_path, {"study.yaml": STUDY, **files})


def test_figures_are_told_and_what_has_no_meaning_is_not(folder):
    for found in results(folder).values():
        assert found["weighting"]["ratio_min"] == pytest.approx(-0.5)
        assert figure(found, "often")["value"] == pytest.approx(-0.05), "10 of -1/2 among 100"
        assert figure(found, "spent")["value"] == pytest.approx((90 * 5 * 7 / 6 - 10 * 50 / 2) / 100)
        assert figure(found, "of_often")["value"] is None, "those in its base weigh -5 together"
        assert not found["mixes"], "no change is taken apart by parts one of which is negative"
        (drivers,) = found["drivers"]
        assert (drivers["id"], drivers["n"]) == ("seldom", 90)
        assert [n for n in found["notes"] if "negative weights" in n] == [
            '"why" is not in this wave: some of its people have negative weights, which drivers cannot have'
        ]


def test_no_median_where_a_number_weighs_less_than_nothing(folder):
    made = run.table(run.load(folder), "spent", ["often", "sex"], wave="1")
    (median,) = (line for line in made.lines if line.kind == "median")
    told = {head.code: cell.value for head, cell in zip(made.columns, median.cells, strict=True)}
    assert told == {"": None, "y": None, "n": 5, "f": None, "m": None}
