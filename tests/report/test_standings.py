"""What is said of the order of two brands: certain where it is proved, uncertain where it is not, else nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from report import all_sources
from vigie.engine.leagues import Field, Score, blank, league
from vigie.language import speak
from vigie.report.blocks import Text
from vigie.report.edition import Edition
from vigie.report.reduced import reduced
from vigie.report.standings import compared, standings
from vigie.results.rankings import Disclosure

SCORES = [15.8, 15.5, 15.1, 14.9, 14.7, 14.2, 13.6, 13.1, 12.4, 11.2]
ERRORS = [0.22, 0.25, 0.21, 0.28, 0.24, 0.26, 0.23, 0.30, 0.27, 0.33]


def results(names="all"):
    members = [
        Score(f"b{k}", 100, s, e, s - 0.5, s + 0.5, "ok") for k, (s, e) in enumerate(zip(SCORES, ERRORS, strict=True))
    ]
    like = replace(blank(0.95, 20.0, None, ""), family="sector:s")
    made = league(Field(members, np.diag(np.square(ERRORS)), [""] * 10, ["s"] * 10), range(10), like)
    return replace(all_sources.results(), leagues=(made,), cells=(), disclose=Disclosure(names=names))


def said(found, *brands):
    """What is told of the order of these brands."""
    edition = Edition(found, (), speak("en"))
    chosen = [s for s in standings(edition) if s.brand in brands]
    return " ".join(str(b.content[0]) for b in compared(edition, chosen) if isinstance(b, Text) and b.role == "lead")


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (0, 1, False),  # 0.3/√(0.22² + 0.25²) = 0.9 standard errors apart
        (0, 4, True),  # 1.1/√(0.22² + 0.24²) = 3.4, though the sets are 1 to 4 and 2 to 6
        (0, 9, True),
    ],
)
def test_the_order_of_two_brands_is_certain_where_it_is_proved(one, other, certain):
    words = said(results(), f"b{one}", f"b{other}")
    assert ("is certainly before" in words) is certain
    assert ("is not certain" in words) is not certain


def test_of_a_league_that_an_older_release_wrote_nothing_is_said_that_is_not_known():
    made = results()
    (old,) = made.leagues
    old = replace(old, entries=tuple(replace(e, also_before=None) for e in old.entries))
    known = replace(made, leagues=(old,))
    assert said(known, "b0", "b1") == said(known, "b0", "b4") == ""
    assert "certainly before" in said(known, "b0", "b9")


def test_a_brand_s_reader_is_told_of_no_brand_that_is_not_public():
    (whole,), (seen,) = results(2).leagues, reduced(results(2), ["b4"]).leagues
    assert "b4" in whole.entries[0].also_before
    assert [(e.brand, e.also_before) for e in seen.entries] == [("b0", ("b4",)), ("b1", ()), ("b4", ())]
