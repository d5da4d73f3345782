"""Indices: the mean of a wave with that of the reference as 100, the error of both, and nothing of the mean's scale."""

from __future__ import annotations

import pytest

from line import figure, results, study_folder
from vigie.stats.ratios import index

STUDY = """
study: idx
title: Indices
languages: [en]
show: {hide: 2, fragile: 10}
questions:
  - {id: anger, kind: scale, label: Anger, scale: {from: 1, to: 4, low: None, high: Much}}
indicators:
  - {id: anger, index: anger}
waves:
  - {id: "1", files: {survey: one.csv}}
  - {id: "2", people: fresh, files: {survey: two.csv}}
  - {id: "3", people: fresh, files: {survey: three.csv}}
"""


def wave(low: int, n: int = 60) -> str:
    return "\n".join(["respondent,anger", *(f"{i},{low + i % 3}" for i in range(n))])


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    files = {"study.yaml": STUDY, "one.csv": wave(1), "two.csv": wave(1, 90), "three.csv": wave(2)}
    return results(study_folder(tmp_path_factory.mktemp("idx"), files))


def test_an_index_is_the_mean_on_the_reference_with_the_error_of_both(found):
    then, now = (figure(found[w], "anger", statistic="mean") for w in "13")
    one, three = (figure(found[w], "anger") for w in "13")
    value, se = index(now["value"], now["se"], then["value"], then["se"])
    assert (one["value"], one["se"], one["ci_low"]) == (100, None, None)
    assert (three["value"], three["se"]) == (pytest.approx(float(value)), pytest.approx(float(se)))
    assert three["change"]["difference"] == pytest.approx(now["change"]["difference"] * 100 / then["value"])


def test_an_index_has_no_bands_of_another_scale(found):
    for w in "23":
        assert figure(found[w], "anger", statistic="mean")["bands"], "the mean has a trend"
        index_of = figure(found[w], "anger")
        assert (index_of["bands"], index_of["rolling"]) == ([], None)
        assert index_of["ci_low"] < index_of["value"] < index_of["ci_high"]
