"""Drivers in a report: the finding only where intervals allow one, what is drawn, what is said, what is hidden."""

from __future__ import annotations

import dataclasses

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
from vigie.report.svg_quadrant import narrow, wide
from vigie.report.xlsx import write
from vigie.results import Driver, Drivers, Lineage

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


def test_names_never_run_over_each_other_and_numbers_are_always_there():
    crowd = tuple(dataclasses.replace(driver("fast", 0.1, 0.02, 6 + k / 50), attribute=f"a{k}") for k in range(10))
    (chart,) = charts(Quadrant, results=results(entries=crowd))
    words = speak("fr")
    drawn = wide(chart.spec, words, "x")
    assert 0 < drawn.count('class="named"') < 10
    assert all(f">{k}</text>" in drawn for k in range(1, 11))
    assert 'class="named"' not in narrow(chart.spec, words, "x")


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
