"""Every figure that a panel of three countries published, from its raw file, with the book's own slips named.

A count is Vigie's share times its base. The book says a percentage in full, or rounded to one decimal of a percent.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq
import pytest

from real import panel_three_countries as panel
from real.country_tables import holders, tables
from vigie import run

pytestmark = pytest.mark.skipif(panel.MISSING, reason="the panel's files are not beside the project")

FULL, ROUNDED = 1e-9, 0.0005 + 1e-9  # cells that hold the whole number; cells rounded to one decimal of a percent
AGE, EMPTY = "Intro 17", "Part A. 151"  # tables with slips of their own: the ages, and the product that nobody holds


@dataclass(frozen=True)
class Compared:
    """A printed figure beside Vigie's: a count, or a share from 0 to 1."""

    place: str
    label: str
    kind: str
    printed: float
    found: float

    @property
    def typed(self) -> bool:
        return self.kind == "%" and abs(round(self.printed, 3) - self.printed) < FULL

    @property
    def agrees(self) -> bool:
        return abs(self.printed - self.found) < (1e-6 if self.kind == "N" else ROUNDED if self.typed else FULL)


@dataclass(frozen=True)
class Panel:
    """The panel after its run."""

    published: run.Published
    figures: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, Any]]
    rows: list[dict[str, str]]
    study: dict[str, Any]

    def figure(self, indicator: str, segment: panel.Segment, country: str) -> dict[str, Any]:
        return self.figures[indicator, frozenset({*segment, ("country", country)})]

    def people(self, country: str) -> int:
        return int(self.figure("gender", (("gender", "1"),), country)["n"])

    def said(self, printed: panel.Printed, line: tuple[str, panel.Segment], country: str) -> tuple[float, float]:
        """Count and share of a line; of a line without an indicator, everybody outside the table's base."""
        indicator, segment = line
        if indicator:
            record = self.figure(indicator, segment, country)
            return record["value"] * record["n"], record["value"]
        base = tuple((k, v.replace("{code}", "1")) for k, v in printed.segment)
        everybody = self.people(country)
        rest = everybody - self.figure(printed.indicator, base, country)["n"]
        return rest, rest / everybody

    def compared(self) -> Iterator[Compared]:
        """Every printed count and percentage of the book's tables."""
        book, expected = tables(panel.BOOK), panel.expected()
        pairs = [pair for sheet in book for pair in zip(book[sheet], expected[sheet], strict=True)]
        for table, printed in pairs:
            shares = [share for line in table.lines for share in line.shares if share is not None]
            whole = 100 if max(shares, default=0) > 1 else 1  # some sheets print 12.3, some 0.123
            for line, indicator, segment in panel.targets(printed, table):
                for k, country in enumerate(panel.COUNTRIES):
                    count, share = self.said(printed, (indicator, segment), country)
                    if (n := line.counts[k]) is not None:
                        yield Compared(table.place, line.label, "N", n, count)
                    if (percentage := line.shares[k]) is not None:
                        yield Compared(table.place, line.label, "%", percentage / whole, share)


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Panel:
    folder = tmp_path_factory.mktemp("panel")
    panel.write_study(folder)
    (published,) = run.run(folder)
    results = json.loads((published.folder / "results.json").read_text(encoding="utf-8"))
    figures = {(e["indicator"], frozenset(e["segment"].items())): e for e in results["estimates"]}
    with panel.DATA.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return Panel(published, figures, rows, json.loads((folder / "study.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def compared(ran) -> list[Compared]:
    return list(ran.compared())


def test_nothing_of_the_file_is_refused(ran):
    assert (ran.published.excluded_rows, ran.published.excluded_cells, ran.published.notes) == (0, 0, ())


def test_every_count_and_percentage_of_the_book_is_said_again(compared):
    apart = [c for c in compared if not c.agrees and c.place not in (AGE, EMPTY)]
    assert apart == []
    assert Counter(c.kind for c in compared) == {"N": 2458, "%": 2245}
    assert sum(c.agrees for c in compared) == 4686


def test_percentages_in_full_agree_to_the_last_digit(compared):
    full = [c for c in compared if c.kind == "%" and not c.typed]
    assert len(full) == 479
    assert [c for c in full if abs(c.printed - c.found) >= FULL] == []


def test_the_percentages_of_ages_are_sums_of_rounded_years(ran, compared):
    """The book's percentages of bands contradict its own counts: each adds up the rounded percentages of ten years."""
    ages = [c for c in compared if c.place == AGE]
    assert len([c for c in ages if c.kind == "N"]) == len([c for c in ages if c.agrees and c.kind == "N"]) == 24
    printed = iter(c for c in ages if c.kind == "%")
    for low, high in panel.AGES:
        for country in panel.COUNTRIES:
            years = [
                record["value"] for (indicator, segment), record in ran.figures.items()
                if indicator == "year" and ("country", country) in segment and low <= int(dict(segment)["year"]) <= high
            ]  # fmt: skip
            assert next(printed).printed == pytest.approx(sum(round(v, 3) for v in years), abs=FULL)


def test_a_product_that_nobody_holds_is_printed_with_no_percentage(compared):
    slips = [c for c in compared if c.place == EMPTY]
    assert {(c.label, c.kind, c.agrees) for c in slips} == {("NA", "N", True), ("NA", "%", False)}
    assert {(c.printed, c.found) for c in slips if not c.agrees} == {(0.0, 1.0)}


def test_a_figure_that_the_book_leaves_out_is_a_zero(ran):
    """Where nobody gave an answer: a word in place of the number, and once an option without numbers."""
    blank = Counter()
    for sheet, own in panel.expected().items():
        for table, printed in zip(tables(panel.BOOK)[sheet], own, strict=True):
            for line, indicator, segment in panel.targets(printed, table):
                left_out = [c for c, n in zip(panel.COUNTRIES, line.counts, strict=True) if n is None]
                blank.update((sheet, ran.figure(indicator, segment, c)["value"]) for c in left_out)
    assert blank == {("Part C.", 0.0): 2, ("Part. D", 0.0): 3}


def test_totals_are_the_people_of_the_country_but_where_the_first_band_was_left_out(ran):
    lines = [(t, t.total) for sheet in tables(panel.BOOK).values() for t in sheet if t.total is not None]
    people = tuple(float(ran.people(c)) for c in panel.COUNTRIES)
    slips = [table for table, total in lines if total.counts != people]
    assert len(lines) == 35
    assert len(slips) == 6  # products of the first question of wealth
    for table in slips:
        first = table.lines[0].counts
        assert table.total.counts == tuple(n - left_out for n, left_out in zip(people, first, strict=True))


def test_who_holds_a_product_is_counted_again_beside_the_tables(ran):
    for number, printed in enumerate(holders(panel.BOOK), start=1):
        held = [ran.figure("holds", (("holds", str(number)),), c) for c in panel.COUNTRIES]
        assert tuple(e["value"] * e["n"] for e in held) == pytest.approx(printed, abs=1e-6)


def test_a_line_of_the_book_is_the_option_that_it_names(ran):
    """Lines are matched by order: their labels say the same, but for two questions that bear the labels of another."""
    told = {question["id"]: question.get("options", {}) for question in ran.study["questions"]}
    apart, same = Counter(), 0
    for sheet, own in panel.expected().items():
        for table, printed in zip(tables(panel.BOOK)[sheet], own, strict=True):
            for line, _, segment in panel.targets(printed, table):
                name, code = segment[-1] if segment else ("", "")
                label = told.get(name, told.get(name.rpartition("_")[0], {})).get(code)
                if label is not None and label == line.label:
                    same += 1
                elif label is not None:
                    apart[name.partition("_")[0]] += 1
    assert same == 350
    assert apart == {"b16": 5, "b17": 5, "d6": 18, "d7": 18, "d8": 18}  # of the grids, the map has numbers only


def test_one_table_has_other_countries_above_its_percentages_than_above_its_counts():
    crossed = [t.headers for sheet in tables(panel.BOOK).values() for t in sheet if t.headers[:3] != t.headers[3:]]
    assert [(len(set(h[:3])), sorted(h[:3]) == sorted(h[3:])) for h in crossed] == [(3, True)]


def test_words_of_other_answers_stand_beside_the_option_that_asked_for_them(ran):
    (facts,) = ran.published.folder.parent.glob("facts/*/verbatims.parquet")
    words = Counter(pq.read_table(facts)["question"].to_pylist())
    filled = {name: sum(row[name] != "" for row in ran.rows) for name in ("A3r14oe", "E3r6oe", "D4r4oe")}
    assert words == {"a3.14": filled["A3r14oe"], "education.6": filled["E3r6oe"]}
    assert filled["D4r4oe"] == 0  # the option was offered and nobody chose it
    other = [ran.figure("a3", (("a3", "14"),), c) for c in panel.COUNTRIES]
    assert round(sum(e["value"] * e["n"] for e in other)) == words["a3.14"] == 51


def test_reports_speak_both_languages(ran):
    for language in ("fr", "en"):
        page = (ran.published.folder / f"report.{language}.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}"' in page
        assert (ran.published.folder / f"report.{language}.xlsx").stat().st_size > 100_000
