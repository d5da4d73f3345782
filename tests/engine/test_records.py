"""Figures on reviews, tests and cases that can be worked out by hand: bases, clusters, fields, states, scores."""

from __future__ import annotations

import math

import pytest

from engine_sources import study, table
from line import figure
from vigie.errors import VigieError

STARS = "{id: stars, source: reviews, mean: stars, by: [brand, sector, platform]}"
HIGH = "{id: high, source: reviews, share: stars >= 4}"
EACH = "{id: each, source: reviews, share: stars, by: platform}"
HEAD = "review,brand,stars,author,platform"


def reviews(folder, rows, *indicators, **more):
    return study(folder, indicators or (STARS,), {"w": {"reviews": table(HEAD, rows)}}, **more)["w"]


def test_reviews_of_one_author_are_one_cluster(tmp_path):
    rows = ["1,a,5,x,p", "2,a,3,x,p", "3,a,4,y,p", "4,a,1,z,p", "5,a,,z,p"]
    found = figure(reviews(tmp_path, rows), "stars")
    mean = (5 + 3 + 4 + 1) / 4
    totals = [(5 - mean) + (3 - mean), 4 - mean, 1 - mean]
    assert found["value"] == pytest.approx(mean)
    assert found["se"] == pytest.approx(math.sqrt(3 / 2 * sum(t**2 for t in totals)) / 4)
    assert (found["n"], found["source"], found["grain"], found["unit"]) == (4, "reviews", "review", "mean")
    assert found["out_of"] == 5


def test_reviews_without_an_author_stand_alone(tmp_path):
    found = figure(reviews(tmp_path, ["1,a,5,,p", "2,a,3,,p", "3,a,4,,p"]), "stars")
    assert found["se"] == pytest.approx(math.sqrt(1 / 3))


def test_a_review_of_two_brands_counts_once_on_the_whole_and_for_each_of_them(tmp_path):
    more = "imports: {f: {brand: {from: brand, delimiter: '|'}, review: review, stars: stars}}\n"
    rows = ["1,a|c,1,", "2,a,5,", "3,c,3,", "4,a,4,"]
    waves = {"w": {"reviews": table("review,brand,stars,x", rows)}}
    found = study(tmp_path, (STARS,), waves, reading="f", more=more)["w"]
    whole = figure(found, "stars")
    assert (whole["value"], whole["n"], whole["n_weighted"]) == (pytest.approx((1 + 5 + 3 + 4) / 4), 4, 4)
    assert figure(found, "stars", brand="a")["value"] == pytest.approx((1 + 5 + 4) / 3)
    assert figure(found, "stars", brand="c")["value"] == pytest.approx((1 + 3) / 2)
    assert figure(found, "stars", sector="s")["n"] == 3


def test_a_whole_question_is_given_mark_by_mark_and_by_field(tmp_path):
    rows = ["1,a,5,,p", "2,a,5,,p", "3,b,1,,p", "4,b,2,,q", "5,b,5,,q"]
    found = reviews(tmp_path, rows, EACH, "{id: where, source: reviews, share: platform}")
    assert figure(found, "each", stars="5")["value"] == pytest.approx(3 / 5)
    assert figure(found, "each", stars="5", platform="q")["value"] == pytest.approx(1 / 2)
    assert figure(found, "each", stars="5")["part"] == "stars"
    assert figure(found, "where", platform="p")["value"] == pytest.approx(3 / 5)


def test_figures_on_few_reviews_are_hidden_or_flagged(tmp_path):
    found = reviews(tmp_path, ["1,a,5,,p", *(f"{i},b,{i % 5 + 1},,p" for i in range(2, 9)), "9,c,3,,q", "10,c,3,,q"])
    assert (figure(found, "stars", brand="a")["flag"], figure(found, "stars", brand="a")["value"]) == ("hidden", None)
    assert figure(found, "stars", brand="b")["flag"] == "fragile"
    assert figure(found, "stars")["flag"] == "ok"


