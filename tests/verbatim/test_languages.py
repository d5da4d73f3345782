"""French, English, or not told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.verbatim.languages import language, languages

FRENCH = [
    "Personne n'a répondu à mes trois mails",
    "SERVICE TRES LONG ET PAS DE REPONSE",
    "tjs pas de rep, c nul",
    "g attendu 3h au tel pr rien",
    "Très bon accueil",
    "la conseillère était aimable",
    "pas mal",
    "aucune reponse",
    "impossible d'avoir quelqu'un au téléphone",
    "personne ne répond, j'ai rappelé plusieurs fois",
    "RAPIDE ET EFFICACE",
    "jai attendu 2 mois",
    "merci pour votre aide",
    "l'attente est trop longue",
]
ENGLISH = [
    "I never got a reply to my emails",
    "NO ANSWER AT ALL",
    "the staff were very helpful",
    "still waiting for my refund",
    "great service and friendly people",
    "u guys dont care",
    "it was not bad",
    "They put me on hold for two hours",
    "Quick and easy",
    "would not recommend",
]
NEITHER = [
    "",
    "   ",
    "12345",
    "???",
    "👍",
    "xyz",
    "Der Kundendienst ist sehr gut und die Wartezeit war kurz",
    "10/10",
    "El servicio es muy malo y nunca contestan",
    "Il servizio non è stato molto buono",
    "Очень плохо",
    "客服很好",
    "De klantenservice was heel goed en ik ben blij met het antwoord",
]


@pytest.mark.parametrize("text", FRENCH)
def test_french(text):
    assert language(text) == "fr"


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text):
    assert language(text) == "en"


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text):
    assert language(text) == ""


def test_capitals_and_accents_change_nothing():
    assert language("JE N'AI PAS ETE RAPPELEE") == language("je n'ai pas été rappelée") == "fr"


def test_many_texts():
    assert languages(["je suis déçu", None, "I am happy", "je suis déçu", "1"]) == ["fr", "", "en", "fr", ""]


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text):
    assert language(text) in {"fr", "en", ""}
