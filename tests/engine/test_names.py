"""Any legal id may be a question's: none is mistaken for a column that the engine makes for itself."""

from __future__ import annotations

import random

import pytest

from line import figure, results, study_folder
from vigie import run
from vigie.results.encoding import plain

STUDY = """
study: names
title: Names
languages: [en]
channels: [phone, email]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: age, kind: single, label: Age, options: {a: A, b: B, c: C}}
  - {id: SCORE, kind: scale, label: Score, scale: {from: 0, to: 10, low: l, high: h}}
  - {id: PRICE, kind: numeric, label: Price}
  - {id: OTHER, kind: scale, label: Other, scale: {from: 0, to: 10, low: l, high: h}}
  - {id: FLAG, kind: single, label: Flag, options: {y: Yes, n: No}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None}
  - {id: MARK, kind: scale, label: Mark, per: {channel: used}, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: WAIT, kind: numeric, label: Wait, per: {channel: used}}
indicators:
  - {id: high, share: MARK >= 7, by: channel, base: "SCORE >= 5"}
  - {id: quick, share: WAIT <= 5, by: channel, base: "MARK >= 3 and FLAG == y"}
  - {id: price, mean: PRICE, base: "SCORE >= 5 or FLAG == y"}
  - {id: score, mean: SCORE, base: "PRICE < 7"}
  - {id: flag, share: FLAG == y, base: "PRICE < 7 and SCORE > 1"}
drivers:
  - {id: why, of: SCORE, by: [PRICE, OTHER]}
weighting: {everyone: {margins: margins.csv}}
banner: [sex, age]
show: {hide: 1, fragile: 2}
imports:
  people:
    respondent: key
    weight: weight
    columns:
      used: {from: "u_{option}"}
      SCORE: score
      PRICE: price
      OTHER: other
      FLAG: flag
      MARK: "mark_{channel}"
      WAIT: "wait_{channel}"
waves:
  - {id: "1", files: {survey: {path: one.csv, import: people}}}
  - {id: "2", files: {survey: {path: two.csv, import: people}}}
"""
PLAIN = {"SCORE": "score", "PRICE": "price", "FLAG": "flag", "MARK": "mark", "WAIT": "wait", "OTHER": "other"}
NAMES = [  # columns of a kind that the engine makes: of groups, weights, values, answers, joins
    {"SCORE": "g1", "PRICE": "g0", "FLAG": "g2", "MARK": "d", "WAIT": "w", "OTHER": "w_"},
    {"SCORE": "d", "PRICE": "w", "FLAG": "v0", "MARK": "g1", "WAIT": "g2", "OTHER": "respondent_"},
    {"SCORE": "code", "PRICE": "x0", "FLAG": "x1", "MARK": "v0", "WAIT": "v1", "OTHER": "complete"},
    {"SCORE": "a0", "PRICE": "v1", "FLAG": "a1", "MARK": "code", "WAIT": "g0", "OTHER": "x2"},
    {"SCORE": "person_", "PRICE": "value", "FLAG": "base", "MARK": "code_", "WAIT": "w_", "OTHER": "x0"},
]


def rows(wave: int) -> str:
    """Ninety people of a wave, two thirds of whom are in both."""
    rng = random.Random(wave)
    head = "key,weight,sex,age,score,price,flag,other,u_phone,u_email,u_none"
    lines = [f"{head},mark_phone,mark_email,wait_phone,wait_email"]
    for i in range(90):
        used = [int(rng.random() < p) for p in (0.7, 0.6)]
        by_channel = [str(rng.randint(1, 10)) if u else "" for _ in range(2) for u in used]
        own = [rng.choice("fm"), rng.choice("abc"), rng.randint(0, 10), rng.randint(0, 9), rng.choice("yn")]
        cells = [i + 30 * wave, rng.randint(1, 5) / 2, *own, rng.randint(0, 10), *used, int(not any(used)), *by_channel]
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines)


def named(folder, names):
    """The folder of the study, its questions called so."""
    text = STUDY
    for place, name in names.items():
        text = text.replace(place, name)
    files = {"study.yaml": text, "one.csv": rows(1), "two.csv": rows(2)}
    files["margins.csv"] = "variable,category,share\nsex,f,0.5\nsex,m,0.5\nage,a,0.3\nage,b,0.3\nage,c,0.4\n"
    return study_folder(folder, files)


def figures(records):
    """The figures of estimates, or of the cells of a table, in their order."""
    kept = ("value", "se", "ci_low", "ci_high", "n", "n_weighted", "n_effective", "letters", "dont_know", "change")
    return [{k: record[k] for k in kept} for record in records]


def entries(drivers):
    """The figures of the attributes of an analysis."""
    return [{k: v for k, v in entry.items() if k != "attribute"} for entry in drivers["entries"]]


@pytest.mark.parametrize("names", NAMES, ids=lambda names: " ".join(names.values()))
def test_figures_do_not_depend_on_what_questions_are_called(tmp_path, names):
    expected = results(named(tmp_path / "plain", PLAIN))
    found = results(named(tmp_path / "other", names))
    assert figure(expected["2"], "high", channel="phone", sex="f")["n"] > 10
    assert figure(expected["2"], "price")["change"]["notes"] == ["overlap"]
    for wave in ("1", "2"):
        assert figures(found[wave]["estimates"]) == figures(expected[wave]["estimates"])
        (one,), (other,) = (w[wave]["drivers"] for w in (expected, found))
        assert entries(one)
        assert entries(other) == entries(one)


@pytest.mark.parametrize("names", NAMES, ids=lambda names: " ".join(names.values()))
def test_tables_do_not_depend_on_what_questions_are_called(tmp_path, names):
    def tables(folder, names):
        study = run.load(named(folder, names))
        return plain(run.tables(study, [names[k] for k in ("PRICE", "MARK", "SCORE")], ["sex", names["FLAG"]]))

    expected, found = tables(tmp_path / "plain", PLAIN), tables(tmp_path / "other", names)
    assert [line["kind"] for line in expected[0]["lines"]] == ["mean", "median"]
    for one, other in zip(expected, found, strict=True):
        for line, same in zip(one["lines"], other["lines"], strict=True):
            assert figures(same["cells"]) == figures(line["cells"])


CAPITALS = """
study: capitals
title: Capitals
languages: [en]
questions: [{id: size, kind: single, label: Size, options: {L: Large, l: Little}}, {id: x, kind: numeric, label: X}]
indicators: [{id: large, mean: x, base: 'size == "L"'}, {id: little, mean: x, base: 'size == "l"'}]
show: {hide: 1, fragile: 1}
waves: [{id: w, files: {survey: s.csv}}]
"""


def test_bases_that_differ_in_capitals_alone_are_two(tmp_path):
    files = {"study.yaml": CAPITALS, "s.csv": "respondent,size,x\n1,L,1\n2,L,2\n3,l,10\n"}
    found = results(study_folder(tmp_path, files))["w"]
    assert [figure(found, name)["value"] for name in ("large", "little")] == [1.5, 10]