def test_one_author_alone_has_no_error_and_is_flagged(tmp_path):
    found = figure(reviews(tmp_path, [f"{i},a,{i % 5 + 1},x,p" for i in range(12)]), "stars")
    assert (found["n"], found["se"], found["ci_low"], found["flag"]) == (12, None, None, "fragile")


def test_a_share_that_all_agree_on_stands_on_its_authors(tmp_path):
    rows = [f"{i},a,5,{'xyz'[i % 3]},p" for i in range(12)]
    found = figure(reviews(tmp_path, rows, HIGH), "high")
    assert (found["value"], found["ci_high"], found["n"]) == (1, 1, 12)
    assert found["ci_low"] == pytest.approx(0.025 ** (1 / 3))


def test_a_gap_a_funnel_and_an_index_of_a_record_source(tmp_path):
    questions = "questions: [{id: hoped, kind: scale, label: H, scale: {from: 1, to: 5, low: L, high: H}}]"
    indicators = (
        "{id: gap, source: reviews, gap: {expected: hoped, experienced: stars}}",
        "{id: way, source: reviews, funnel: {good: stars >= 4, bad: stars < 4}}",
        "{id: level, source: reviews, index: stars}",
    )
    rows = ["1,a,5,3", "2,a,3,3", "3,a,4,5", "4,a,1,4"]
    waves = {"w": {"reviews": table("review,brand,stars,hoped", rows)}}
    found = study(tmp_path, indicators, waves, reviews=questions)["w"]
    assert figure(found, "gap")["value"] == pytest.approx((2 + 0 - 1 - 3) / 4)
    assert figure(found, "gap", gap="below")["value"] == pytest.approx(1 / 2)
    assert figure(found, "way", state="good")["value"] == pytest.approx(1 / 2)
    assert figure(found, "level", statistic="mean")["value"] == pytest.approx(13 / 4)
    assert (figure(found, "level")["value"], figure(found, "level")["ci_low"]) == (100, None)


def test_a_funnel_that_leaves_reviews_out_is_refused_with_their_number(tmp_path):
    with pytest.raises(VigieError) as refused:
        reviews(
            tmp_path, ["1,a,5,,p", "2,a,3,,p"], "{id: way, source: reviews, funnel: {good: stars >= 4, bad: stars < 3}}"
        )
    (problem,) = refused.value.problems
    assert (problem.code, problem.file) == ("funnel-open", "study.yaml")
    assert problem.message == 'The funnel "way" is open in wave w: 1 review in no state.'


def test_cases_count_once_whatever_channels_they_took(tmp_path):
    rows = ["1,phone,yes,0.5", "2,phone,no,1", "3,email,yes,", "4,email,yes,3"]
    indicators = (
        "{id: done, source: log, share: resolved == yes, by: channel}",
        "{id: taken, source: log, share: channels}",
        "{id: work, source: log, mean: handling}",
    )
    more = "imports: {f: {case: case, channel: channel, resolved: resolved, handling: {from: handling, unit: h}}}\n"
    waves = {"w": {"log": table("case,channel,resolved,handling", rows)}}
    found = study(tmp_path, indicators, waves, more=more, reading="f")["w"]
    assert figure(found, "done")["value"] == pytest.approx(3 / 4)
    assert figure(found, "done", channel="phone")["value"] == pytest.approx(1 / 2)
    assert figure(found, "taken", channel="email")["value"] == pytest.approx(1 / 2)
    assert (figure(found, "work")["value"], figure(found, "work")["n"]) == (pytest.approx(1.5), 3)
    assert figure(found, "done")["grain"] == "case"


