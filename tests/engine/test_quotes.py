"""Texts somebody looks for: found by words and place, withheld where few wrote, without names that are not told."""

from __future__ import annotations

import datetime as dt

import pytest

from engine_sources import study, table
from vigie import run
from vigie.results.verbatims import Rule, Search
from vigie.study.loading import load_study

HEAD = "review,brand,channel,stars,text,published_on,verified"
ROWS = [
    '1,a,phone,5,"Excellent service, I am delighted.",2024-01-03,yes',
    '2,a,phone,1,"Terrible wait. Bertil is better.",2024-01-05,no',
    '3,a,phone,1,"A horrible délai, very disappointed",2024-01-04,no',
    '4,b,phone,2,"The wait, awful",2024-01-01,yes',
    "5,b,phone,2,,2024-01-01,yes",
]


@pytest.fixture
def texts(tmp_path):
    study(tmp_path, [], {"w": {"reviews": table(HEAD, ROWS)}})
    made, problems = load_study(tmp_path)
    assert made is not None, problems
    (key,) = [p.name for p in (tmp_path / "out" / "w" / "facts").iterdir()]
    return run.texts(made, "w", run.opened(tmp_path / "out" / "w", key))


def said(found) -> list[str]:
    return [v.text.split()[0] for v in found.found]


def test_all_texts_come_the_last_first_with_what_stands_beside_a_review(texts):
    found = texts.find(Search(), Rule())
    assert said(found) == ["Terrible", "A", "Excellent", "The"]
    assert found.total == 4
    first = found.found[0]
    assert (first.brands, first.channel, first.stars, first.published, first.verified) == (
        ("a",), "phone", 1.0, dt.date(2024, 1, 5), "no",
    )  # fmt: skip


def test_words_and_places_narrow(texts):
    assert said(texts.find(Search(words="wait"), Rule())) == ["Terrible", "The"]
    assert said(texts.find(Search(words="DELAI"), Rule())) == ["A"]
    assert said(texts.find(Search(words="wait -awful"), Rule())) == ["Terrible"]
    assert said(texts.find(Search(words="it"), Rule())) == []  # no word begins so
    assert said(texts.find(Search(brand="b"), Rule())) == ["The"]
    assert said(texts.find(Search(channel="email"), Rule())) == []
    assert said(texts.find(Search(words="' OR 1=1 -- ("), Rule())) == []


def test_polarity_narrows_and_orders(texts):
    assert said(texts.find(Search(polarity="positive"), Rule())) == ["Excellent"]
    assert said(texts.find(Search(order="best"), Rule()))[0] == "Excellent"
    found = texts.find(Search(polarity="negative"), Rule())
    assert dict(found.polarities) == {"negative": found.total}
    assert all(v.intensity > 0 for v in found.found)


def test_pages_follow_each_other(texts):
    pages = [said(texts.find(Search(), Rule(), offset=k, limit=1)) for k in range(5)]
    assert pages == [["Terrible"], ["A"], ["Excellent"], ["The"], []]


def test_texts_of_a_group_that_is_too_small_are_withheld_and_counted(texts):
    found = texts.find(Search(), Rule(people=2))
    assert said(found) == ["Terrible", "A", "Excellent"]  # three wrote about the one brand, one about the other
    assert (found.total, found.withheld) == (3, 1)
    # a narrower search does not make a group smaller
    assert said(texts.find(Search(words="wait"), Rule(people=3))) == ["Terrible"]


def test_a_brand_s_reader_has_the_texts_about_it_without_the_names_of_others(texts):
    found = texts.find(Search(), Rule(brands=("a",), masked=True))
    assert said(found) == ["Terrible", "A", "Excellent"]
    assert found.found[0].text == "Terrible wait. […] is better."
    assert texts.find(Search(), Rule(brands=("a",))).found[0].text == "Terrible wait. Bertil is better."


def test_what_a_brand_s_reader_looks_for_says_nothing_of_names_that_are_left_out(texts):
    rule = Rule(brands=("a",), masked=True)
    assert said(texts.find(Search(words="wait"), rule)) == ["Terrible"]
    for words in ("Bertil", '"bertil is better"', "bert"):
        assert texts.find(Search(words=words), rule).total == 0
    assert texts.find(Search(words="-bertil"), rule).total == 3
    assert texts.find(Search(brand="b"), rule).total == 0
    assert texts.find(Search(brand="a"), rule).total == 3


def test_a_review_of_several_brands_names_its_reader_s_alone(tmp_path):
    rows = table(HEAD, ['1,"a|b",phone,5,"Both were fine.",2024-01-03,yes', *ROWS[1:]])
    reading = "review: review, brand: {from: brand, delimiter: '|'}, stars: stars, text: text, channel: channel"
    more = f"imports:\n  both: {{{reading}, published_on: published_on}}\n"
    study(tmp_path, [], {"w": {"reviews": rows}}, reading="both", more=more)
    made, problems = load_study(tmp_path)
    assert made is not None, problems
    (key,) = [p.name for p in (tmp_path / "out" / "w" / "facts").iterdir()]
    found = run.texts(made, "w", run.opened(tmp_path / "out" / "w", key))
    both = [v.brands for v in found.find(Search(words="both"), Rule()).found]
    assert both == [("a", "b")]
    assert [v.brands for v in found.find(Search(words="both"), Rule(brands=("a",), masked=True)).found] == [("a",)]


def test_the_count_of_withheld_texts_does_not_answer_to_words(texts):
    assert texts.find(Search(), Rule(people=2)).withheld == 1
    for search in (Search(words="awful"), Search(words="zzz"), Search(polarity="negative"), Search(intensity=1)):
        assert texts.find(search, Rule(people=2)).withheld == 0
