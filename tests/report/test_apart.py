"""Names side by side, the order of groups, bare codes, colours of bars, and scales of time."""

import dataclasses

import pytest

from report import all_sources, sample
from vigie.language import speak
from vigie.report.apart import apart, in_order
from vigie.report.blocks import Chart, Table
from vigie.report.channels import clock
from vigie.report.drawings import Bars, Stack
from vigie.report.edition import Edition
from vigie.report.html_text import Page
from vigie.report.parts import capital
from vigie.report.shapes import shapes
from vigie.report.tones import tones

LONG = "Based on your understanding of the offer, how likely are you to "


def edition(**changes):
    return Edition(sample.replace(**changes), (), speak("en"))


def test_what_names_share_is_taken_off_where_they_would_be_cut_alike():
    names = [LONG + "renew", LONG + "recommend it to a friend", "Something else altogether"]
    assert apart(names, 60) == ["… renew", "… recommend it to a friend", "Something else altogether"]


def test_names_that_are_told_apart_by_what_is_seen_stay_whole():
    names = ["Cases that went from one channel to another", "Cases that went from the web to the shop"]
    assert apart(names, 40) == ["Cases that went from one channel to…", names[1]]
    assert apart(names, 80) == names


def test_a_name_that_is_the_beginning_of_another_keeps_a_word():
    assert all(text.strip("… ") for text in apart([LONG + "renew", LONG.strip()], 60))


def test_groups_stand_as_the_study_has_them_and_brands_from_the_largest():
    labels = {f"age:{code}": {"en": code} for code in ("young", "old")} | {f"brand:{b}": {"en": b} for b in "ab"}
    made = edition(labels=labels)
    assert in_order(made, "age", {"other": 9, "old": 5, "young": 1}) == ["young", "old", "other"]
    assert in_order(made, "brand", {"a": 1, "b": 2}) == ["b", "a"]


@pytest.mark.parametrize(
    ("code", "name"), [("la_criee", "La criee"), ("avis-phare", "Avis-phare"), ("iOS", "iOS"), ("g2", "g2")]
)
def test_a_bare_code_becomes_a_name(code, name):
    assert capital(code) == name


@pytest.mark.parametrize("n", [2, 6, 7, 8])
def test_no_two_parts_of_a_bar_have_one_colour(n):
    assert len(set(tones([chr(97 + i) for i in range(n)]))) == n
    assert len(set(tones([f"{i} h" for i in range(n)]))) == n


def test_bands_of_numbers_are_steps_of_one_colour():
    assert tones(["under 2 h", "2 to 4 h", "over 4 h"]) == ("ramp0", "ramp4", "ramp7")
    assert tones(["solved", "passed on", "given up"]) == ("state0", "state1", "state2")


@pytest.mark.parametrize(
    ("hours", "end"), [([0.002, 0.004], 20 / 3600), ([0.2, 0.3], 20 / 60), ([2, 5.5], 8), ([60, 70], 96)]
)
def test_a_scale_of_time_begins_at_nothing_and_is_round_in_its_unit(hours, end):
    assert clock(hours) == (0.0, pytest.approx(end))


def test_a_heading_does_not_break_within_an_inversion():
    page = Page(speak("fr"))
    assert page.heading("Combien y a-t-il de brise-glaces ?").startswith("Combien y a\u2011t\u2011il de brise-glaces")
    assert "êtes\u2011vous" in page.heading("Où êtes-vous")


@pytest.mark.parametrize(("n", "kind"), [(8, Stack), (9, Bars)])
def test_more_states_than_colours_are_bars_of_their_own(n, kind):
    states = [("state", f"s{i}") for i in range(n)]
    where = ((), (("channel", "email"),), (("channel", "phone"),))
    found = [
        all_sources.figure("case_end", "funnel: …", 1 / n, 400, (*w, state), source="log", part="state")
        for w in where
        for state in states
    ]
    made = Edition(dataclasses.replace(all_sources.results(), estimates=tuple(found)), (), speak("en"))
    first, second = shapes(made, made.measures["log", "case_end"])
    assert isinstance(first.spec, kind)
    assert isinstance(second, Chart if kind is Stack else Table)
    assert len(second.spec.rows if kind is Stack else second.rows) == 2
