"""A mean of all reviews that moved while other brands make them up is no news."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine_sources import study, table
from vigie.language import speak
from vigie.report.compose import compose
from vigie.report.edition import Edition
from vigie.results.decoding import from_json

POOR, GOOD = [2, 2, 3, 2, 2, 4, 2, 2], [4, 4, 3, 4, 4, 2, 4, 4]
INDICATORS = [
    "{id: stars, source: reviews, mean: stars, by: brand}",
    '{id: low, source: reviews, share: "stars in [1, 2]", by: brand}',
    '{id: high, source: reviews, share: "stars in [4, 5]"}',
]


def wave(folder, first, then, each):
    """The second of two waves: so many reviews of each brand, poor at first and then good."""
    every = sorted({*first, *then})
    brands = "brand,name,sector\n" + "\n".join(f"{b},{b.upper()},s" for b in every) + "\n"
    files = [
        [f"{b}{k},{b},{mark},{b}{k}" for i, b in enumerate(tested) for k, mark in enumerate(marks[i : i + each])]
        for tested, marks in ((first, POOR * 20), (then, GOOD * 20))
    ]
    waves = {str(k): {"reviews": table("review,brand,stars,author", f)} for k, f in enumerate(files, 1)}
    return from_json(json.dumps(study(folder, INDICATORS, waves, brands=brands)["2"]))


@pytest.mark.parametrize(
    ("then", "each", "news"),
    [
        ("abcdef", 40, {"stars", "low", "high"}),  # the same brands
        ("ghijkl", 40, set()),  # other brands
        ("abcdefghijklmnopqrstuvwxyz", 1, set()),  # the same and others, no one with reviews enough to be told
    ],
)
def test_what_moved_with_other_brands_is_no_headline(tmp_path, then, each, news):
    first = "abcdef" if each > 1 else "abcdefghijklmnopqrst"
    results = wave(tmp_path, first, then, each)
    whole = {e.indicator: e for e in results.estimates if not e.segment}
    assert {e.change.verdict for e in whole.values()} <= {"up", "down"}  # the figures themselves did move
    assert {e.indicator for e in Edition(results, (), speak("en")).moves()} == news


def test_the_section_of_reviews_says_that_other_brands_may_have_moved_the_mean(tmp_path):
    results = wave(tmp_path, "abcdef", "ghijkl", 40)
    said = "\n".join(str(block) for block in compose(results, (), "en").blocks)
    assert "no brand has enough reviews in both waves" in said
    assert "changed significantly" not in said  # nor that none did
    assert "No significant change" not in said


def test_a_brand_s_own_change_is_never_one_of_other_brands(tmp_path):
    results = wave(tmp_path, "abcdef", "abcdef", 40)
    (own,) = (e for e in results.estimates if e.indicator == "stars" and e.at("brand") == "a")
    fell = replace(results.compositions[0], constant=3.0, before=4.0)  # all together went the other way
    edition = Edition(replace(results, compositions=(fell,)), (), speak("en"))
    assert edition.figure(own).verdict == own.change.verdict == "up"
    (whole,) = (e for e in results.estimates if e.indicator == "stars" and not e.segment)
    assert edition.figure(whole).verdict == "untested"
