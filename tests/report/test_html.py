"""The page: whole, safe, and silent where the figures are."""

import dataclasses
import itertools
import re

import pytest

from report import sample
from report.pages import page, read
from vigie.report.blocks import Document, Quote, Title
from vigie.report.html import render


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_well_formed_and_stands_alone(language):
    text = page(language=language)
    reader = read(text)
    assert reader.count("h1") == 1
    assert reader.count("script") == 0
    assert reader.count("title") >= 1
    links = [a.get(name) for _, a in reader.elements for name in ("src", "href") if a.get(name)]
    assert all(link.startswith("#") for link in links)
    assert "url(" not in text
    assert "@import" not in text
    assert f'<html lang="{language}">' in text


def test_links_lead_somewhere_and_names_are_unique():
    reader = read(page())
    ids = reader.ids()
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in reader.elements if tag == "a"} <= set(ids)


def test_every_drawing_has_a_name_a_caption_and_its_figures_as_a_table():
    text = page()
    figures = re.findall(r"<figure[^>]*>.*?</figure>", text, re.DOTALL)
    bars = [f for f in figures if 'class="track"' in f]  # tables, whose bars repeat the numbers beside them
    assert bars
    assert all(f.count("<svg") == f.count('<svg aria-hidden="true">') == f.count('class="track"') for f in bars)
    drawn = [f for f in figures if "<svg" in f and f not in bars]
    assert drawn
    for figure in drawn:
        assert re.search(r"<table[ >]", figure)
        if 'class="spark"' not in figure:
            assert figure.count('class="wide"') == figure.count('class="narrow"') == 1
            assert re.search(r'role="img" aria-label="[^"]+"', figure)


def test_headings_go_down_one_level_at_a_time():
    levels = [int(tag[1]) for tag, _ in read(page()).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_names_from_files_are_inert():
    evil = '<script>alert("x")</script>&\'"'
    labels = dict(sample.results().labels)
    for key in ("brand:ondine", "channel:phone", "indicator:satisfied", "sex", "sex:f", "sector:energy"):
        labels[key] = {"fr": evil}
    exclusions = (dataclasses.replace(sample.results().exclusions[0], examples=(evil,)),)
    changed = sample.replace(
        labels=labels, title={"fr": evil}, study=evil, exclusions=exclusions, notes=(evil,), population={"fr": evil}
    )
    reader = read(page(changed))
    assert reader.count("script") == 0
    assert reader.words.count("<script>") > 5
    assert not [a for _, a in reader.elements if any(name.startswith("on") for name in a)]


def test_control_characters_do_not_reach_the_page():
    assert "\x00" not in page(sample.replace(title={"fr": "a\x00b"}))


def test_a_hidden_figure_shows_a_dash_and_no_number():
    """Even where the record still holds a number by mistake."""
    results = sample.results()
    leaky = tuple(
        dataclasses.replace(e, value=0.8131, ci_low=0.7131, ci_high=0.9131) if e.flag == "hidden" else e
        for e in results.estimates
    )
    text = page(sample.replace(estimates=leaky))
    assert "81,3" not in text
    assert "— base &lt; 30" in text
    video = re.search(r'<th scope="row"><bdi>Visio</bdi></th>(.*?)</tr>', text, re.DOTALL)
    assert re.sub(r"<[^>]+>", "", video[1]).count("—") == 2


def test_letters_between_digits_are_not_drawn_as_signs():
    assert re.search(r'font-feature-settings: "calt" 0', page())


def test_a_stacked_table_says_its_heads_in_every_cell():
    text = page()
    table = re.search(r'id="questionnaire">.*?(<table class="stacked">.*?</table>)', text, re.DOTALL)[1]
    heads = re.findall(r'<th scope="col">([^<]+)</th>', table)
    assert re.findall(r'data-head="([^"]+)"', table)[: len(heads) - 1] == heads[1:]


def test_without_a_significant_change_there_is_no_arrow():
    still = tuple(
        dataclasses.replace(e, change=dataclasses.replace(e.change, verdict="none"))
        if e.change and e.change.verdict in ("up", "down")
        else e
        for e in sample.results().estimates
    )
    words = read(page(sample.replace(estimates=still, leagues=()))).words
    assert "↑" not in words.replace("↑ ↓", "")
    assert "Aucune évolution significative depuis 2023" in words


def test_a_fragile_figure_bears_no_arrow_even_if_its_verdict_says_so():
    fragile = tuple(
        dataclasses.replace(e, flag="fragile") if e.change and e.change.verdict in ("up", "down") else e
        for e in sample.results().estimates
    )
    assert 'class="arrow"' not in page(sample.replace(estimates=fragile))


def test_one_to_four_people_are_not_counted_aloud():
    few = tuple(dataclasses.replace(e, n=3) if e.at("age") == "a3" else e for e in sample.results().estimates)
    words = read(page(sample.replace(estimates=few))).words
    assert "n\u00a0<\u00a05" in words
    assert not re.search(r"n\s=\s3\b", words)


def test_the_french_page_speaks_french():
    words = read(page()).words
    for left_over in (
        "Survey",
        "weighted",
        "Brand",
        "Where do",
        "channels",
        "interval ",
        "Rows",
        " of ",
        "respondents",
    ):
        assert left_over not in words, left_over
    assert not [text for _, text in read(page()).texts if re.search(r"\w [;!?%]", text) and "{" not in text]


def test_a_french_page_has_no_english_number():
    assert not re.search(r"\d\.\d", read(page()).words.replace("0.1.0", ""))


def test_quotes_are_set_apart():
    text = render(Document("fr", "Étude", "2024", (Title("Titre"), Quote("Trois semaines !", "Femme, 35-54 ans"))))
    assert "<blockquote><p>Trois semaines !</p><footer>" in text


def test_the_same_results_give_the_same_page():
    assert page() == page()