def test_testers_own_questions_stand_beside_scores(tmp_path):
    questions = "questions: [{id: warm, kind: single, label: W, options: {y: Yes, n: No}}], grids: {phone: phone.yaml}"
    indicators = (
        "{id: warmth, source: mystery, share: warm == y, by: [brand, channel]}",
        "{id: fine, source: mystery, share: score >= 10}",
        "{id: points, source: mystery, mean: score}",
    )
    (tmp_path / "phone.yaml").write_text(
        "grid: phone\ndimensions: [{id: d, label: D, criteria: [{id: right, label: R, out_of: 4}]}]\n"
    )
    rows = ["1,a,phone,y,4", "2,a,phone,n,1", "3,b,phone,y,2", "4,b,phone,y,"]
    waves = {"w": {"tests": table("test,brand,channel,warm,right", rows)}}
    found = study(tmp_path, indicators, waves, mystery=questions)["w"]
    assert figure(found, "warmth")["value"] == pytest.approx(3 / 4)
    assert figure(found, "warmth", brand="b")["value"] == 1
    assert figure(found, "fine")["value"] == pytest.approx(2 / 3)  # the incomplete test has no score
    assert figure(found, "points")["value"] == pytest.approx((20 + 5 + 10) / 3)


def test_tests_without_grids_have_figures_and_no_league(tmp_path):
    questions = "questions: [{id: warm, kind: single, label: W, options: {y: Yes, n: No}}]"
    rows = ["1,a,phone,y", "2,a,phone,n", "3,b,email,y"]
    waves = {"w": {"tests": table("test,brand,channel,warm", rows)}}
    indicator = "{id: warmth, source: mystery, share: warm == y}"
    found = study(tmp_path, (indicator,), waves, mystery=questions)["w"]
    assert figure(found, "warmth")["value"] == pytest.approx(2 / 3)
    assert (found["leagues"], found["cells"]) == ([], [])
    (told,) = found["fieldwork"]
    assert (told["kept"], told["by_channel"], told["brands"]) == (3, [["phone", 2], ["email", 1]], 2)


def test_a_change_of_reviews_is_tested_on_both_waves(tmp_path):
    good = [f"{i},a,{5 if i % 4 else 4},,p" for i in range(40)]
    poor = [f"{i},a,{1 if i % 4 else 2},,p" for i in range(40)]
    waves = {"1": {"reviews": table(HEAD, poor)}, "2": {"reviews": table(HEAD, good)}}
    change = figure(study(tmp_path, (STARS,), waves)["2"], "stars")["change"]
    assert (change["verdict"], change["wave"]) == ("up", "1")
    assert change["difference"] == pytest.approx(4.75 - 1.25)


def test_results_bear_the_words_of_fields_states_and_own_options(tmp_path):
    questions = "questions: [{id: kind_of, kind: single, label: Kind, options: {x: Complaint, y: Praise}}]"
    way = "{id: way, source: reviews, funnel: {good: stars >= 4, bad: stars < 4}, states: {good: Fine, bad: Poor}}"
    waves = {"w": {"reviews": table("review,brand,stars,kind_of", ["1,a,5,x", "2,b,1,y"])}}
    found = study(tmp_path, (way,), waves, reviews=questions)["w"]
    keys = ("state:way.good", "kind_of", "kind_of:x", "replied:no", "brand:a")
    words = {key: found["labels"][key]["en"] for key in keys}
    assert words == {
        "state:way.good": "Fine", "kind_of": "Kind", "kind_of:x": "Complaint", "replied:no": "No", "brand:a": "Albane",
    }  # fmt: skip


def test_the_fieldwork_of_each_source_tells_its_days_its_rows_and_its_brands(tmp_path):
    days = ["1,a,5,2024-03-04 10:00", "2,b,1,2024-03-09 11:00", "2,b,1,2024-03-09 11:00"]
    calls = ["1,email,2024-03-02 09:00", "2,phone,2024-03-01 09:00", "3,phone,2024-03-08 09:00"]
    waves = {"w": {"reviews": table("review,brand,stars,published_on", days), "log": table("case,channel,at", calls)}}
    found = study(tmp_path, (STARS,), waves)["w"]
    reviews_, log = found["fieldwork"]
    told = ("source", "start", "end", "read", "kept", "brands")
    assert [reviews_[k] for k in told] == ["reviews", "2024-03-04", "2024-03-09", 3, 2, 2]
    assert [log[k] for k in told] == ["log", "2024-03-01", "2024-03-08", 3, 3, 0]
    assert log["by_channel"] == [["phone", 2], ["email", 1]]
