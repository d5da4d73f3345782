"""Waves of which only printed figures are left, and indices on a reference wave."""

from __future__ import annotations

import json

import pytest

from engine_sources import study, table
from line import figure, results, study_folder
from vigie import run

STUDY = """
study: printed
title: Printed
languages: [en]
channels: [phone, email]
show: {hide: 2, fragile: 10}
questions:
  - {id: glad, kind: single, label: Glad, options: {y: Yes, n: No}}
  - {id: mark, kind: scale, label: Mark, scale: {from: 0, to: 10, low: Bad, high: Good}}
  - {id: used, kind: multiple, label: Used, options: channels}
indicators:
  - {id: glad, share: glad == y}
  - {id: usage, share: used}
  - {id: mark, mean: mark}
  - {id: nps, nps: mark}
imports:
  p: {respondent: id, columns: {glad: g, mark: m, used: {from: "u_{option}"}}}
waves:
  - {id: "2020", mode: web, field: [2020-01-01, 2020-01-31], published: old.csv}
  - {id: "2022", files: {survey: {path: s.csv, import: p}}}
  - {id: "2024", people: fresh, files: {survey: {path: s.csv, import: p}}}
"""
OLD = """indicator,value,unit,n,source,channel
glad,61,%,1000,"Report 2020, p. 4",
usage,40,%,,"Report 2020, p. 7",phone
mark,7.2,,5,"Report 2020, p. 9",
nps,12,,,"Report 2020, p. 9",
"""


def folder(path):
    rows = [f"{i},{'y' if i % 3 else 'n'},{i % 11},{i % 2},{(i + 1) % 2}" for i in range(60)]
    return study_folder(path, {"study.yaml": STUDY, "old.csv": OLD, "s.csv": table("id,g,m,u_phone,u_email", rows)})


def test_printed_figures_are_results_without_facts(tmp_path):
    found = results(folder(tmp_path))["2020"]
    assert found["snapshot"] == ""
    glad = figure(found, "glad")
    assert (glad["value"], glad["n"], glad["published"], glad["unit"]) == (pytest.approx(0.61), 1000, True, "share")
    assert (glad["se"], glad["ci_low"], glad["change"], glad["flag"]) == (None, None, None, "ok")
    assert glad["lineage"]["note"] == "Report 2020, p. 4"
    phone = figure(found, "usage", channel="phone")
    assert (phone["part"], phone["n"], phone["value"]) == ("channel", 0, pytest.approx(0.4))
    assert (figure(found, "mark")["value"], figure(found, "mark")["flag"]) == (7.2, "fragile")
    assert figure(found, "nps")["value"] == pytest.approx(0.12)
    (told,) = found["fieldwork"]
    assert (told["published"], told["start"], told["kept"], told["source"]) == ("old.csv", "2020-01-01", 0, "survey")


def test_nothing_is_tested_against_printed_figures(tmp_path):
    found = results(folder(tmp_path))
    for name, segment in (("glad", {}), ("usage", {"channel": "phone"}), ("mark", {})):
        change = figure(found["2022"], name, **segment)["change"]
        assert (change["wave"], change["verdict"], change["reason"]) == ("2020", "untested", "published")
    assert figure(found["2024"], "glad")["change"]["verdict"] == "none"
    assert figure(found["2020"], "glad")["identity"] == figure(found["2022"], "glad")["identity"]


def test_a_printed_wave_is_published_again_when_its_file_changes(tmp_path):
    where = folder(tmp_path)
    first = {p.wave: p.fresh for p in run.run(where, formats=["html"])}
    again = {p.wave: p.fresh for p in run.run(where, formats=["html"])}
    assert (set(first.values()), set(again.values())) == ({True}, {False})
    (where / "old.csv").write_text(OLD.replace("glad,61", "glad,62"), encoding="utf-8")
    (one,) = run.run(where, wave="2020", formats=["html"])
    assert one.fresh
    now = json.loads((one.folder / "results.json").read_text(encoding="utf-8"))
    assert figure(now, "glad")["value"] == pytest.approx(0.62)


