"""Drivers in a report: the finding only where intervals allow one, what is drawn, what is said, what is hidden."""

from __future__ import annotations

import dataclasses
import html
import re
from itertools import combinations
from math import dist

import openpyxl
import pytest

from report import sample
from report.pages import blocks, charts, read
from vigie.language import speak
from vigie.report.blocks import Section, Table
from vigie.report.compose import compose
from vigie.report.drawings import Quadrant
from vigie.report.drivers import heading
from vigie.report.edition import Edition
from vigie.report.html import render
from vigie.report.rules import rules
from vigie.report.svg import measure
from vigie.report.svg_quadrant import narrow, wide
from vigie.report.xlsx import write
from vigie.results.drivers import Driver, Drivers
from vigie.results.figures import Lineage

ATTRIBUTES = {"fast": ("Rapidité", "Speed"), "clear": ("Clarté", "Clarity"), "kind": ("Amabilité", "Kindness")}


def driver(name, importance, half, performance, **changes):
    fr, en = ATTRIBUTES[name]
    return Driver(
        name, {"fr": fr, "en": en}, importance, importance - half, importance + half, performance, performance - 0.2,
        performance + 0.2, 0.5, (1.0, 10.0), **changes,
    )  # fmt: skip


ENTRIES = (driver("fast", 0.6, 0.08, 5.2), driver("clear", 0.3, 0.07, 7.4), driver("kind", 0.1, 0.05, 8.1))


def analysis(**changes):
    asked = {"fr": "Êtes-vous satisfait ?"}
    lineage = Lineage(asked, "shapley: overall by fast, clear", "everyone", "", "raking", "bootstrap", ())
    made = Drivers(
        "why", {"fr": "Satisfaction d’ensemble", "en": "Overall satisfaction"}, "overall", "survey", "2024", "shapley",
        ENTRIES, 912, 800.0, 31, 0.62, 0.57, 0.66, 0.95, 1000, 20070615, "ok", lineage,
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


def results(**changes):
    return sample.replace(drivers=(analysis(**changes),))


def words_of(wave, language="en"):
    text = read(render(compose(wave, sample.earlier(), language))).words
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_first_that_stands_clear_of_the_others_is_the_finding():
    edition = Edition(results(), (), speak("en"))
    assert heading(edition, analysis()) == "Overall satisfaction: the strongest link is with “Speed”"
    near = (driver("fast", 0.4, 0.1, 5.2), driver("clear", 0.35, 0.1, 7.4))
    assert heading(edition, analysis(entries=near)) == "Overall satisfaction: no link is clearly the strongest"
    assert heading(edition, analysis(flag="fragile")) == "Overall satisfaction: what goes with it"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Overall satisfaction: the strongest link", "not what causes what", "Base: all respondents (n = 912)",
                "31 people who did not give every mark are left out", "explain 62% of the differences", "57–66%",
                "1,000 bootstrap samples (seed 20070615)", "1. Speed", "60%", "52–68%", "5.2", "To look at first"]),
        ("fr", ["Satisfaction d’ensemble : le lien le plus fort", "non ce qui cause quoi",
                "31 personnes qui n’ont pas donné toutes les notes", "62 % des différences", "1. Rapidité", "5,2",
                "À regarder d’abord", "« Êtes-vous satisfait ? »", "Leviers"]),
    ],
)  # fmt: skip
def test_the_page_says_what_was_found_on_whom_and_how(language, said):
    text = words_of(results(), language)
    assert not [one for one in said if one not in text]


def test_a_report_without_drivers_has_no_such_section():
    assert not [s for s in blocks(Section) if s.anchor == "drivers"]


def test_dots_stand_on_importance_and_performance_with_the_middle_drawn():
    (chart,) = charts(Quadrant, results=results())
    spec = chart.spec
    assert (spec.x.low, spec.x.high) == (5.0, 9.0)
    assert (spec.y.low, spec.y.high) == (0.0, 0.8)
    assert spec.middle == pytest.approx((6.9, 1 / 3))
    assert [dot.y.value for dot in spec.dots] == [0.6, 0.3, 0.1]


CIRCLE = re.compile(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="9" class="dot[^"]*"/>')
WORDS = re.compile(r'<text x="([\d.]+)" y="([\d.]+)" class="([^"]+)"(?: text-anchor="(\w+)")?>([^<]*)')
LEADER = re.compile(r'<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)" class="leader"/>')
SIZES = {"named": 13, "s": 12}


def circles(drawn):
    return [(float(x), float(y)) for x, y in CIRCLE.findall(drawn)]


def texts(drawn, css):
    """The boxes of the texts of a class: left, top, right, bottom."""
    for x, y, kind, anchor, text in WORDS.findall(drawn):
        if kind == css:
            width = measure(html.unescape(text), SIZES[css])
            left = float(x) - {"": 0, "middle": width / 2, "end": width}[anchor]
            yield left, float(y) - 10, left + width, float(y) + 3


def meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crowd(n, step, performance=6.0):
    """So many attributes beside each other, so far apart on the scale of marks."""
    return tuple(
        dataclasses.replace(driver("fast", 0.1 + k % 2 / 500, 0.02, performance + k * step), attribute=f"a{k}")
        for k in range(n)
    )


