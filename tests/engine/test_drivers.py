"""Key drivers from files to results agree with R, count who is left out, and are hidden on few people."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from line import results
from reference_people import NEAR
from vigie.engine import driver_units, on_duckdb
from vigie.engine.driver_units import Places, Units

REFERENCE = Path(__file__).parents[1] / "reference"
WANT = json.loads((REFERENCE / "drivers.json").read_text(encoding="utf-8"))
ATTRIBUTES = ("speed", "welcome", "clarity", "price")

STUDY = """
study: reference
title: Reference
languages: [en]
questions:
  - {id: overall, kind: scale, label: Overall, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: speed, kind: scale, label: Speed, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: welcome, kind: scale, label: Welcome, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: clarity, kind: scale, label: Clarity, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: price, kind: numeric, label: Price}
  - {id: amount, kind: numeric, label: Amount}
drivers:
  - {id: why, label: Satisfaction, of: overall, by: ALL}
show: {hide: 30, fragile: 100}
imports:
  people: {respondent: person, weight: w, stratum: stratum}
waves:
  - {id: w, files: {survey: {path: people.csv, import: people}}}
"""


def run(folder, text="", *, rows=None, of=STUDY):
    """The analyses of the people of the reference, or of some of them."""
    if rows is None:
        with (REFERENCE / "drivers.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    study = of.replace("ALL}", f"[{', '.join(ATTRIBUTES)}]{text}}}")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    return results(folder)["w"]["drivers"]


def ordered(found):
    """The entries in the order of the study."""
    return sorted(found["entries"], key=lambda e: ATTRIBUTES.index(e["attribute"]))


@pytest.mark.parametrize(("method", "name"), [("shapley", "lmg"), ("johnson", "johnson")])
def test_importance_and_performance_agree_with_r(tmp_path, method, name):
    (found,) = run(tmp_path, f", method: {method}")
    entries = ordered(found)
    assert [e["importance"] * found["r2"] for e in entries] == pytest.approx(WANT[name], **NEAR)
    assert found["r2"] == pytest.approx(WANT["r2"], **NEAR)
    assert [e["performance"] for e in entries] == pytest.approx(WANT["mean"], **NEAR)
    half = [(e["performance_high"] - e["performance_low"]) / 2 / 1.96 for e in entries]
    assert half == pytest.approx(WANT["se"], rel=0.1)  # a bootstrap of 1,000 samples
    assert (found["n"], found["left_out"], found["flag"]) == (300, 0, "ok")
    assert found["entries"][0]["attribute"] == "speed"
    assert found["entries"][0]["scale"] == [1, 10]


def test_penalties_and_rewards_agree_with_r(tmp_path):
    (found,) = run(tmp_path, ", method: penalty_reward, low: 5, high: 8")
    entries = ordered(found)
    assert [e["penalty"] for e in entries] == pytest.approx(WANT["penalty"], **NEAR)
    assert [e["reward"] for e in entries] == pytest.approx(WANT["reward"], **NEAR)
    assert found["r2"] == pytest.approx(WANT["penalty_reward_r2"], **NEAR)
    assert all(e["penalty_low"] <= e["penalty"] <= e["penalty_high"] for e in entries)
    assert {e["kind"] for e in entries} == {"linear"}


def rows(n, **changes):
    """People whose overall mark is that of the speed; `changes` are cells by the number of the person."""
    rng = np.random.default_rng(3)
    made = []
    for i in range(n):
        speed, welcome, clarity = rng.integers(1, 11, 3)
        row = {"person": i, "w": 1, "stratum": "s", "overall": speed, "speed": speed, "welcome": welcome}
        made.append(row | {"clarity": clarity, "price": 3, "amount": i} | changes.get(f"p{i}", {}))
    return made


def test_people_without_a_mark_are_left_out_and_counted(tmp_path):
    people = rows(60, p3={"overall": ""}, p5={"clarity": ""}, p7={"amount": ""})
    (found,) = run(tmp_path, rows=people)
    assert (found["n"], found["left_out"], found["flag"]) == (58, 2, "fragile")
    first, last = found["entries"][0], found["entries"][-1]
    assert first["attribute"] == "speed"
    assert first["importance"] > 0.9
    assert first["correlation"] == pytest.approx(1)
    assert (last["attribute"], last["importance"], last["correlation"]) == ("price", 0, None)  # the same for all


def test_fewer_people_than_are_shown_have_no_figures(tmp_path):
    (found,) = run(tmp_path, rows=rows(29))
    assert (found["n"], found["flag"], found["entries"], found["r2"]) == (29, "hidden", [], None)


def test_the_base_is_who_meets_the_condition(tmp_path):
    (found,) = run(tmp_path, ', base: "amount >= 20", base_label: people', rows=rows(80))
    assert (found["n"], found["left_out"]) == (60, 0)
    assert found["lineage"]["base"] == "amount >= 20"
    assert found["lineage"]["derived"]


def test_many_people_in_units_have_the_figures_of_people_alone(tmp_path, monkeypatch):
    (alone,) = run(tmp_path)
    monkeypatch.setattr(driver_units, "UNITS", 150)
    monkeypatch.setattr(on_duckdb, "BATCH", 64)
    (tmp_path / "again").mkdir()
    (grouped,) = run(tmp_path / "again")
    for one, other in zip(ordered(alone), ordered(grouped), strict=True):
        assert one["importance"] == pytest.approx(other["importance"], rel=1e-9)
        width, again = (e["importance_high"] - e["importance_low"] for e in (one, other))
        assert width == pytest.approx(again, rel=0.35)


def test_units_hold_each_person_alone_or_some_at_random_whatever_the_batches():
    stratum = np.random.default_rng(1).integers(0, 3, 500)
    for units in (Units.of(np.bincount(stratum)), Units.of(np.bincount(np.repeat(stratum, 20)))):
        split, whole = Places(units), Places(units).of(stratum)
        np.testing.assert_array_equal(np.r_[split.of(stratum[:123]), split.of(stratum[123:])], whole)
    assert sorted(Places(Units.of(np.bincount(stratum))).of(stratum)) == list(range(500))
    stratum = np.repeat([0, 1], [90_000, 60])
    many = Units.of(np.bincount(stratum))
    unit = Places(many).of(stratum)
    assert many.n == len(many.stratum) < driver_units.UNITS + driver_units.FEWEST
    np.testing.assert_array_equal(many.stratum[unit], stratum)
    assert np.bincount(unit[:90_000]).std() < 2 * np.sqrt(90_000 / driver_units.UNITS)


def test_a_wave_that_did_not_ask_for_a_mark_says_so(tmp_path):
    (tmp_path / "old.yaml").write_text("questions:\n  - {id: clarity, remove: true}\n", encoding="utf-8")
    text = STUDY.replace("import: people}}", "import: people}}, instrument: old.yaml")
    with (REFERENCE / "drivers.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    assert run(tmp_path, rows=people, of=text) == []
    notes = results(tmp_path)["w"]["notes"]
    assert any('"why" is not in this wave' in note for note in notes)


def drawn(folder, people, reading=""):
    """The analysis of people who were drawn as their import tells."""
    folder.mkdir()
    (found,) = run(folder, rows=people, of=STUDY.replace("stratum: stratum}", f"stratum: stratum{reading}}}"))
    return found


def clusters(each):
    """Forty households of two strata with names of their own in each, `each` people who answer alike."""
    people = rows(40)
    rng = np.random.default_rng(7)
    for i, row in enumerate(people):
        row |= {
            "stratum": "st"[i % 2],
            "home": f"h{i // 2:02}",
            "overall": rng.integers(1, 11),
            "price": rng.integers(9),
        }
    return [row | {"person": f"{row['stratum']}{row['home']}-{k}"} for row in people for k in range(each)]


@pytest.mark.parametrize("units", [2000, 9], ids=["each alone", "several together"])
def test_whole_clusters_are_drawn(tmp_path, monkeypatch, units):
    monkeypatch.setattr(driver_units, "UNITS", units)
    monkeypatch.setattr(driver_units, "FEWEST", 3)
    monkeypatch.setattr(on_duckdb, "BATCH", 7)
    homes = drawn(tmp_path / "one each", clusters(1))
    many = drawn(tmp_path / "clusters", clusters(8), ", cluster: home")
    people = drawn(tmp_path / "people", clusters(8))
    assert (homes["n"], many["n"]) == (40, 320)
    one, other, alone = (sorted(f["entries"], key=lambda e: e["attribute"]) for f in (homes, many, people))
    for k, entry in enumerate(one):  # eight who answer alike tell no more than one of them
        for name in ("importance", "importance_low", "importance_high", "performance_low", "performance_high"):
            assert other[k][name] == pytest.approx(entry[name], rel=1e-9), name
        width, less = (e[k]["performance_high"] - e[k]["performance_low"] for e in (other, alone))
        assert less < width / 2


def test_a_cluster_that_batches_cut_stays_together():
    units = Units.of(np.array([3, 2]))
    stratum, cluster = np.array([0, 0, 0, 0, 0, 1, 1, 1]), pa.array(["a", "b", "b", "b", "c", "c", "d", "d"])
    whole = Places(units).together(stratum, cluster)
    assert whole.tolist() == [0, 1, 1, 1, 2, 3, 4, 4]
    for cut in range(9):
        split = Places(units)
        parts = [split.together(stratum[a:b], cluster[a:b]) for a, b in ((0, cut), (cut, cut), (cut, 8))]
        assert np.concatenate(parts).tolist() == whole.tolist()
