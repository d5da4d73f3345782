"""What is told of several waves together lies on the scale of the figure, as the figure's own interval does."""

from __future__ import annotations

import pytest

from line import figure, results, study_folder

STUDY = """
study: series
title: Series
languages: [en]
show: {hide: 1, fragile: 2}
questions:
  - {id: recommend, kind: scale, label: Recommend, scale: {from: 0, to: 10, low: l, high: h}}
  - {id: mark, kind: scale, label: Mark, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: trust, kind: grid, label: Trust, items: {speed: Speed, care: Care}, scale: {from: 1, to: 5, low: l, high: h}}
  - {id: days, kind: numeric, label: Days, minimum: 0, maximum: 7}
  - {id: price, kind: numeric, label: Price}
indicators:
  - {id: nps, nps: recommend, rolling: 2}
  - {id: mark, mean: mark, rolling: 2}
  - {id: trust, mean: trust, by: trust, rolling: 2}
  - {id: days, mean: days, rolling: 2}
  - {id: price, mean: price, rolling: 2}
  - {id: gap, gap: {expected: mark, experienced: recommend}, rolling: 2}
waves:
  - {id: "1", files: {survey: one.csv}}
  - {id: "2", people: fresh, files: {survey: two.csv}}
"""


def rows(high: bool) -> str:
    """A dozen people, all but one of whom give the highest answer, or the lowest."""
    head = "respondent,recommend,mark,trust_speed,trust_care,days,price"
    most, other = ((10, 10, 5, 5, 7, 9), (6, 4, 1, 2, 1, 1)) if high else ((0, 1, 1, 1, 0, 1), (9, 8, 5, 4, 6, 9))
    return "\n".join([head, *(",".join(map(str, (i, *(other if i == 0 else most)))) for i in range(12))])


ENDS = {
    ("nps", ()): (-1, 1), ("mark", ()): (1, 10), ("trust", (("trust", "speed"),)): (1, 5),
    ("trust", (("trust", "care"),)): (1, 5), ("days", ()): (0, 7),
}  # fmt: skip


@pytest.mark.parametrize("high", [True, False], ids=["at the upper end", "at the lower end"])
def test_bands_and_means_of_waves_stay_on_the_scale(tmp_path, high):
    found = results(study_folder(tmp_path, {"study.yaml": STUDY, "one.csv": rows(high), "two.csv": rows(high)}))["2"]
    for (name, segment), (low, high_) in ENDS.items():
        told = figure(found, name, **dict(segment))
        for one in (*told["bands"], {"low": told["rolling"]["ci_low"], "high": told["rolling"]["ci_high"]}):
            assert low <= one["low"] < one["high"] <= high_, name
        ends = [b["high"] == high_ if high else b["low"] == low for b in told["bands"]]
        assert ends == [True, True], "the limit was cut there"


@pytest.mark.parametrize("name", ["price", "gap"])
def test_what_has_no_scale_has_no_ends(tmp_path, name):
    found = results(study_folder(tmp_path, {"study.yaml": STUDY, "one.csv": rows(True), "two.csv": rows(True)}))["2"]
    told = figure(found, name)
    assert max(b["high"] for b in told["bands"]) > max(told["value"] + told["se"], 0)
