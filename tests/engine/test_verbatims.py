"""What an automatic coder reads in texts, as figures of reviews and of a survey, and how often it is wrong."""

from __future__ import annotations

import pytest

from engine_sources import study, table
from line import figure, results, study_folder
from vigie import run
from vigie.stats.accuracy import balanced_accuracy
from vigie.verbatim import polarity

GLAD = "Excellent service, very helpful and friendly staff, I am delighted."
SORRY = "Terrible service, rude staff, I am very disappointed and angry."
PLAIN = "I called on Monday about the invoice of the month of March."
DARK = "zzz qqq"
HEAD = "review,brand,stars,text,platform"


def reviews(folder, rows, *indicators):
    return study(folder, indicators, {"w": {"reviews": table(HEAD, rows)}})["w"]


def test_the_texts_used_here_are_read_as_they_are_meant():
    found = [r.polarity for r in polarity.read_all([GLAD, SORRY, PLAIN, DARK])]
    assert found == ["positive", "negative", "neutral", "not_analysable"]


def test_polarity_is_a_field_of_every_text(tmp_path):
    rows = [f'1,a,5,"{GLAD}",p', f'2,a,1,"{SORRY}",p', f'3,b,3,"{PLAIN}",q', f'4,b,1,"{DARK}",q', "5,b,2,,q"]
    found = reviews(
        tmp_path, rows,
        "{id: glad, source: reviews, share: polarity(text) == positive, by: platform}",
        "{id: strength, source: reviews, mean: intensity(text)}",
        "{id: stars_of_sorry, source: reviews, mean: stars, base: polarity(text) == negative}",
    )  # fmt: skip
    glad = figure(found, "glad")
    assert (glad["value"], glad["n"]) == (pytest.approx(1 / 4), 4)  # what cannot be analysed is a text all the same
    assert figure(found, "glad", platform="q")["value"] == 0
    assert glad["lineage"]["coder"] == polarity.CODER
    strength = [r.intensity for r in polarity.read_all([GLAD, SORRY, PLAIN])]
    assert (figure(found, "strength")["value"], figure(found, "strength")["n"]) == (pytest.approx(sum(strength) / 3), 3)
    assert figure(found, "stars_of_sorry")["n"] == 1
    assert figure(found, "stars_of_sorry")["lineage"]["coder"] == polarity.CODER


def test_brands_named_in_texts_are_counted_once_per_text(tmp_path):
    rows = [
        '1,a,5,"Bertil is better than Albane. Bertil again!",p', '2,b,1,"I went to albane",p', '3,b,3,"Nobody",q',
        "4,b,1,,q", '5,a,2,"Bertil",q',
    ]  # fmt: skip
    found = reviews(tmp_path, rows, "{id: named, source: reviews, mentions: text, by: platform}")
    assert figure(found, "named", brand="b")["value"] == pytest.approx(2 / 4)
    assert figure(found, "named", brand="a")["value"] == pytest.approx(2 / 4)
    assert (figure(found, "named", brand="a")["n"], figure(found, "named", brand="a")["part"]) == (4, "brand")
    assert figure(found, "named", brand="a", platform="q")["value"] == 0
    assert {e["segment"]["brand"] for e in found["estimates"]} == {"a", "b"}  # nobody names the others
    assert figure(found, "named", brand="a")["lineage"]["coder"] == polarity.CODER


def test_the_text_of_a_review_of_two_brands_is_one_text(tmp_path):
    rows = [f'1,a|b,1,"{SORRY} Albane and Bertil."', f'2,a,5,"{GLAD}"', f'3,c,1,"{SORRY}"']
    more = "imports: {f: {review: review, brand: {from: brand, delimiter: '|'}, stars: stars, text: text}}\n"
    indicators = (
        "{id: sorry, source: reviews, share: polarity(text) == negative, by: brand}",
        "{id: named, source: reviews, mentions: text}",
    )
    waves = {"w": {"reviews": table("review,brand,stars,text", rows)}}
    found = study(tmp_path, indicators, waves, more=more, reading="f")["w"]
    assert (figure(found, "sorry")["value"], figure(found, "sorry")["n_weighted"]) == (pytest.approx(2 / 3), 3)
    assert (figure(found, "sorry", brand="a")["value"], figure(found, "sorry", brand="a")["n"]) == (0.5, 2)
    assert figure(found, "named", brand="b")["value"] == pytest.approx(1 / 3)
    (told,) = found["coders"]
    assert told["n"] == 3


