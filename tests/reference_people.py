"""The people of `tests/reference`: as the survey of a study, for tests of the whole line against R, and as a design."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vigie.stats.design import Design
from vigie.stats.weights import dummies, rake

REFERENCE = Path(__file__).parent / "reference"
NEAR = {"rel": 1e-9}
TOTALS = json.loads((REFERENCE / "survey.json").read_text(encoding="utf-8"))["margins"]
# the tests of `tables.R`: its name, the question that segments are crossed with, and whether people are raked
TABLES = [("segment_age", "age", False), ("segment_age_raked", "age", True), ("segment_y", "y", False)]

QUESTIONS = """\
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: age, kind: single, label: Age, options: {a1: 1, a2: 2, a3: 3}}
  - {id: y, kind: single, label: Y, options: {1: One, 0: Zero}}
  - {id: x, kind: numeric, label: X}"""
STUDY = """
study: reference
title: Reference
languages: [en]
channels: [phone, email]
questions:
QUESTIONS
  - {id: segment, kind: single, label: Segment, options: {north: N, south: S, west: W, east: E, center: C}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None}
  - {id: mark, kind: scale, label: Mark, per: {channel: used, at_most: 9, choose: random},
     scale: {from: 1, to: 10, low: l, high: h}}
indicators:
  - {id: y, share: y == 1}
  - {id: x, mean: x}
  - {id: high, share: mark >= 7, by: channel}
banner: [segment]
show: {hide: 1, fragile: 2}
imports:
  people: {respondent: person, weight: d, stratum: stratum}
waves:
  - {id: w, files: {survey: {path: people.csv, import: people}}}
""".replace("QUESTIONS", QUESTIONS)


def margins_csv(margins: Mapping[str, Mapping[str, float]], amount: str = "total") -> str:
    """Margins as a file: of each variable its categories, or of a number the empty one, with totals or shares."""
    lines = [f"{variable},{category},{n!r}" for variable, own in margins.items() for category, n in own.items()]
    return "\n".join([f"variable,category,{amount}", *lines]) + "\n"


def write_people(folder: Path, *, stratum: str = "stratum") -> float:
    """The reference's people as a survey file, one row each; returns the total of the design weights."""
    marks: dict[str, dict[str, str]] = {}
    with (REFERENCE / "evaluations.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            marks.setdefault(row["person"], {}).setdefault(row["channel"], row["mark"])
    with (REFERENCE / "people.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    head = ["person", "stratum", "sex", "age", "segment", "d", "y", "x"]
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([[p["person"], p[stratum], *(p[k] for k in head[2:])] for p in people])
    return sum(float(p["d"]) for p in people)


def numbered(values: np.ndarray) -> np.ndarray:
    """The values as numbers from 0, in their order."""
    return np.unique(values, return_inverse=True)[1]


def design_of(
    people: dict[str, np.ndarray], *, raked: bool, split: np.ndarray | int = 0, stratum: str = "stratum",
    bounds: tuple[float, float] | None = None,
) -> tuple[np.ndarray, Design]:  # fmt: skip
    """The group of each person, stratum × sex × age × `split` (the last runs fastest), and the design of the groups."""
    strata, cell = numbered(people[stratum]), numbered(people["sex"]) * 3 + numbered(people["age"])
    parts = int(np.max(split)) + 1
    group = np.arange((strata.max() + 1) * 6 * parts)
    g, columns = None, None
    if raked:
        margins = [np.arange(6) // 3, np.arange(6) % 3]
        totals = [list(TOTALS[name].values()) for name in ("sex", "age")]
        g = rake(np.bincount(cell, weights=people["d"]), margins, totals, bounds=bounds).g
        columns = dummies(margins, [2, 3])
    design = Design.of(stratum=group // (6 * parts), cell=group // parts % 6, g=g, dummies=columns)
    return (strata * 6 + cell) * parts + split, design
