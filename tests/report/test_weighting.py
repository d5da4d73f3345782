"""What a report tells of weights: before and after, what they cost, where they were held."""

from __future__ import annotations

import dataclasses
import html
import re
from itertools import pairwise

import pytest

from report import sample
from report.pages import blocks, charts, page, read
from vigie.language import speak
from vigie.report import svg_shifts
from vigie.report.blocks import Table, Text
from vigie.report.drawings import Histogram, ShiftRow, Shifts
from vigie.report.svg import measure
from vigie.results.methods import MarginLine

WEIGHTS = dataclasses.replace(
    sample.results().weighting, histogram=((0.4, 1.2, 900), (1.2, 2.0, 300), (2.0, 2.9, 40)), bounds=(0.3, 3.0)
)


def told(**more):
    """The blocks of a report with these weights."""
    return sample.replace(weighting=dataclasses.replace(WEIGHTS, **more))


def costs(results):
    (found,) = [t for t in blocks(Table, results) if t.title == "Ce que coûte le redressement"]
    return found


def test_the_weights_are_drawn_with_their_bounds():
    (chart,) = charts(Histogram, results=told())
    assert [b.n for b in chart.spec.bins] == [900, 300, 40]
    assert [at for at, text in chart.spec.lines if text] == [0.3, 3.0]
    assert "0,80" in chart.title.replace("\u00a0", " ")
    text = page(told())
    assert "borne 0,30" in text
    assert "0,40–1,20" in read(text).words, "the classes stand in a table beside the drawing"


def test_few_people_of_one_weight_are_never_counted():
    text = read(page(told(histogram=((0.4, 1.2, 900), (1.2, 2.0, 0), (2.0, 2.9, 3))))).words
    rows = text.split("0,40–1,20")[1][:200]
    assert "<\u00a05" in rows
    assert " 3 " not in " ".join(rows.split("2,00–2,90")[1].split()[:2]) + " "


def test_what_weighting_costs_is_told_on_the_weight_that_the_ratios_are_of():
    start, mean = "poids / poids de départ", "poids / poids moyen"
    for method, said, unsaid in (("raking", start, mean), ("base+raking", start, mean), ("base", mean, start)):
        sub = costs(told(method=method)).sub
        assert said in sub
        assert unsaid not in sub
    given = dataclasses.replace(WEIGHTS, method="base")
    (table,) = [t for t in blocks(Table, sample.replace(weighting=given), language="en") if "costs" in t.title]
    assert "weight / mean weight" in table.sub


BOX = re.compile(r'<text x="([\d.]+)" y="([\d.]+)" class="tick" text-anchor="middle">([^<]+)</text>')


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("most", [0.6, 1.0])
@pytest.mark.parametrize("panels", [1, 2, 3, 4])
def test_the_ticks_of_populations_side_by_side_stand_apart(language, most, panels):
    rows = (ShiftRow("Région"), ShiftRow("Une modalité dont le libellé est très long", ((0.1, 0.2),) * panels))
    spec = Shifts(tuple(f"Population {k}" for k in range(panels)), rows, most)
    words = speak(language)
    for drawn in (svg_shifts.wide(spec, words, "x"), svg_shifts.narrow(spec, words, "x")):
        lines: dict[str, list[tuple[float, float]]] = {}
        for x, y, text in BOX.findall(drawn):
            half = measure(html.unescape(text), 11.6) / 2
            lines.setdefault(y, []).append((float(x) - half, float(x) + half))
        assert lines
        for boxes in lines.values():
            assert len(boxes) >= 2
            assert all(a[1] < b[0] for a, b in pairwise(sorted(boxes)))


def test_every_category_is_drawn_before_and_after():
    (chart,) = charts(Shifts, results=told())
    headings = [r.label for r in chart.spec.rows if r.heading]
    assert len(headings) == 2
    assert chart.spec.rows[1].shares == ((0.516, 0.522),)
    assert "de 2,3" in chart.title.replace("\u202f", " "), "the largest correction is the finding"
    assert "38,9" in chart.title


def test_populations_stand_beside_each_other():
    parts = [
        dataclasses.replace(WEIGHTS, population=code, by="sex", n=n) for code, n in (("f", 640), ("m", 600))
    ]  # fmt: skip
    results = told(margins=(), populations=tuple(parts), by="sex")
    (chart,) = charts(Shifts, results=results)
    assert len(chart.spec.panels) == 2
    assert all(chart.spec.panels)
    assert len(costs(results).rows) == 3
    assert "chacune redressée pour elle-même" in read(page(results)).words


def test_columns_that_say_nothing_are_left_out():
    def heads(results):
        return [c.head for c in costs(results).columns]

    assert "Écrêtés" not in heads(told())
    assert "À une borne" in heads(told())
    assert "À une borne" not in heads(told(at_bounds_share=0.0))
    assert "Écrêtés" in heads(told(cap=2.5, trimmed_share=0.04))
    said = read(page(told(cap=2.5, trimmed_share=0.04))).words.replace("\u202f", " ").replace("\u00a0", " ")
    assert "au-dessus de 2,50 fois" in said
    assert "4,0 % d’entre eux" in said


def test_a_number_among_the_margins_is_told_as_a_mean():
    lines = (*WEIGHTS.margins, MarginLine("age_years", "", 1240, 44.2, 47.9, 47.9))
    words = read(page(told(margins=lines))).words
    assert "47,90" in words
    assert "Moyenne" in words


def test_the_weighting_of_some_people_says_who_they_are():
    second = dataclasses.replace(WEIGHTS, name="contacters", base="any(used)", n=800)
    texts = " ".join(str(t.content[0]) for t in blocks(Text, sample.replace(weightings=(second,))))
    assert "contacters" in texts
    assert "800" in texts


@pytest.mark.parametrize("method", ["linear", "logit", "truncated", "base+linear", "base+logit", "base+truncated"])
def test_every_method_has_words(method):
    said = read(page(told(method=method))).words
    assert "calage" in said
    assert "base+" not in said
