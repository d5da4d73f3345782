"""Leagues of brands by their stars, the composition of a wave of reviews, and the error of the coder."""

from __future__ import annotations

import itertools
import statistics

import pytest

from engine_sources import study, table
from line import figure, league, results, study_folder

STARS = "{id: stars, source: reviews, mean: stars, by: brand}"
HEAD = "review,brand,stars,author"


def rated(*brands):
    """Reviews from (brand, stars of each): a file's text, every review by another author."""
    number = itertools.count()
    rows = [f"{(i := next(number))},{brand},{mark},{i}" for brand, marks in brands for mark in marks]
    return table(HEAD, rows)


def waves(folder, *files, indicators=(STARS,), **more):
    return study(folder, indicators, {str(k): {"reviews": f} for k, f in enumerate(files, 1)}, **more)


GOOD, POOR = [5, 5, 4, 5] * 12, [1, 2, 1, 1] * 12


def test_brands_are_ranked_by_their_mean_stars_in_each_sector_and_over_all(tmp_path):
    found = waves(tmp_path, rated(("a", GOOD), ("b", POOR), ("c", GOOD), ("d", [1, 5])))["1"]
    assert [(x["family"], x["sets"], x["source"], x["indicator"]) for x in found["leagues"]] == [
        ("sector:s", "simultaneous", "reviews", "stars"), ("sector:t", "simultaneous", "reviews", "stars"),
        ("all", "marginal", "reviews", "stars"),
    ]  # fmt: skip
    own = league(found, "sector:s")
    assert [(e["brand"], e["score"], e["rank"]["low"], e["rank"]["high"]) for e in own["entries"]] == [
        ("a", 4.75, 1, 1), ("b", 1.25, 2, 2),
    ]  # fmt: skip
    assert (own["verdict"], own["winners"], own["out_of"], own["threshold"]) == ("first", ["a"], 5, None)
    assert figure(found, "stars", brand="a")["rank"]["family"] == "sector:s"
    assert league(found, "all")["verdict"] == "tied"


def test_brands_with_few_reviews_are_listed_unranked(tmp_path):
    found = league(waves(tmp_path, rated(("a", GOOD), ("b", [5])))["1"], "sector:s")
    assert found["unranked"] == [{"brand": "b", "n": 1, "reason": "min_reviews"}]


def test_few_reviews_that_all_agree_prove_nothing(tmp_path):
    found = league(waves(tmp_path, rated(("a", [5, 5, 5]), ("b", [5, 1, 4, 4] * 12)))["1"], "sector:s")
    first = found["entries"][0]
    spread = 2.25 * 48 / 47  # the variance of a review of b; that of a, with 2 degrees of freedom, is 0
    assert first["se"] == pytest.approx((47 * spread / 49 / 3) ** 0.5)
    assert (first["brand"], first["rank"]["high"]) == ("a", 2)


def test_reviews_that_all_agree_have_no_order(tmp_path):
    found = league(waves(tmp_path, rated(("a", [5, 5]), ("b", [5, 5])))["1"], "sector:s")
    assert [u["reason"] for u in found["unranked"]] == ["same_stars", "same_stars"]


def test_no_league_without_a_mean_by_brand(tmp_path):
    found = waves(tmp_path, rated(("a", GOOD)), indicators=["{id: stars, source: reviews, mean: stars}"])["1"]
    assert (found["leagues"], found["compositions"]) == ([], [])


def test_authors_that_brands_share_make_their_difference_more_certain(tmp_path):
    """Each author marks both brands, every other one a star apart: the difference is certain, though marks vary."""
    marks = [1, 4, 1, 4, 2] * 6
    pairs = [f"{2 * i},a,{m + i % 2},x{i}\n{2 * i + 1},b,{m},x{i}" for i, m in enumerate(marks)]
    pairs[0] = "0,a,3,x0\n1,b,1,x0"
    together = league(waves(tmp_path / "1", table(HEAD, pairs))["1"], "sector:s")
    alone = [p.replace("x", "a", 1).replace("x", "b", 1) for p in pairs]
    apart = league(waves(tmp_path / "2", table(HEAD, alone))["1"], "sector:s")
    assert [e["rank"]["high"] for e in together["entries"]] == [1, 2]
    assert [e["rank"]["high"] for e in apart["entries"]] == [2, 2]