@pytest.mark.parametrize("step", [0.0, 0.02, 0.1, 0.2])
def test_names_and_dots_never_run_over_each_other_and_numbers_are_always_there(step):
    (chart,) = charts(Quadrant, results=results(entries=crowd(10, step)))
    words = speak("fr")
    for draw in (wide, narrow):
        drawn = draw(chart.spec, words, "x")
        dots, names = circles(drawn), list(texts(drawn, "named"))
        assert [k for k in range(1, 11) if f">{k}</text>" in drawn] == list(range(1, 11))
        assert len(dots) == 10
        assert all(dist(a, b) >= 2 * 9 + 2 for a, b in combinations(dots, 2)), "with their rims of 1 each"
        assert not any(meet(a, b) for a, b in combinations(names, 2))
        around = [(x - 10, y - 10, x + 10, y + 10) for x, y in dots]
        assert not any(meet(a, b) for a in around for b in names)
        assert bool(names) is (draw is wide)


def test_a_dot_that_is_moved_is_led_to_its_place_and_others_stay():
    entries = (*crowd(2, 0.0), driver("kind", 0.5, 0.05, 8.0))
    (chart,) = charts(Quadrant, results=results(entries=entries))
    drawn = wide(chart.spec, speak("fr"), "x")
    first, moved, alone = circles(drawn)
    ((x1, y1, x2, y2),) = LEADER.findall(drawn)
    assert (float(x1), float(y1)) == moved
    assert dist((float(x2), float(y2)), first) < 3, "the two have one performance, and nearly one importance"
    assert not LEADER.findall(wide(dataclasses.replace(chart.spec, dots=chart.spec.dots[1:]), speak("fr"), "x"))
    assert alone in circles(wide(dataclasses.replace(chart.spec, dots=chart.spec.dots[1:]), speak("fr"), "x"))


def test_the_words_of_a_corner_are_left_out_where_a_dot_stands_on_them():
    (chart,) = charts(Quadrant, results=results())
    free = wide(chart.spec, speak("en"), "x")
    assert all(corner in free for corner in chart.spec.corners)
    spec = dataclasses.replace(chart.spec, y=dataclasses.replace(chart.spec.y, high=0.615))  # up to the first dot
    drawn = wide(spec, speak("en"), "x")
    assert spec.corners[0] not in drawn
    assert spec.corners[1] in drawn
    around = [(x - 10, y - 10, x + 10, y + 10) for x, y in circles(drawn)]
    assert not any(meet(a, b) for a in around for b in texts(drawn, "s"))


def test_marks_on_different_scales_are_drawn_by_how_far_up_they_stand():
    entries = (ENTRIES[0], dataclasses.replace(ENTRIES[1], scale=(1.0, 5.0), performance=3.0))
    (chart,) = charts(Quadrant, results=results(entries=entries))
    assert chart.spec.x.unit == "share"
    assert chart.spec.dots[1].x.value == 0.5
    assert chart.spec.dots[1].cells[1].value == 3.0  # the table keeps the mark


def test_numbers_without_a_scale_are_told_in_a_table():
    entries = (ENTRIES[0], dataclasses.replace(ENTRIES[1], scale=None))
    assert not charts(Quadrant, results=results(entries=entries))
    (table,) = [t for t in blocks(Table, results(entries=entries)) if t.title.startswith("Satisfaction d’ensemble")]
    assert len(table.rows) == 2


def test_too_few_people_are_a_sentence_and_no_figure():
    hidden = results(entries=(), n=12, r2=None, r2_low=None, r2_high=None, flag="hidden")
    assert not charts(Quadrant, results=hidden)
    assert "Overall satisfaction: base < 30." in words_of(hidden)


def test_penalties_rewards_and_what_they_say_together():
    kinds = ("basic", "linear", "delight")
    entries = tuple(
        dataclasses.replace(e, penalty=-1.2, penalty_low=-1.5, penalty_high=-0.9, reward=0.4, reward_low=0.1,
                            reward_high=0.7, kind=k)
        for e, k in zip(ENTRIES, kinds, strict=True)
    )  # fmt: skip
    text = words_of(results(method="penalty_reward", low=4.0, high=9.0, entries=entries))
    wanted = ["taken for granted", "both ways alike", "delights", "Penalty", "−1.2", "(up to 4)", "(from 9 on)"]
    assert not [one for one in wanted if one not in text]


def test_marks_that_go_the_other_way_are_named():
    turned = (ENTRIES[0], dataclasses.replace(ENTRIES[1], correlation=-0.3), ENTRIES[2])
    assert "Higher marks go with a lower overall mark: Clarity." in words_of(results(entries=turned))


def test_the_methodology_says_how_drivers_are_computed():
    said = [t.content[0] for t in rules(Edition(results(), (), speak("en")))]
    assert any("Rao and Wu" in sentence for sentence in said)
    assert not any("Rao and Wu" in t.content[0] for t in rules(Edition(sample.results(), (), speak("en"))))


def test_the_tab_book_has_every_figure_and_its_method(tmp_path):
    write(results(), sample.earlier(), tmp_path / "book.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["Drivers"]
    rows = {str(row[0].value): [cell.value for cell in row[1:]] for row in sheet.iter_rows() if row[0].value}
    assert rows["Speed"][:7] == pytest.approx([0.6, 0.52, 0.68, 5.2, 5.0, 5.4, 0.5])
    assert rows["Explained together (R²)"][:3] == pytest.approx([0.62, 0.57, 0.66])
    assert (rows["People who gave every mark"][0], rows["People left out"][0]) == (912, 31)
    assert any("seed 20070615" in name for name in rows)
