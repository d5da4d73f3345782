"""Two years of a real mystery programme: counts and shares by country are those that its workbooks print."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from real import banks
from vigie import run

pytestmark = pytest.mark.skipif(banks.MISSING, reason="the programme's files are not beside the project")

SWAPPED = "q50"  # question 32, of which the workbook prints Yes under No and No under Yes
MISALIGNED = ("q73", "o9")  # "other" of question 18, with which the file's columns begin to slip
TYPED = 1  # ten thousandths: the workbook of 2021 prints four decimals
Key = tuple[str, str, str]  # question, option, country


def fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def nearest(text: str, known: dict[str, str], least: float) -> str | None:
    """The code of the text that begins like this one, or else is most like it."""
    begun = [k for k, t in known.items() if fold(t).startswith(fold(text)) and len(fold(text)) > 9]
    if len(begun) == 1:
        return begun[0]
    ratio = {k: difflib.SequenceMatcher(None, fold(t), fold(text)).ratio() for k, t in known.items()}
    best = max(ratio, key=lambda k: ratio[k])
    return best if ratio[best] >= least else None


def released(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for published in run.run(folder):
        assert (published.excluded_rows, published.excluded_cells, published.notes) == (0, 0, ())
        found[published.wave] = json.loads((published.folder / "results.json").read_text(encoding="utf-8"))
    return found


def by_country(results: dict[str, Any]) -> dict[Key, dict[str, Any]]:
    """The shares of every option in every country."""
    found = {}
    for record in results["estimates"]:
        question, segment = record["indicator"].removeprefix("share_"), record["segment"]
        if set(segment) == {question, "sector"}:
            found[question, segment[question], segment["sector"]] = record
    return found


@pytest.fixture(scope="module")
def y2022(tmp_path_factory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("banks")
    banks.write(folder, banks.definition_2022(), ("2022",), banks.grid("2022", banks.GRID_2022))
    return released(folder)["2022"]


@pytest.fixture(scope="module")
def y2021(tmp_path_factory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("banks")
    banks.write(folder, banks.definition_2021(), ("2021",), banks.grid("2021", banks.GRID_2021))
    return released(folder)["2021"]


@pytest.fixture(scope="module")
def trend(tmp_path_factory) -> dict[str, dict[str, Any]]:
    return released(banks.write(tmp_path_factory.mktemp("banks"), banks.definition_trend(), ("2021", "2022")))


def test_every_count_by_country_is_that_of_the_workbook(y2022):
    """Blocks of questions that the file does not hold, and lines for "no answer", have nothing to be compared with."""
    questions = {q.id: q for q in banks.asked("2022", banks.ASKED_2022)}
    shares, agreed, hidden, told = by_country(y2022), 0, 0, set[str]()
    for block in banks.blocks_2022():
        name = nearest(block.title, {q.id: q.wording for q in questions.values()}, 0.85)
        if name is None:
            continue
        told.add(name)
        for label, counts in block.counts.items():
            code = nearest(label, questions[name].options, 0.7)
            if code is None:
                assert label in ("NA", "(blank)")
                continue
            if name == SWAPPED:
                code = {"yes": "no", "no": "yes"}[code]
            for country, count in counts.items():
                record = shares[name, code, country]
                hidden += record["value"] is None
                agreed += record["value"] is not None and round(record["value"] * record["n"]) == count
                assert record["value"] is None or record["value"] * record["n"] == pytest.approx(count, abs=1e-9)
    assert (agreed, hidden, len(told)) == (565, 5, 30)


def test_what_is_hidden_stands_on_a_single_visit(y2022):
    assert {r["n"] for r in by_country(y2022).values() if r["value"] is None} <= {0, 1}


def test_countries_are_ranked_as_sectors(y2022):
    (league,) = (item for item in y2022["leagues"] if item["of"] == "sector")
    assert {e["brand"]: e["n"] for e in league["entries"]} == {
        "denmark": 50, "estonia": 18, "germany": 50, "greece": 47, "ireland": 33, "romania": 55,
    }  # fmt: skip
    _, rows = banks.table("2022")
    for entry in league["entries"]:
        own = [r for r in rows if banks.country(r[banks.COUNTRY["2022"]]) == entry["brand"]]
        marks = [sum(r[k] == "Yes" for k in banks.GRID_2022) / len(banks.GRID_2022) * 20 for r in own]
        assert entry["score"] == pytest.approx(sum(marks) / len(marks), rel=1e-9)


def test_banks_are_ranked_where_they_reach_the_tests_and_listed_elsewhere(y2022):
    leagues = [item for item in y2022["leagues"] if item["of"] == "brand" and item["family"] != "all"]
    ranked = [e for league in leagues for e in league["entries"]]
    unranked = [u for league in leagues for u in league["unranked"]]
    assert len(ranked) + len(unranked) == 127
    assert min(e["n"] for e in ranked) >= 5 > max(u["n"] for u in unranked if u["reason"] == "min_tests")


def test_the_shares_of_the_first_year_are_those_of_the_workbook(y2021):
    """Questions 6 to 18 in five countries; of Ireland the workbook counts other visits than the file holds."""
    questions = {q.id: q for q in banks.asked_2021()}
    shares, agreed, hidden, strange = by_country(y2021), 0, 0, 0
    apart: list[Key] = []
    for block in banks.blocks_2021()[1:14]:
        name = nearest(banks.stem(block.title), {q.id: q.wording for q in questions.values()}, 0.6)
        assert name is not None
        for label, printed in block.counts.items():
            code = nearest(label, questions[name].options, 0.7)
            strange += code is None
            for country, share in printed.items():
                if country == "ireland" or code is None:
                    continue
                record = shares[name, code, country]
                if record["value"] is None:
                    hidden += 1
                    continue
                if abs(record["value"] * 10_000 - share) > TYPED:
                    apart.append((name, code, country))
                    continue
                agreed += 1
    assert {(name, code) for name, code, _ in apart} == {MISALIGNED}
    assert (agreed, hidden, strange) == (320, 2, 3)


def test_countries_have_a_trend_and_banks_none(trend):
    now = trend["2022"]["estimates"]
    moved = {
        e["segment"]["sector"]: e["change"] for e in now if e["indicator"] == "lasting" and "sector" in e["segment"]
    }
    assert set(moved) == {"denmark", "estonia", "germany", "greece", "ireland", "romania"}
    assert all(c["verdict"] in ("up", "down", "none", "untested") for c in moved.values())
    assert all(c["wave"] == "2021" for c in moved.values())
    assert not [e for e in now if "brand" in e["segment"] and e["change"]]
