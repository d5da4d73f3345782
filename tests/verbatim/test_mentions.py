"""Brands named in texts and in short answers."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.verbatim.mentions import Mention, Names
from vigie.verbatim.spelling import Near, distance

BRANDS = {
    "bouygues": ["Bouygues Telecom", "Bouygues"],
    "axa": ["AXA"],
    "maif": ["MAIF"],
    "macif": ["MACIF"],
    "orange": ["Orange"],
    "carrefour": ["Carrefour"],
    "poste": ["La Poste"],
    "marks": ["Marks & Spencer"],
    "c_a": ["C&A"],
    "canal": ["Canal+"],
    "total": ["Total"],
    "leboncoin": ["Leboncoin"],
    "amazon": ["Amazon"],
    "sg": ["Société Générale", "SG"],
    "apple": ["Apple"],
    "agricole": ["Crédit Agricole"],
    "mutuel": ["Crédit Mutuel"],
    "loreal": ["L'Oréal"],
    "orange_bank": ["Orange Bank"],
    "twin1": ["Fanal"],
    "twin2": ["Fanal"],
    "near1": ["Corvette"],
    "near2": ["Corvetto"],
}
NAMES = Names(BRANDS)


def found(text):
    return [(m.brand, text[m.start : m.end]) for m in NAMES.find([text])]


@pytest.mark.parametrize(
    ("text", "brand", "words"),
    [
        ("axa.", "axa", "axa"),
        ("chez AXA, rien", "axa", "AXA"),
        ("chez bouygue télécom c'est nul", "bouygues", "bouygue télécom"),
        ("BOUYGUES-TELECOM", "bouygues", "BOUYGUES-TELECOM"),
        ("bouyguestelecom", "bouygues", "bouyguestelecom"),
        ("la poste", "poste", "la poste"),
        ("laposte", "poste", "laposte"),
        ("marks et spencer", "marks", "marks et spencer"),
        ("marks and spencer", "marks", "marks and spencer"),
        ("chez c&a", "c_a", "c&a"),
        ("canal plus", "canal", "canal plus"),
        ("le bon coin", "leboncoin", "le bon coin"),
        ("carefour", "carrefour", "carefour"),
        ("carrefuor", "carrefour", "carrefuor"),
        ("carre four", "carrefour", "carre four"),
        ("amazn", "amazon", "amazn"),
        ("credit agricol", "agricole", "credit agricol"),
        ("crédit mutuelle", "mutuel", "crédit mutuelle"),
        ("l'oreal", "loreal", "l'oreal"),
        ("loreal", "loreal", "loreal"),
        ("Societe Generale", "sg", "Societe Generale"),
        ("d'Orange", "orange", "Orange"),
        ("Orange Bank", "orange_bank", "Orange Bank"),
        ("macif", "macif", "macif"),
        ("maif", "maif", "maif"),
    ],
)
def test_a_name_is_found_however_it_is_written(text, brand, words):
    assert found(text) == [(brand, words)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A X A",
        "maxa",
        "axas",
        "la porte est fermée",
        "les oranges",
        "un orage",
        "un appel",
        "les appels",
        "ca va",
        "c a",
        "la totale",
        "un crédit",
        "amazonie fluviale et tranquille",
        "mafi",
        "fanal",
        "corvett",
        "il y a canal",
        "relaxant",
    ],
)
def test_what_is_another_word_is_no_mention(text):
    assert found(text) == []


def test_several_brands_in_their_order_and_places():
    texts = [None, "macif puis maif", "rien", "Orange et orange"]
    assert NAMES.find(texts) == [
        Mention(1, "macif", 0, 5),
        Mention(1, "maif", 11, 15),
        Mention(3, "orange", 0, 6),
        Mention(3, "orange", 10, 16),
    ]


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("bouigue", ("bouygues",)),
        ("orang, sfr et carfour", ("orange", "carrefour")),
        ("societe general", ("sg",)),
        ("credit agricole/credit mutuel\nmaif", ("agricole", "mutuel", "maif")),
        ("C&A et Marks & Spencer", ("c_a", "marks")),
        ("oranje", ("orange",)),
        ("je ne sais pas", ()),
        ("rien", ()),
        ("Aucune", ()),
        ("", ()),
        (None, ()),
        ("maif, MAIF", ("maif",)),
        ("marks", ("marks",)),
        ("fanal", ()),
        ("la banque crédit agricole", ("agricole",)),
        ("société", ()),
        ("crédit", ()),
    ],
)
def test_a_short_answer_bears_more(text, brands):
    assert NAMES.answer(text) == brands


def test_without_brands_nothing_is_found():
    assert Names({}).find(["axa"]) == []
    assert Names({"x": ["", "  "]}).answer("x") == ()


@given(st.text(max_size=100))
def test_any_text_can_be_searched(text):
    for mention in NAMES.find([text]):
        assert 0 <= mention.start < mention.end <= len(text)
    assert set(NAMES.answer(text)) <= set(BRANDS)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_the_distance_is_symmetric_and_bounded(one, other):
    assert distance(one, other, 2) == distance(other, one, 2)
    assert (distance(one, other, 9) == 0) == (one == other)
    assert distance(one, other, 2) == min(distance(one, other, 9), 3)


@given(
    st.lists(st.text("abcd", min_size=4, max_size=7), min_size=1, max_size=8), st.text("abcd", min_size=3, max_size=9)
)
def test_the_index_finds_what_trying_all_finds(words, word):
    near = Near((w, 2) for w in words)
    assert near.find(word) == sorted((n, w) for w in set(words) if (n := distance(word, w, 2)) <= 2)


def test_ten_thousand_texts_and_250_brands_take_seconds():
    draw = random.Random(1)
    vocabulary = ["".join(draw.choices("abcdefilmnoprstu", k=draw.randint(2, 11))) for _ in range(20_000)]
    brands = {f"b{i}": [" ".join(draw.sample(vocabulary, 1 + i % 2))] for i in range(250)}
    texts = [" ".join(draw.sample(vocabulary, 30)) for _ in range(10_000)]
    start = time.perf_counter()
    assert Names(brands).find(texts)
    assert time.perf_counter() - start < 20
