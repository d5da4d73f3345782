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
