"""Changes across a break: told with their size and arrow, without a ring that the earlier figure would not fill."""

from __future__ import annotations

import dataclasses

import openpyxl
import pytest

from report import sample
from report.pages import charts
from vigie.language import speak
from vigie.report import findings, svg_panorama
from vigie.report.drawings import Panorama
from vigie.report.edition import CHANNEL, Edition
from vigie.report.waves import mix_told
from vigie.report.xlsx import write
from vigie.results.figures import Change
from vigie.results.trends import Mix


def wave(*notes):
    """A wave whose tested changes have these notes."""
    return sample.replace(estimates=tuple(
        dataclasses.replace(e, change=dataclasses.replace(e.change, notes=notes)) if e.change else e
        for e in sample.results().estimates
    ))  # fmt: skip


def moved(results):
    """A figure of a channel that moved, as the report has it."""
    edition = Edition(results, sample.earlier(), speak("en"))
    e = edition.by(CHANNEL)["survey", "usage"]["messaging"]
    return edition, e, edition.figure(e)


@pytest.mark.parametrize(
    ("verdict", "tested"), [("up", True), ("down", True), ("none", True), ("break", False), ("untested", False)]
)
def test_what_was_tested(verdict, tested):
    assert Change("1", 0.1, 0.01, 0.001, 0.001, verdict).tested is tested


@pytest.mark.parametrize(
    ("notes", "reopened"),
    [((), False), (("overlap", "same_as"), False), (("linked",), True), (("common_list",), True),
     (("channels_added", "common_brands"), True)],
)  # fmt: skip
def test_what_is_reopened_is_not_the_difference_of_two_figures(notes, reopened):
    assert Change("1", 0.1, 0.01, 0.001, 0.001, "up", "", notes).reopened is reopened


@pytest.mark.parametrize("note", ["linked", "common_list", "common_brands"])
def test_a_reopened_change_has_no_figure_before_it_and_is_told_all_the_same(note):
    edition, e, figure = moved(wave())
    assert figure.before == pytest.approx(e.value - e.change.difference)
    told = findings.told(edition, e)
    assert told.replace("\u00a0", " ") == "+7 points"
    edition, e, figure = moved(wave(note))
    assert figure.before is None
    assert figure.moved
    assert findings.told(edition, e) == told


def test_its_chart_has_an_arrow_and_no_ring():
    for notes, ringed in (((), True), (("linked",), False)):
        (chart,) = charts(Panorama, results=wave(*notes))
        drawn = svg_panorama.wide(chart.spec, speak("fr"), "x")
        assert ('class="ghost' in drawn) is ringed
        assert 'class="arrow"' in drawn
        marks = {key.mark for key in chart.keys}
        assert {"ring", "move"} <= marks if ringed else marks.isdisjoint({"ring", "move"}) and "arrow" in marks


def test_the_tab_book_tells_its_size(tmp_path):
    changes = {}
    for name, notes in {"plain": (), "linked": ("linked",)}.items():
        write(wave(*notes), sample.earlier(), tmp_path / f"{name}.xlsx", "en")
        sheet = openpyxl.load_workbook(tmp_path / f"{name}.xlsx")["Survey"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        head = next(row for row in rows if "Change" in row)
        changes[name] = {row[1]: row[head.index("Change")] for row in rows if row[0] == "Used"}
    assert changes["plain"]["Messaging"] == pytest.approx(7)
    assert changes["linked"] == changes["plain"]


def test_intervals_beside_changes_have_the_level_of_the_wave():
    mix = Mix("survey", "contacted", {}, "share", 0, "2023", "sex", 0.05, 0.03, 0.01, 0.02, 0.01, True)
    for level, said in ((0.95, "2.0"), (0.8, "1.3"), (0.99, "2.6")):
        some = tuple(dataclasses.replace(e, level=level) for e in sample.results().estimates)
        told = mix_told(Edition(sample.replace(estimates=some), (), speak("en")), mix)
        assert f"+2.0\u00a0points (±\u00a0{said})" in told
