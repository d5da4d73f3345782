"""The line of medians in the table of a number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from line import study_folder
from reference_people import NEAR
from vigie import run
from vigie.engine import blocks, medians
from vigie.report.terminal import table_text

REFERENCE = Path(__file__).parents[1] / "reference"
WANT = json.loads((REFERENCE / "tables.json").read_text(encoding="utf-8"))["quantiles"]
STUDY = """
study: customers
title: Customers
languages: [en]
questions:
  - {id: welcome, kind: single, label: Welcome, options: {1: a, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g, 8: h, 9: i, 10: j}}
  - {id: amount, kind: numeric, label: Amount}
  - {id: visits, kind: numeric, label: Visits}
show: {hide: 2, fragile: 3}
imports:
  customers: {respondent: person, weight: w, stratum: stratum, columns: {visits: overall}}
waves: [{id: w, files: {survey: {path: drivers.csv, import: customers}}}]
"""


@pytest.fixture
def customers(tmp_path):
    """The reference's customers: what they spent, by the mark that they gave to the welcome."""
    rows = (REFERENCE / "drivers.csv").read_text(encoding="utf-8")
    return run.load(study_folder(tmp_path, {"study.yaml": STUDY, "drivers.csv": rows}))


def line(made, label):
    (one,) = (one for one in made.lines if one.label["en"] == label)
    return one


def test_a_median_has_woodruff_s_interval_and_no_standard_error(customers):
    made = run.table(customers, "amount", ["welcome"])
    found = {h.code: c for h, c in zip(made.columns, line(made, "Median").cells, strict=True)}
    middle = [WANT["amount"]["xlogit"][name][2] for name in ("value", "low", "high")]
    for code, want in [("", middle), *((str(mark), row) for mark, *row in WANT["medians"])]:
        one = found[code]
        assert [one.value, one.ci_low, one.ci_high] == pytest.approx(want, **NEAR)
    assert {(c.se, c.letters, c.lineage.expression) for c in found.values()} == {(None, "", "median: `amount`")}


def test_it_stands_on_the_people_of_the_mean(customers):
    made = run.table(customers, "amount", ["welcome"], where="welcome in [5, 6]")
    assert [one.kind for one in made.lines] == ["mean", "median"]
    mean, median = (one.cells for one in made.lines)
    assert [c.n for c in median] == [c.n for c in mean] == [113, 0, 0, 0, 0, 51, 62, 0, 0, 0, 0]
    assert [c.value is None for c in median] == [c.value is None for c in mean]
    assert len({c.figure for c in (*mean, *median)}) == 22


def test_whole_numbers_have_a_whole_median(customers):
    made = run.table(customers, "visits", ["welcome"])
    assert (line(made, "Mean").cells[0].decimals, line(made, "Median").cells[0].decimals) == (1, 0)
    printed = next(row for row in table_text(made, "en").splitlines() if row.startswith("Median"))
    assert printed.split()[1] == str(int(WANT["overall"]["xlogit"]["value"][2]))


def test_many_groups_and_numbers_are_listed_and_not_tabled(customers, monkeypatch):
    expected = run.tables(customers, ["amount", "visits"], ["welcome"])
    monkeypatch.setattr(blocks, "LOOKED_UP", 10)
    assert run.tables(customers, ["amount", "visits"], ["welcome"]) == expected


def test_a_number_that_nearly_everybody_gives_otherwise_has_no_median(customers, monkeypatch):
    monkeypatch.setattr(medians, "MOST", 100)
    made = run.tables(customers, ["amount", "visits"], ["welcome"])
    assert [[one.kind for one in t.lines] for t in made] == [["mean"], ["mean", "median"]]


RAKED = """
study: raked
title: Raked
languages: [en]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: amount, kind: numeric, label: Amount}
show: {hide: 2, fragile: 3}
weighting: {everyone: {margins: margins.csv}}
waves: [{id: w, files: {survey: survey.csv}}]
"""


def test_a_raked_median_counts_people_by_their_weights(tmp_path):
    # three women weigh as much as nine men: 1, 2, 3 of the ones, 10, 11, 12 of the others
    files = {
        "study.yaml": RAKED, "margins.csv": "variable,category,share\nsex,f,0.75\nsex,m,0.25\n",
        "survey.csv": "respondent,sex,amount\n1,f,1\n2,f,2\n3,f,3\n4,m,10\n5,m,11\n6,m,12\n",
    }  # fmt: skip
    made = line(run.table(run.load(study_folder(tmp_path, files)), "amount", ["sex"]), "Median")
    assert [c.value for c in made.cells] == [2, 2, 11]
