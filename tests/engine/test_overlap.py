"""People who answer in two waves: the whole line agrees with R, and what is declared of them is looked up."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from line import figure, results, study_folder
from reference_people import NEAR, QUESTIONS, margins_csv
from vigie.engine import blocks

REFERENCE = Path(__file__).parents[1] / "reference"
WAVES = json.loads((REFERENCE / "waves.json").read_text(encoding="utf-8"))
STUDY = """
study: panel
title: Panel
languages: [en]
channels: [phone, email]
questions:
QUESTIONS
  - {id: used, kind: multiple, label: Used, options: channels, none: None}
  - {id: mark, kind: scale, label: Mark, per: {channel: used}, scale: {from: 1, to: 10, low: l, high: h}}
indicators:
  - {id: y, share: y == 1, rolling: 2}
  - {id: x, mean: x}
  - {id: high, share: mark >= 7, by: channel}
banner: [sex]
show: {hide: 1, fragile: 2}
imports:
  people: {respondent: person, weight: d, STRATUM, columns: {used: {from: "u_{option}"}, mark: "{channel}"}}
waves:
  - {id: "1", files: {survey: {path: one.csv, import: people}}}
  - {id: "2", files: {survey: {path: two.csv, import: people}}}
""".replace("QUESTIONS", QUESTIONS)
FIGURES = {
    "y": ("y", {}), "x": ("x", {}), "y_f": ("y", {"sex": "f"}), "high_phone": ("high", {"channel": "phone"}),
    "high_email": ("high", {"channel": "email"}),
}  # fmt: skip


def panel(
    folder: Path, name: str, *, raked: bool = False, people: str = "", drawn: str = "", banner: str = "sex",
    margins: tuple[str, ...] = ("sex", "age"),
) -> dict:  # fmt: skip
    """The results of both waves of a panel of the reference; `drawn` is more of how people were drawn."""
    with (REFERENCE / f"waves_{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    text = STUDY.replace("STRATUM, ", f"stratum: stratum, {drawn}" if name == "same" else drawn)
    text = text.replace("banner: [sex]", f"banner: [{banner}]")
    text = text.replace('{id: "2",', f'{{id: "2", people: {people},') if people else text
    people_of = {s: {r["person"] for r in rows if r["stratum"] == s} for s in {r["stratum"] for r in rows}}
    sizes = {s: 2 * len(found) for s, found in people_of.items()}  # half of all were drawn
    files = {}
    for wave, file_name in (("1", "one"), ("2", "two")):
        lines = ["person,stratum,sex,age,d,y,x,size,u_phone,u_email,u_none,phone,email"]
        for row in (r for r in rows if r["wave"] == wave):
            used = [int(row[c] != "") for c in ("phone", "email")]
            head = [*(row[k] for k in ("person", "stratum", "sex", "age", "d", "y", "x")), str(sizes[row["stratum"]])]
            lines.append(",".join([*head, *map(str, used), str(int(not any(used))), row["phone"], row["email"]]))
        files[f"{file_name}.csv"] = "\n".join(lines)
        files[f"margins_{wave}.csv"] = margins_csv({v: WAVES["margins"][wave][v] for v in margins})
    if raked:
        text += 'weighting: {everyone: {margins: "margins_{wave}.csv"}}\n'
    return results(study_folder(folder, files | {"study.yaml": text}))


@pytest.mark.parametrize("raked", [False, True], ids=["base weights", "raked in both waves"])
@pytest.mark.parametrize(
    ("name", "file", "drawn"),
    [
        ("partly", "partly", ""), ("same", "same", ""), ("clusters", "same", "cluster: age, "),
        ("sizes", "same", "fpc: size, "),
    ],
    ids=["some are the same", "all are", "clusters", "from few people"],
)  # fmt: skip
def test_changes_of_a_panel_agree_with_r(tmp_path, name, file, drawn, raked):
    found = panel(tmp_path, file, drawn=drawn, raked=raked)["2"]
    for key, (indicator, segment) in FIGURES.items():
        change = figure(found, indicator, **segment)["change"]
        wanted = WAVES[name]["raked" if raked else "plain"][key]
        assert change["difference"] == pytest.approx(wanted["value"][2], **NEAR), key
        assert change["se"] == pytest.approx(wanted["se"][2], **NEAR), key
        assert "overlap" in change["notes"]


@pytest.mark.parametrize("margins", [("age",), ("sex", "age")], ids=" and ".join)
def test_changes_are_the_same_however_the_banner_is_cut(tmp_path, monkeypatch, margins):
    def changes(folder):
        found = panel(folder, "partly", raked=True, banner="sex, age, used", margins=margins)["2"]
        return {
            (e["indicator"], str(e["segment"])): e["change"]["se"]
            for e in found["estimates"]
            if (e["change"] or {}).get("se")
        }

    whole = changes(tmp_path / "whole")
    monkeypatch.setattr(blocks, "CROSSED", 1)
    cut = changes(tmp_path / "cut")
    assert len(whole) > 15
    assert cut == pytest.approx(whole, **NEAR)


def test_the_shared_file_of_two_waves_agrees_with_r(tmp_path, expected, shared):
    columns = shared("reference/waves_overlap.csv")
    rows = list(zip(*(columns[c].tolist() for c in ("id", "wave", "y", "w")), strict=True))
    files = {
        f"{wave}.csv": "\n".join(["id,y,w", *(f"{i:.0f},{y:.0f},{w!r}" for i, k, y, w in rows if k == wave)])
        for wave in (1, 2)
    }
    text = (
        "study: o\ntitle: O\nquestions: [{id: y, kind: single, label: Y, options: {1: A, 0: B}}]\n"
        "indicators: [{id: y, share: y == 1}]\nimports: {p: {respondent: id, weight: w}}\nwaves:\n"
        '  - {id: "1", files: {survey: {path: 1.csv, import: p}}}\n'
        '  - {id: "2", people: mixed, files: {survey: {path: 2.csv, import: p}}}\n'
    )
    found = results(study_folder(tmp_path, files | {"study.yaml": text}))["2"]
    change = figure(found, "y")["change"]
    assert change["difference"] == pytest.approx(expected["waves"]["cluster"]["diff"], **NEAR)
    assert change["se"] == pytest.approx(expected["waves"]["cluster"]["se_diff"], **NEAR)
    assert found["shared"] == {"wave": "1", "people": 250, "of": 600, "declared": "mixed"}
    assert not found["notes"]


def test_people_declared_fresh_are_other_people(tmp_path):
    found = panel(tmp_path, "partly", people="fresh")["2"]
    now, change = figure(found, "x"), figure(found, "x")["change"]
    assert change["notes"] == []
    then = figure(panel(tmp_path / "again", "partly", people="fresh")["1"], "x")
    assert change["se"] == pytest.approx((now["se"] ** 2 + then["se"] ** 2) ** 0.5)
    assert any('"people: fresh" is declared' in note for note in found["notes"])


@pytest.mark.parametrize(
    ("name", "people", "said"),
    [
        ("partly", "", 'changes are tested with their covariance ("people: fresh" if these are not the same people)'),
        ("partly", "same", '"people: same" is declared, and 120 respondents bear the key of one of wave 1, out of 320'),
    ],
)
def test_what_is_declared_of_people_is_compared_with_their_keys(tmp_path, name, people, said):
    assert any(said in note for note in panel(tmp_path, name, people=people)["2"]["notes"])


def test_people_declared_the_same_whose_keys_differ_are_told(tmp_path):
    folder = tmp_path / "study"
    panel(folder, "same", people="same")
    text = (folder / "two.csv").read_text(encoding="utf-8").splitlines()
    (folder / "two.csv").write_text("\n".join([text[0], *(f"n{line}" for line in text[1:])]), encoding="utf-8")
    found = results(folder)["2"]
    assert any("no respondent bears the key of one of wave 1" in note for note in found["notes"])
    assert figure(found, "x")["change"]["notes"] == []


def test_the_mean_of_two_waves_knows_who_answered_both(tmp_path):
    found = panel(tmp_path, "same")
    now, change = figure(found["2"], "y"), figure(found["2"], "y")["change"]
    then = figure(found["1"], "y")
    rolling = now["rolling"]
    assert rolling["waves"] == ["1", "2"]
    assert rolling["value"] == pytest.approx((now["value"] + then["value"]) / 2)
    # Var(a + b)/4 and Var(b - a) sum to the two variances
    assert 4 * rolling["se"] ** 2 + change["se"] ** 2 == pytest.approx(2 * (now["se"] ** 2 + then["se"] ** 2))
    assert rolling["ci_low"] < rolling["value"] < rolling["ci_high"]


def test_a_band_holds_all_waves_of_a_run_at_once(tmp_path):
    found = panel(tmp_path, "same")
    now = figure(found["2"], "x")
    assert [b["wave"] for b in now["bands"]] == ["1", "2"]
    last = now["bands"][-1]
    assert last["low"] < now["ci_low"]
    assert now["ci_high"] < last["high"]
    assert figure(found["1"], "x")["bands"] == []
