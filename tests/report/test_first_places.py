"""Who is first, and is it certain? Told of whole leagues, and of what a brand's reader is shown of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report import sample
from vigie.language import speak
from vigie.report import pages
from vigie.report.edition import Edition
from vigie.report.first_places import answer, verdict
from vigie.report.html import fragment
from vigie.report.opening import headline
from vigie.report.reduced import reduced
from vigie.results.rankings import Disclosure

FIRST, TIED, NONE = "sector:banking", "sector:energy", "sector:travel"


def edition(language: str = "en", results=None) -> Edition:
    return Edition(results or sample.results(), (), speak(language))


def league(of: Edition, family: str):
    return next(one for one in of.leagues() if one.family == family)


def names(of: Edition, family: str) -> list[str]:
    return [of.label(f"brand:{e.brand}") for e in league(of, family).entries]


def test_a_proved_first_is_certain():
    told = edition()
    assert answer(told, league(told, FIRST)) == f"Certain: {names(told, FIRST)[0]} is first."


def test_several_possible_firsts_are_named_and_not_certain():
    told = edition("fr")
    said = answer(told, league(told, TIED))
    assert said.startswith("Incertain\u00a0:")
    assert names(told, TIED)[0] in said


def test_where_nobody_reaches_the_threshold_the_best_score_is_told_and_no_first():
    told = edition()
    entries = tuple(replace(e, reaches_threshold="no") for e in league(told, NONE).entries)
    said = answer(told, replace(league(told, NONE), entries=entries))
    assert said == f"No brand certainly reaches 12 out of 20. Best score: {names(told, NONE)[0]}."


def test_one_possible_first_on_few_tests_is_not_certain():
    told = edition()
    alone = replace(league(told, TIED), winners=league(told, TIED).winners[:1])
    assert answer(told, alone) == f"Not certain: {names(told, TIED)[0]} has the best score."


@pytest.fixture
def reader():
    """What the reader of the last brand of each sector sees, where no names are published."""
    results = replace(sample.results(), disclose=Disclosure(names="none"))
    own = [one.entries[-1].brand for one in results.leagues if one.family in (FIRST, TIED, NONE)]
    return edition(results=reduced(results, own))


@pytest.mark.parametrize("family", [FIRST, TIED, NONE])
def test_a_part_of_a_league_is_told_as_the_whole_without_its_names(reader, family):
    said = [answer(reader, league(reader, family)), verdict(reader, league(reader, family))]
    hidden = names(edition(), family)[:-1]
    assert not [name for name in hidden if any(name in text for text in said)]
    expected = {FIRST: "Certain: a brand whose name is not published.",
                TIED: "Not certain: several brands may be first.", NONE: "No brand is proved first."}  # fmt: skip
    assert said[0] == expected[family]
    own = names(reader, family)[0]
    assert own not in said[0]  # the last of its sector has no best score


def test_a_league_of_which_nothing_is_shown_is_not_there():
    results = replace(sample.results(), disclose=Disclosure(names="none"))
    own = next(one for one in results.leagues if one.family == FIRST).entries[-1].brand
    seen = edition(results=reduced(results, [own]))
    assert [one.family for one in seen.sectors()] == [FIRST]


def test_the_overview_of_a_reader_to_whom_no_winner_is_named_opens():
    results = replace(sample.results(), disclose=Disclosure(names="none"), estimates=())
    own = next(one for one in results.leagues if one.family == FIRST).entries[-1].brand
    assert headline(edition(results=reduced(results, [own])))


def test_a_page_of_the_site_has_one_title_and_no_heading_is_skipped():
    told = edition()
    for name in ("league", "tables", "method", "channels"):
        text = fragment(pages.page(told, name), "en")
        assert text.count("<h1") == 1, name
        before = text.split("<section", 1)[0]
        assert "<h3>" not in before, name
