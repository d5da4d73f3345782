"""The benchmark compares figures rightly, judges its promises, and writes its page from what was measured alone."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vigie.stats.design import Design
from vigie.stats.estimates import estimate
from vigie.stats.sums import sums

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture(scope="module")
def part():
    """A module of the benchmark by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        yield lambda name: importlib.import_module(f"benchmark.{name}")


@pytest.fixture
def measured(part):
    """A run with made-up numbers, each of which can be told apart."""
    m, agreement = part("measurement"), part("agreement").Agreement

    def one(kind, tool, seconds, rows=1_000_000, peak=100.0, **further):
        return m.Measurement(kind, tool, rows, seconds, seconds, peak, **further)

    return [
        one(m.MAIN, "start-up", (0.2512,), rows=0),
        one(m.RANKS, "marginal", (0.7123,), rows=0),
        one(m.BOOK, m.VIGIE, (1.9, 2.0, 2.3), gives="letters", agreement=agreement(9, 1e-15, 2e-14)),
        one(m.BOOK, m.FIFTY, (0.8, 1.0, 3.0), versions={"duckdb": "9.8.7"}),
        one(m.BOOK, m.SVY, (90.0,), of=(25, 250), agreement=agreement(9, 1e-15, 3e-15)),
        one(m.BOOK, m.VIGIE, (21.0,), rows=10_000_000, peak=7000.0),
        one(m.BOOK, m.FIFTY, (12.0,), rows=10_000_000),
        one(m.RAKING, m.VIGIE, (0.05,)),
        one(m.RAKING, m.SVY, (1.2,)),
    ]


@pytest.fixture
def page(part, measured):
    machine = part("machine").Machine(2, 15.6, "3.11.4", (("duckdb", "9.8.7"),))
    files = {1_000_000: 61_000_000, 10_000_000: 610_000_000}
    return part("page").page(measured, machine, runs=3, command="python scripts/bench.py --runs 3", file_bytes=files)


def test_the_page_tells_what_was_measured_and_nothing_else(page, part):
    for told in (
        "| Vigie | letters | 2 | 2 | 2 × | 100 | 3 | 2e-14 |",
        "| svy † |  | 90 | 90 | 90 × | 100 | 1 | 3e-15 |",
        "| marginal | 0.712 | 100 |",
        "| start-up | 0.251 | 100 |",
        "61 MB for 1,000,000 people and 610 MB for 10,000,000 people",
        "- † svy, 1,000,000 people: 25 of 250 tables were made",
        "duckdb 9.8.7",
        "python scripts/bench.py --runs 3",
    ):
        assert told in page
    for query in (part("sql").ONE_PASS[0], part("sql").ALL_SUMS[0], part("sql").WIDE_PASS):
        assert query in page
    assert "| R survey |" not in page  # it was not measured
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", page)  # no date: the same numbers give the same bytes


def test_promises_are_judged_by_medians(page):
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    promises = {row[0]: row[1:] for row in rows if row[-1] in ("yes", "**no**", "not measured")}
    assert promises["Tab book of 1,000,000 people / plain DuckDB pass of 50 sums"] == ["at most 4 ×", "2 ×", "yes"]
    assert promises["Tab book of 10,000,000 people / plain DuckDB pass of 50 sums"] == ["at most 2 ×", "1.75 ×", "yes"]
    assert promises["Faster than svy per table"] == ["at least 50 ×", "45 ×", "**no**"]
    assert promises["Faster than R survey per table"] == ["at least 200 ×", "–", "not measured"]
    assert promises["Raking to 5 margins, faster than svy"] == ["at least 20 ×", "24 ×", "yes"]
    assert promises["Rank sets, the slowest kind"] == ["at most 1 s", "0.712 s", "yes"]
    assert promises["Tab book of 10,000,000 people, peak memory"][1:] == ["7,000 MiB", "**no**"]
    assert promises["Tab book of 10,000,000 people / 1,000,000 people"][1:] == ["10.5 ×", "**no**"]


