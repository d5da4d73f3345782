"""Brands named in texts and in short answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.verbatim.mentions import Mention, Names
from vigie.verbatim.spelling import Near, distance

BRANDS = {
    "galandes": ["Galandes Telecom", "Galandes"],
    "oxo": ["OXO"],
    "nuif": ["NUIF"],
    "nucif": ["NUCIF"],
    "cerise": ["Cerise"],
    "varrebour": ["Varrebour"],
    "corte": ["La corte"],
    "larks": ["Larks & Fencer"],
    "c_a": ["K&O"],
    "vanal": ["Vanal+"],
    "total": ["Total"],
    "lebonport": ["Lebonport"],
    "ovazon": ["Ovazon"],
    "sc": ["Société cordiale", "SC"],
    "poire": ["Poire"],
    "vinicole": ["Crédit Vinicole"],
    "lunaire": ["Crédit Lunaire"],
    "lomeal": ["L'Oméal"],
    "cerise_bank": ["Cerise Bank"],
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
        ("oxo.", "oxo", "oxo"),
        ("chez OXO, rien", "oxo", "OXO"),
        ("chez galande télécom c'est nul", "galandes", "galande télécom"),
        ("GALANDES-TELECOM", "galandes", "GALANDES-TELECOM"),
        ("galandestelecom", "galandes", "galandestelecom"),
        ("la corte", "corte", "la corte"),
        ("lacorte", "corte", "lacorte"),
        ("larks et fencer", "larks", "larks et fencer"),
        ("larks and fencer", "larks", "larks and fencer"),
        ("chez k&o", "c_a", "k&o"),
        ("vanal plus", "vanal", "vanal plus"),
        ("le bon port", "lebonport", "le bon port"),
        ("varebour", "varrebour", "varebour"),
        ("varrebuor", "varrebour", "varrebuor"),
        ("varre bour", "varrebour", "varre bour"),
        ("ovazn", "ovazon", "ovazn"),
        ("credit vinicol", "vinicole", "credit vinicol"),
        ("crédit lunairele", "lunaire", "crédit lunairele"),
        ("l'omeal", "lomeal", "l'omeal"),
        ("lomeal", "lomeal", "lomeal"),
        ("Societe Cordiale", "sc", "Societe Cordiale"),
        ("d'Cerise", "cerise", "Cerise"),
        ("Cerise Bank", "cerise_bank", "Cerise Bank"),
        ("nucif", "nucif", "nucif"),
        ("nuif", "nuif", "nuif"),
    ],
)
def test_a_name_is_found_however_it_is_written(text, brand, words):
    assert found(text) == [(brand, words)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A X A",
        "moxo",
        "oxos",
        "la porte est fermée",
        "les cerises",
        "un orage",
        "un appel",
        "les appels",
        "ca va",
        "c a",
        "la totale",
        "un crédit",
        "ovazonie fluviale et tranquille",
        "mafi",
        "fanal",
        "corvett",
        "il y a vanal",
        "reloxont",
    ],
)
def test_what_is_another_word_is_no_mention(text):
    assert found(text) == []


def test_several_brands_in_their_order_and_places():
    texts = [None, "nucif puis nuif", "rien", "Cerise et cerise"]
    assert NAMES.find(texts) == [
        Mention(1, "nucif", 0, 5),
        Mention(1, "nuif", 11, 15),
        Mention(3, "cerise", 0, 6),
        Mention(3, "cerise", 10, 16),
    ]


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("galende", ("galandes",)),
        ("ceris, opq et varrbour", ("cerise", "varrebour")),
        ("societe cordial", ("sc",)),
        ("credit vinicole/credit lunaire\nnuif", ("vinicole", "lunaire", "nuif")),
        ("K&O et Larks & Fencer", ("c_a", "larks")),
        ("cerise", ("cerise",)),
        ("je ne sais pas", ()),
        ("rien", ()),
        ("Aucune", ()),
        ("", ()),
        (None, ()),
        ("nuif, NUIF", ("nuif",)),
        ("larks", ("larks",)),
        ("fanal", ()),
        ("la banque crédit vinicole", ("vinicole",)),
        ("société", ()),
        ("crédit", ()),
    ],
)
def test_a_short_answer_bears_more(text, brands):
    assert NAMES.answer(text) == brands


def test_without_brands_nothing_is_found():
    assert Names({}).find(["oxo"]) == []
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