def test_printed_parts_are_shares_whatever_their_indicator(tmp_path):
    indicators = (
        '{id: reply, source: reviews, time_to: replied_at, within: ["24 h"]}',
        "{id: way, source: reviews, funnel: {good: stars >= 4, bad: stars < 4}}",
    )
    old = "indicator,value,unit,within,statistic,state\nreply,0.3,,24 h,,\nreply,36,,,median,\n"
    old += "way,60,%,,,good\nway,40,%,,,bad\n"
    rows = [f"{i},a,{1 + i % 5},2024-01-01 00:00,2024-01-01 {10 + i}:00" for i in range(10)]
    now = table("review,brand,stars,published_on,replied_at", rows)
    waves = {"1": {"published": old}, "2": {"reviews": now}}
    found = study(tmp_path, indicators, waves)
    assert (figure(found["1"], "reply", within="24 h")["unit"], figure(found["1"], "reply", within="24 h")["part"]) == (
        "share", "within",
    )  # fmt: skip
    assert figure(found["1"], "reply", statistic="median")["unit"] == "hours"
    assert figure(found["1"], "way", state="good")["value"] == pytest.approx(0.6)
    assert figure(found["2"], "way", state="good")["change"]["reason"] == "published"
    assert figure(found["2"], "reply", statistic="median")["value"] == pytest.approx(14.5)


INDEX = "{id: level, source: reviews, index: stars, by: brandREFERENCE}"


def rated(*marks):
    rows = [f"{i},{b},{m}" for b, given in zip("ab", marks, strict=False) for i, m in enumerate(given, 100 * ord(b))]
    return {"reviews": table("review,brand,stars", rows)}


def indexed(folder, *waves, reference=""):
    told = f", reference: {reference}" if reference else ""
    given = {str(k): wave for k, wave in enumerate(waves, 1)}
    return study(folder, [INDEX.replace("REFERENCE", told)], given)


LOW, HIGH = [1, 2, 3, 2] * 10, [4, 5, 3, 4] * 10


def test_an_index_is_100_at_its_reference_and_holds_the_error_of_both_waves(tmp_path):
    found = indexed(tmp_path, rated(LOW, LOW), rated(HIGH, LOW), rated(HIGH, HIGH))
    first, second = figure(found["1"], "level"), figure(found["2"], "level", brand="a")
    assert (first["value"], first["se"], first["unit"], first["part"]) == (100, None, "index", "")
    assert second["value"] == pytest.approx(100 * 4 / 2)
    now, then = figure(found["2"], "level", statistic="mean", brand="a"), figure(
        found["1"], "level", statistic="mean", brand="a"
    )  # fmt: skip
    assert second["se"] == pytest.approx(100 * (now["se"] ** 2 + 4 * then["se"] ** 2) ** 0.5 / 2)
    assert second["ci_low"] < 200 < second["ci_high"]
    change = figure(found["3"], "level")["change"]
    of_means = figure(found["3"], "level", statistic="mean")["change"]
    assert (change["wave"], change["verdict"], change["p"]) == ("2", "up", of_means["p"])
    assert change["difference"] == pytest.approx(100 * (4 - 3) / 2)
    assert change["se"] == pytest.approx(of_means["se"] * 100 / 2)


def test_the_reference_may_be_another_wave_than_the_first(tmp_path):
    found = indexed(tmp_path, rated(LOW, LOW), rated(HIGH, HIGH), rated(LOW, LOW), reference='"2"')
    assert figure(found["2"], "level")["value"] == 100
    assert figure(found["3"], "level")["value"] == pytest.approx(50)
    assert not [e for e in found["1"]["estimates"] if e["unit"] == "index"]
    assert any("reference, wave 2" in note for note in found["1"]["notes"])


def test_an_index_is_hidden_where_its_reference_is(tmp_path):
    found = indexed(tmp_path, rated(LOW, [3]), rated(HIGH, LOW))
    beta = figure(found["2"], "level", brand="b")
    assert (beta["value"], beta["flag"]) == (None, "hidden")
    assert figure(found["2"], "level", brand="a")["flag"] == "ok"