def test_the_written_page_is_of_this_form(part, page):
    """Whoever changes the page changes the script, and runs it."""
    text = (Path(__file__).parents[1] / "docs" / "why" / "performance.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ .*$", page, re.MULTILINE)
    assert re.findall(r"^#+ .*$", text, re.MULTILINE) == headings
    assert all(query in text for query in (part("sql").ONE_PASS[0], part("sql").ALL_SUMS[0], part("sql").WIDE_PASS))


def test_figures_from_sums_are_those_of_the_estimator(part):
    rng = np.random.default_rng(3)
    n = 400
    column, mark, weight = rng.integers(0, 2, n), rng.integers(1, 4, n), rng.uniform(0.5, 2, n)
    cells = {
        ("ab"[c], str(m)): (int(here.sum()), weight[here].sum(), (weight[here] ** 2).sum())
        for c in range(2) for m in range(1, 4) for here in [(column == c) & (mark == m)]
    }  # fmt: skip
    found = {(row[2], row[3]): row[4:] for row in part("agreement").from_sums("item", "sex", cells)}
    values = np.column_stack([mark == 1, mark == 2, mark == 3, mark]).astype(float)
    groups = sums(column, 2, weight, np.ones_like(values), values)
    right = estimate(groups, Design.of(stratum=np.zeros(2, dtype=np.int64)), np.eye(2, dtype=bool))
    for c in range(2):
        for k, name in enumerate(("1", "2", "3", "mean")):
            assert found["ab"[c], name] == pytest.approx((right.value[c, k], right.se[c, k]), rel=1e-12)


def test_figures_that_differ_do_not_agree(part, measured):
    compare = part("agreement").compare
    reference = [("item", "sex", "a", "1", 0.25, 0.01)]
    assert compare(reference, reference) == part("agreement").Agreement(1, 0.0, 0.0)
    apart = compare([("item", "sex", "a", "1", 0.25, 0.02)], reference)
    assert (apart.value, apart.se) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no such figure"):
        compare([("item", "sex", "b", "1", 0.25, 0.02)], reference)
    assert all(one.agrees for one in measured)


def test_every_table_is_of_one_of_the_kinds_that_slow_tools_make(part):
    questionnaire = part("questionnaire")
    kinds = questionnaire.kinds()
    assert sum(kinds.values()) == len(questionnaire.TABLES) == 250
    assert len(questionnaire.COLUMNS) == len(set(questionnaire.COLUMNS)) == 110
    assert sum(item.size for item in questionnaire.ITEMS) == 300


def test_a_small_book_agrees_with_plain_sql(part, tmp_path):
    """The generated facts are read by the engine, and its figures are those of the SQL."""
    part("data").write(str(tmp_path), 3000)
    items, demographics = ["scale5_01", "choice_01"], ["sex", "age"]
    found = part("ours").book(str(tmp_path), items, demographics)["figures"]
    path = str(part("places").respondents_of(tmp_path))
    pairs = [(item, demographic) for item in items for demographic in demographics]
    agreement = part("agreement").compare(found, part("plain").figures(path, pairs)["figures"])
    assert agreement.figures == (6 + 5) * 7
    assert max(agreement.value, agreement.se) < 1e-12


def test_peers_read_what_needs_no_more_than_the_standard_library():
    """What the environments of the peers import beside the peers themselves is not Vigie's."""
    names = ["agreement", "child", "measurement", "places", "questionnaire", "sql", "timing"]
    code = f"""
import sys, json, importlib
for name in {names}: importlib.import_module("benchmark." + name)
print(json.dumps([m for m in ("numpy", "pyarrow", "duckdb", "vigie") if m in sys.modules]))
"""
    found = subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True, capture_output=True, text=True)
    assert json.loads(found.stdout) == []
