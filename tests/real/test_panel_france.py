"""Every figure that a real panel published, from its raw file: Vigie must say the same, to the last digit printed.

The thresholds of `show:` are the defaults: no figure of everyone rests on fewer than 187 people.
"""

import csv
import html
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from real import panel_france as panel
from vigie import run

pytestmark = pytest.mark.skipif(panel.MISSING, reason="the panel's files are not beside the project")

EXACT, TYPED = 1e-9, 5e-5  # cells that hold the whole number; cells that were typed with four decimals
BANNER = ("sex", "age")
Key = tuple[str, str]  # indicator, code


@dataclass(frozen=True)
class Compared:
    """A printed figure beside Vigie's."""

    column: str
    code: str
    printed: float
    found: float

    @property
    def apart(self) -> float:
        return abs(self.printed - self.found)

    @property
    def typed(self) -> bool:
        return round(self.printed, 4) == self.printed


@dataclass(frozen=True)
class Panel:
    """The panel after its run."""

    questions: list[panel.Asked]
    release: Path
    results: dict[str, Any]
    rows: list[dict[str, str]]

    def totals(self) -> dict[Key, dict[str, Any]]:
        """The figures of everyone: those with the largest base of their indicator and code."""
        found: dict[Key, dict[str, Any]] = {}
        for record in self.results["estimates"]:
            segment, indicator = record["segment"], record["indicator"]
            key = indicator, segment.get(indicator, "")
            if set(segment) <= {indicator} and record["n"] > found.get(key, {"n": 0})["n"]:
                found[key] = record
        return found


def whole(folder: Path, **changes: Any) -> Panel:
    questions = panel.write_study(folder, **changes)
    (published,) = run.run(folder)
    assert (published.excluded_rows, published.excluded_cells, published.notes) == (0, 0, ())
    results = json.loads((published.folder / "results.json").read_text(encoding="utf-8"))
    with panel.DATA.open(encoding="utf-8-sig", newline="") as file:
        return Panel(questions, published.folder, results, list(csv.DictReader(file)))


def compared(questions: list[panel.Asked], totals: dict[Key, dict[str, Any]]) -> Iterator[Compared]:
    """Every printed figure of these questions."""
    for question in questions:
        for number, block in enumerate(question.blocks, start=1):
            for code, share in block.shares.items():
                chosen = str(number) if question.kind == "multiple" else code
                found = totals[question.id, chosen]["value"]
                unchosen = question.kind == "multiple" and code == "0"
                yield Compared(block.column, code, share, 1 - found if unchosen else found)
            if block.mean is not None:
                yield Compared(block.column, "", block.mean, totals[f"mean_{question.id}", ""]["value"])


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Panel:
    return whole(tmp_path_factory.mktemp("panel"), banner=BANNER)


COUNTS = {"single": (19, 91), "scale": (49, 343), "rank": (21, 305), "multiple": (4, 96), "numeric": (10, 10),
          "slider": (2, 44)}  # fmt: skip


@pytest.mark.parametrize(("kind", "questions", "figures"), [(k, *n) for k, n in COUNTS.items()])
def test_every_figure_that_the_book_prints_is_said_again(ran, kind, questions, figures):
    own = [q for q in ran.questions if q.kind == kind]
    found = list(compared(own, ran.totals()))
    assert (len(own), len(found)) == (questions, figures)
    assert [c for c in found if c.apart > (TYPED if c.typed else EXACT)] == []


def test_only_eight_cells_need_the_tolerance_of_four_decimals(ran):
    rounded = [c for c in compared(ran.questions, ran.totals()) if c.apart > EXACT]
    assert len(rounded) == 8
    assert all(c.typed for c in rounded)


def test_the_base_of_a_figure_is_those_who_answered(ran):
    for (indicator, code), record in ran.totals().items():
        question = next(q for q in ran.questions if q.id == indicator.removeprefix("mean_"))
        column = question.column.format(option=code)
        filled = sum(row[column] != "" for row in ran.rows)
        assert (indicator, code, record["n"], record["flag"]) == (indicator, code, filled, "ok")


def test_an_empty_cell_is_no_zero(ran):
    record = ran.totals()["mean_profile_2", ""]
    cells = [row["Q1x8r2"] for row in ran.rows if row["h_ctype"] == "1"]
    with_zeros = sum(float(c or 0) for c in cells) / len(cells)
    assert record["n"] == sum(c != "" for c in cells) == 844
    assert record["value"] - with_zeros > 4


def test_an_option_that_nobody_chose_is_printed_as_zero(ran):
    record = ran.totals()["engaging", "6"]
    assert (record["value"], record["n"]) == (0.0, 462)
    assert record["ci_low"] == 0.0 < record["ci_high"] < 0.01


def test_no_two_figures_stand_at_the_same_place(ran):
    places = Counter((e["indicator"], *sorted(e["segment"].items())) for e in ran.results["estimates"])
    assert {place[0] for place, times in places.items() if times > 1} == set()


def test_a_group_of_four_people_is_hidden_everywhere(ran):
    other = [e for e in ran.results["estimates"] if e["segment"].get("sex") == "3" and e["indicator"] != "sex"]
    assert len(other) > 100
    assert {e["flag"] for e in other} == {"hidden"}
    assert {e[name] for e in other for name in ("value", "se", "ci_low", "ci_high")} == {None}


def test_a_filter_takes_the_rows_that_it_names(tmp_path):
    kept = whole(tmp_path / "kept", keep="h_ctype == 1 and Q1x2r1 >= 35", banner=(), lines=panel.TABLE[:9])
    rows = [r for r in kept.rows if r["h_ctype"] == "1" and float(r["Q1x2r1"]) >= 35]
    totals = kept.totals()
    assert 500 < totals["sex", "1"]["n"] == len(rows) < 1003
    assert totals["sex", "2"]["value"] == pytest.approx(sum(r["Q1x1"] == "2" for r in rows) / len(rows), abs=EXACT)
    points = [float(r["Q1x8r2"]) for r in rows if r["Q1x8r2"]]
    assert totals["mean_profile_2", ""]["value"] == pytest.approx(sum(points) / len(points), abs=EXACT)
    left_out = [e for e in kept.results["exclusions"] if e["reason"] == "keep"]
    assert [e["rows"] for e in left_out] == [1534 - len(rows)]


def test_a_figure_names_the_filter_of_its_rows(ran):
    assert {e["lineage"]["filter"] for e in ran.results["estimates"]} == {"status == 3"}


def test_the_report_is_french_and_shows_the_questions(ran):
    page = (ran.release / "report.fr.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert '<html lang="fr"' in page
    shown = {q.id for q in ran.questions if html.escape(q.blocks[0].text[:40], quote=False) in page}
    assert len(shown) > 100
    assert (ran.release / "report.fr.xlsx").stat().st_size > 50_000


def test_a_chart_of_a_question_asked_of_some_tells_how_many(ran):
    page = (ran.release / "report.fr.html").read_text(encoding="utf-8")
    (wording,) = (q.blocks[0].wording for q in ran.questions if q.id == "invests_so")
    chart = page.partition(f"<h3>{wording}</h3>")[2].partition("</figure>")[0]
    assert ran.totals()["invests_so", "1"]["n"] == 539
    assert "539" in chart