def test_two_authors_do_not_make_a_difference_certain(tmp_path):
    pairs = ["1,a,5,x1", "2,b,4,x1", "3,a,2,x2", "4,b,1,x2"]
    few = league(waves(tmp_path, table(HEAD, pairs))["1"], "sector:s")
    assert [(e["rank"]["low"], e["rank"]["high"]) for e in few["entries"]] == [(1, 2), (1, 2)]


def test_a_mean_that_moves_because_brands_bring_more_reviews_is_told(tmp_path):
    before = rated(("a", [5, 4] * 5), ("b", [1, 2] * 20))
    after = rated(("a", [5, 4] * 30), ("b", [1, 2] * 5), ("d", [3, 3, 4]))
    found = waves(tmp_path, before, after)
    (then,), (now,) = found["1"]["compositions"], found["2"]["compositions"]
    assert (then["overall"], then["constant"]) == (pytest.approx((4.5 * 10 + 1.5 * 40) / 50), None)
    assert now["overall"] == pytest.approx((4.5 * 60 + 1.5 * 10 + 10) / 73)
    assert now["constant"] == pytest.approx(then["overall"])  # no brand has changed
    assert now["before"] == pytest.approx(then["overall"])
    assert now["within"] == pytest.approx((4.5 + 1.5 + 10 / 3) / 3)
    errors = [0.25 * 60 / 59 / 60, 0.25 * 10 / 9 / 10, 1 / 3 / 3]
    assert now["within_se"] == pytest.approx(sum(errors) ** 0.5 / 3)
    assert now["largest"] == [["a", 60], ["b", 10]]
    assert (now["two_largest"], now["brands"], now["within_brands"]) == (pytest.approx(70 / 73), 3, 3)


def test_the_mean_of_the_brands_is_as_uncertain_as_the_authors_that_they_share(tmp_path):
    """Twelve authors, each of whom gives all three brands the same stars: the mean has the error of twelve marks."""
    marks = [1, 5, 3, 4, 2, 5, 1, 2, 4, 3, 5, 1]
    rows = [f"{b}{i},{b},{mark},x{i}" for i, mark in enumerate(marks) for b in "abc"]
    (made,) = waves(tmp_path, table(HEAD, rows))["1"]["compositions"]
    assert made["within"] == pytest.approx(3)
    assert made["within_se"] == pytest.approx(statistics.stdev(marks) / len(marks) ** 0.5)


def test_a_brand_that_took_over_another_is_not_compared(tmp_path):
    brands = "brand,name,sector,from,until,succeeds\na,Albane,s,,,\nb,Bertil,s,,2024-05-31,\nc,Corvin,s,,,\n"
    brands += "d,Dorval,s,,,\n"
    brands = brands.replace("a,Albane,s,,,\n", "a,Albane,s,,2024-05-31,\na,Albane,s,2024-06-01,,b\n")
    dated = {"1": ("2024-01-15", GOOD), "2": ("2024-07-15", POOR)}
    files = {w: table("brand,stars,day", [f"a,{m},{day}" for m in marks]) for w, (day, marks) in dated.items()}
    folder = tmp_path / "s"
    text = f"""
study: s
title: S
languages: [en]
brands: brands.csv
reviews: {{min_reviews: 2, show: {{hide: 2, fragile: 10}}}}
indicators: [{STARS}]
imports: {{f: {{brand: brand, stars: stars, published_on: day}}}}
waves:
  - {{id: "1", field: [2024-01-01, 2024-02-01], files: {{reviews: {{path: 1.csv, import: f}}}}}}
  - {{id: "2", field: [2024-07-01, 2024-08-01], files: {{reviews: {{path: 2.csv, import: f}}}}}}
"""
    tables = {f"{w}.csv": rows for w, rows in files.items()}
    found = results(study_folder(folder, {"study.yaml": text, "brands.csv": brands} | tables))["2"]
    change = figure(found, "stars", brand="a")["change"]
    assert (change["verdict"], change["reason"]) == ("break", "merged")
    assert figure(found, "stars")["change"]["verdict"] == "down"
