"""What a report tells of weights: before and after, what they cost, where they were held."""

from __future__ import annotations

import dataclasses

import pytest

from report import sample
from report.pages import blocks, charts, page, read
from vigie.report.blocks import Table, Text
from vigie.report.drawings import Histogram, Shifts
from vigie.results import MarginLine

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
    assert [c.n for c in chart.spec.classes] == [900, 300, 40]
    assert [at for at, text in chart.spec.lines if text] == [0.3, 3.0]
    assert "0,80" in chart.title.replace("\u00a0", " ")
    text = page(told())
    assert "borne 0,30" in text
    assert "0,40–1,20" in read(text).words, "the classes stand in a table beside the drawing"


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
