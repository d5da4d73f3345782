"""Degrees of freedom and bases of figures that stand on few sampling units, and tests that these do not allow."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from line import figure, results, study_folder

STUDY = """
study: few
title: Few
languages: [en]
questions:
  - {id: yes, kind: single, label: "Complained?", options: {y: Yes, n: No}}
  - {id: mark, kind: scale, label: Mark, scale: {from: 0, to: 10, low: l, high: h}}
indicators:
  - {id: complained, share: yes == y, rolling: 2}
  - {id: indexed, index: mark, reference: "1"}
imports:
  people: {respondent: respondent DRAWN}
waves:
  - {id: "1", files: {survey: {path: one.csv, import: people}}}
  - {id: "2", people: PEOPLE, files: {survey: {path: two.csv, import: people}}}
"""


def waves(folder, one, two, *, drawn="", people="fresh", marks=((), ()), schools=("s", "s")):
    """Results of two waves of answers, yes or not, of people who stand in four schools in their order."""
    files = {"study.yaml": STUDY.replace(" DRAWN", drawn).replace("PEOPLE", people)}
    for name, said, given, school in zip(("one.csv", "two.csv"), (one, two), marks, schools, strict=True):
        rows = [
            f"{i},{school}{i * 4 // len(said)},{'ny'[y]},{given[i] if len(given) else 5}" for i, y in enumerate(said)
        ]
        files[name] = "\n".join(["respondent,school,yes,mark", *rows])
    return results(study_folder(folder, files))


def some(yes, of):
    return [int(i < yes) for i in range(of)]


def test_a_wave_in_which_nobody_said_so_is_not_known_for_certain(tmp_path):
    found = waves(tmp_path, some(0, 100), some(4, 100))
    change = figure(found["2"], "complained")["change"]
    assert change["difference"] == pytest.approx(0.04)
    assert (change["p"], change["verdict"], change["reason"]) == (None, "untested", "no_spread")


def test_a_share_of_nobody_in_few_clusters_stands_on_these(tmp_path):
    drawn = waves(tmp_path / "drawn", some(0, 200), some(0, 200), drawn=", cluster: school", people="same")["2"]
    alone = waves(tmp_path / "alone", some(0, 200), some(0, 200), people="same")["2"]
    for found, units in ((drawn, 4), (alone, 200)):
        one = figure(found, "complained")
        limit = 1 - 0.025 ** (1 / units)  # Clopper and Pearson on so many
        assert one["ci_high"] == pytest.approx(limit)
        assert one["rolling"]["ci_high"] == pytest.approx(limit)  # the same people twice are no more of them


def test_a_change_between_waves_of_few_clusters_has_their_degrees_of_freedom(tmp_path):
    one, two = ([int(i < k) for k in yes for i in range(50)] for yes in ([10, 15, 20, 25], [30, 22, 33, 25]))
    found = waves(tmp_path, one, two, drawn=", cluster: school", schools=("s", "t"))
    now, then = (figure(found[w], "complained") for w in ("2", "1"))
    change = now["change"]
    assert (now["df"], then["df"]) == (3, 3)
    assert change["se"] == pytest.approx(np.hypot(now["se"], then["se"]))
    assert change["p"] == pytest.approx(2 * student.sf(change["difference"] / change["se"], 6))
    for band, own in zip(now["bands"], (then, now), strict=True):
        assert band["low"] < own["ci_low"]
        assert own["ci_high"] < band["high"]


def test_the_interval_of_an_index_knows_that_the_same_people_answered(tmp_path):
    rng = np.random.default_rng(5)
    first = rng.integers(2, 9, 200)
    second = first + (rng.random(200) < 0.3)
    found = waves(tmp_path, some(60, 200), some(60, 200), people="same", marks=(first, second))["2"]
    index = next(e for e in found["estimates"] if e["indicator"] == "indexed" and e["unit"] == "index")
    low, high = first.mean(), second.mean()
    apart = 100 * ((second - high) / low - high * (first - low) / low**2)  # the ratio linearised, person by person
    assert index["value"] == pytest.approx(100 * high / low)
    assert index["se"] == pytest.approx(np.sqrt(200 / 199 * (apart**2).sum()) / 200, rel=1e-6)
    assert index["ci_low"] == pytest.approx(index["value"] - student.ppf(0.975, 398) * index["se"])