def test_a_time_to_an_answer_may_be_that_of_complaints(tmp_path):
    rows = [f'1,a,1,"{SORRY}",2024-01-01 00:00,2024-01-01 10:00', f'2,a,1,"{SORRY}",2024-01-01 00:00,2024-01-03 00:00',
            f'3,a,5,"{GLAD}",2024-01-01 00:00,2024-01-01 01:00']  # fmt: skip
    waves = {"w": {"reviews": table("review,brand,stars,text,published_on,replied_at", rows)}}
    indicator = '{id: reply, source: reviews, time_to: replied_at, within: ["24 h"], base: polarity(text) == negative}'
    found = figure(study(tmp_path, [indicator], waves)["w"], "reply", within="24 h")
    assert (found["value"], found["n"], found["lineage"]["coder"]) == (pytest.approx(1 / 2), 2, polarity.CODER)


SURVEY = """
study: words
title: Words
languages: [en]
channels: [phone, email]
brands: brands.csv
show: {hide: 1, fragile: 2}
questions:
  - {id: used, kind: multiple, label: U, options: channels}
  - {id: why, kind: open, label: Why}
  - {id: how, kind: open, label: How, per: {channel: used}}
indicators:
  - {id: sorry, share: polarity(why) == negative}
  - {id: named, mentions: why}
  - {id: sorry_how, share: polarity(how) == negative, by: channel}
imports:
  p: {respondent: id, columns: {used: {from: "u_{option}"}, why: why, how: "how_{channel}"}}
waves: [{id: w, files: {survey: {path: s.csv, import: p}}}]
"""


def test_texts_of_a_survey_are_read_too(tmp_path):
    rows = [f'1,1,1,"{SORRY} At Bertil.","{SORRY}","{GLAD}"', f'2,1,0,"{GLAD}","{SORRY}",', '3,0,1,,,"' + SORRY + '"']
    files = {"study.yaml": SURVEY, "brands.csv": "brand,name,sector\na,Albane,s\nb,Bertil,s\n"}
    files["s.csv"] = table("id,u_phone,u_email,why,how_phone,how_email", rows)
    found = results(study_folder(tmp_path, files))["w"]
    assert (figure(found, "sorry")["value"], figure(found, "sorry")["n"]) == (pytest.approx(1 / 2), 2)
    assert figure(found, "named", brand="b")["value"] == pytest.approx(1 / 2)
    assert figure(found, "sorry_how", channel="phone")["value"] == 1
    assert figure(found, "sorry_how", channel="email")["value"] == pytest.approx(1 / 2)
    assert figure(found, "sorry")["lineage"]["coder"] == polarity.CODER


def test_brands_are_not_looked_for_in_the_texts_of_a_loop(tmp_path):
    files = {"study.yaml": SURVEY.replace("mentions: why", "mentions: how"), "s.csv": "id\n1\n"}
    files["brands.csv"] = "brand,name,sector\na,Albane,s\n"
    (problem,) = run.check(study_folder(tmp_path, files))
    assert (problem.code, problem.line) == ("loop", 14)
    assert '"how" is asked per channel' in problem.message


def test_the_coder_is_measured_against_the_stars(tmp_path):
    rows = [f'{i},a,5,"{GLAD} {i}",p' for i in range(6)] + [f'6,a,5,"{DARK}",p', f'7,a,4,"{SORRY}",p']
    rows += [f'{10 + i},a,{1 + i % 2},"{SORRY} {i}",p' for i in range(4)] + [
        f'20,a,3,"{GLAD}",p',
        f'21,b,1,"{SORRY}",p',
    ]
    (found,) = reviews(tmp_path, rows, "{id: stars, source: reviews, mean: stars}")["coders"]
    assert (found["against"], found["n"], found["coder"]) == ("stars", 13, polarity.CODER)
    assert found["balanced_accuracy"] == pytest.approx((6 / 8 + 1) / 2)
    assert found["not_analysable"] == pytest.approx(1 / 13)
    assert found["ci_low"] < found["balanced_accuracy"] < found["ci_high"] <= 1


def test_balanced_accuracy_by_hand():
    value, low, high = balanced_accuracy([8, 10], [10, 10])
    assert value == pytest.approx(0.9)
    below = ((0.8 - 0.4901625) ** 2 + (1 - 0.7224672) ** 2) ** 0.5 / 2  # Wilson's limits of 8 and of 10 in 10
    assert low == pytest.approx(0.9 - below, abs=1e-6)
    assert high == pytest.approx(0.9 + (0.9433178 - 0.8) / 2, abs=1e-6)
    with pytest.raises(ValueError):
        balanced_accuracy([1, 0], [1, 0])
