"""Ninety real visits to French bank branches: counts are those of the workbook, but for its slips, named one by one."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest

from real import banks_france
from real.test_banks import nearest
from vigie import run

pytestmark = pytest.mark.skipif(banks_france.MISSING, reason="the visits are not beside the project")

NOBODY = ("N/A", "NA")  # the workbook's line of visits without an answer
SLIPS = {  # lines of the workbook that its own file contradicts: the question, and which of its lines
    ("q25", 2): "ten visits without an answer are missing: the lines sum to 80 of 90 visits",
    ("q35", 2): "interchanged with the next line",
    ("q35", 3): "interchanged with the line before",
    ("q81", 3): "one visit too many: the lines sum to 91",
    ("q82", 5): "visits without an answer are counted as “other”",
    ("q91", 4): "two visits are missing",
}


class Compared(NamedTuple):
    question: str
    line: int
    printed: banks_france.Printed
    ours: int  # visits, as Vigie counts them
    share: float | None  # of the visits in its base; none of those without an answer


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    (published,) = run.run(banks_france.write(tmp_path_factory.mktemp("banks")))
    assert published.notes == ()
    return published.folder


@pytest.fixture(scope="module")
def ran(released) -> dict[str, Any]:
    return json.loads((released / "results.json").read_text(encoding="utf-8"))


def compared(ran: dict[str, Any], *, answering: bool = False) -> list[Compared]:
    """Every line that the workbook prints, beside ours."""
    questions, visits = banks_france.asked(), len(banks_france.table()[1])
    shares = {
        (name, e["segment"][name]): e
        for e in ran["estimates"]
        if set(e["segment"]) == {name := e["indicator"].removeprefix("share_")}
    }
    bases = {name: e["n"] for (name, _), e in shares.items()}
    found = []
    for block in banks_france.blocks():
        name = nearest(block.title, {q.id: q.wording for q in questions.values()}, 0.85)
        assert name is not None
        for k, line in enumerate(block.answering if answering else block.lines):
            if line.label in NOBODY:
                found.append(Compared(name, k, line, visits - bases[name], None))
                continue
            code = nearest(line.label, questions[name].options, 0.85)
            assert code is not None
            e = shares[name, code]
            assert e["value"] * e["n"] == pytest.approx(round(e["value"] * e["n"]), abs=1e-9)
            found.append(Compared(name, k, line, round(e["value"] * e["n"]), e["value"]))
    return found


def test_every_count_is_that_of_the_workbook_but_for_its_slips(ran):
    lines = compared(ran)
    apart = {(c.question, c.line) for c in lines if c.ours != c.printed.count}
    assert apart == set(SLIPS)
    assert (len(lines) - len(apart), len({c.question for c in lines})) == (54, 12)


def test_shares_without_those_that_did_not_answer_are_those_of_the_workbook(ran):
    lines = compared(ran, answering=True)
    agreeing = [c for c in lines if (c.question, c.line) not in SLIPS]
    assert (len(lines), len(agreeing)) == (7, 5)
    for line in agreeing:
        assert line.share is not None
        assert line.share * 100 == pytest.approx(line.printed.percent, rel=1e-12)


def test_the_slips_of_the_workbook_are_what_they_are_said_to_be(ran):
    lines = {(c.question, c.line): c for c in compared(ran)}
    visits = len(banks_france.table()[1])
    first, second = lines["q35", 2], lines["q35", 3]
    assert (first.ours, second.ours) == (second.printed.count, first.printed.count)
    for question, total in (("q25", 80), ("q81", visits + 1)):
        assert sum(c.printed.count for c in lines.values() if c.question == question) == total
        assert sum(c.ours for c in lines.values() if c.question == question) == visits
    other = lines["q82", 5]
    answers = sum(c.ours for c in lines.values() if c.question == "q82")
    assert other.printed.count == other.ours + visits - answers
    assert lines["q91", 4].ours - lines["q91", 4].printed.count == 2


def minutes(text: str) -> float | None:
    """A length of time as testers wrote it; none where they wrote something else."""
    for pattern in (r"(\d\d):+(\d\d)", r"(\d)[hH](\d\d)?", r"()(\d\d) ?(?:mn)?"):
        if found := re.fullmatch(pattern, text.strip()):
            return int(found[1] or 0) * 60 + int(found[2] or 0)
    return None


def test_the_mean_length_of_visits_is_that_of_the_file_by_network_too(ran):
    _, rows = banks_france.table()
    by_bank: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        by_bank[banks_france.network(row[banks_france.BANK])] += [
            m for m in [minutes(row[banks_france.MINUTES])] if m is not None
        ]
    every = [m for listed in by_bank.values() for m in listed]
    found = {e["segment"].get("brand", ""): e for e in ran["estimates"] if e["indicator"] == "lasting"}
    assert (found[""]["n"], found[""]["value"]) == (85, pytest.approx(sum(every) / len(every), rel=1e-12))
    assert set(found) - {""} == set(by_bank)
    for bank, listed in by_bank.items():
        assert found[bank]["n"] == len(listed)
        if len(listed) >= 2:
            assert found[bank]["value"] == pytest.approx(sum(listed) / len(listed), rel=1e-12)
        else:
            assert found[bank]["value"] is None
    least = min((e for e in found.values() if e["value"] is not None), key=lambda e: e["n"])
    half = 12.706 * least["se"]  # Student's, of two visits
    assert (least["n"], least["ci_low"]) == (2, 0.0)
    assert least["value"] - half < 0  # and no visit lasts less than nothing
    assert least["ci_high"] == pytest.approx(least["value"] + half, rel=1e-4)


def test_shares_by_network_are_those_of_the_file(ran):
    """Every share of every closed question in every network, counted in plain Python."""
    _, rows = banks_france.table()
    checked = expected = 0
    for question in banks_france.asked().values():
        ticks = [{" ".join(row[c].split()) for c in question.columns} - {""} for row in rows]
        bases = Counter(row[banks_france.BANK] for row, t in zip(rows, ticks, strict=True) if t or question.multiple)
        expected += len(question.options) * sum(n >= 2 for n in bases.values())
        told = [e for e in ran["estimates"] if e["indicator"] == f"share_{question.id}" and len(e["segment"]) == 2]
        for e in told:
            here = [t for t, row in zip(ticks, rows, strict=True)
                    if banks_france.network(row[banks_france.BANK]) == e["segment"]["brand"]
                    and (t or question.multiple)]  # fmt: skip
            assert e["n"] == len(here)
            if len(here) >= 2:
                chosen = sum(question.options[e["segment"][question.id]] in t for t in here)
                assert e["value"] == pytest.approx(chosen / len(here), abs=1e-12)
                checked += 1
    assert checked == expected > 1500


def test_networks_are_ranked_on_complete_visits(ran):
    """A visit with a blank criterion has no score; “je ne sais pas” leaves its criterion out of that visit."""
    _, rows = banks_france.table()
    scores: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        cells = [row[k].strip() for k in banks_france.GRID]
        marked = [c for c in cells if c != banks_france.UNSURE]
        scores[banks_france.network(row[banks_france.BANK])] += (
            [] if "" in cells else [marked.count("Oui") / len(marked) * 20]
        )
    (league,) = [item for item in ran["leagues"] if item["family"] == "sector:banks"]
    ranked = {e["brand"]: e for e in league["entries"]}
    assert set(ranked) == {b for b, s in scores.items() if len(s) >= 5}
    for bank, entry in ranked.items():
        assert (entry["n"], entry["score"]) == (len(scores[bank]), pytest.approx(sum(scores[bank]) / entry["n"]))
    assert {(u["brand"], u["n"], u["reason"]) for u in league["unranked"]} == {
        (b, len(s), "min_tests") for b, s in scores.items() if len(s) < 5
    }
    (incomplete,) = [e for e in ran["exclusions"] if e["reason"] == "incomplete_test"]
    assert incomplete["rows"] == len(rows) - sum(len(s) for s in scores.values())


def test_lines_of_sums_are_left_out_and_what_is_no_length_of_time_is_told(ran):
    lost = {e["reason"]: (e["rows"], e["cells"]) for e in ran["exclusions"]}
    (source,) = ran["fieldwork"]
    assert (source["read"], source["kept"]) == (101, 90)
    assert lost["keep"] == (11, 0)
    assert lost["bad-number"] == (0, 4)


def test_words_of_testers_are_kept_apart_and_shown_nowhere(released, ran):
    _, rows = banks_france.table()
    (path,) = (released.parent / "facts").glob("*/verbatims.parquet")
    told = pq.read_table(path).to_pylist()
    expected = {f"q{k}": sum(bool(row[k].strip()) for row in rows) for k in banks_france.OPEN}
    assert {name: sum(t["question"] == name for t in told) for name in expected} == expected
    shown = (released / "report.fr.html").read_text(encoding="utf-8") + json.dumps(ran, ensure_ascii=False)
    assert not [t for t in told if t["text"] and len(t["text"]) > 20 and t["text"] in shown]
