"""Complaint, praise, or neither, and how strongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.verbatim import polarity
from vigie.verbatim.lexicon import lexicon, rows
from vigie.verbatim.polarity import CODER, Reading, read, read_all

POSITIVE = """
pas mal | C'est pas mal du tout | sans problème | je ne peux que recommander | jamais déçu | aucun souci | Très bien
super | ok | top
rien à redire | service rapide et efficace | Conseiller à l'écoute et réactif | merci pour tout
bon service et pas cher
très satisfait de l'accueil 👍 | Long à répondre mais très efficace | je recommande | tout s'est bien passé
JE SUIS TRES SATISFAITE
SUPEEEER | les conseillers sont compétents et aimables | je n'ai pas eu de problème | vous m'avez bien renseignée
not bad | no problem at all | never had a problem | quick and friendly | The staff were very helpful
can't fault them | excellent!!!
I would recommend them | slow at first but very helpful in the end | couldn't be happier
"""
NEGATIVE = """
nul | nuuuul | NULS | je ne suis pas satisfait | je suis pas content du tout
je ne peux pas dire que je suis satisfait
Bravo, trois semaines ! | merci pour rien | Bravo pour votre incompétence
Un accueil très aimable mais aucune réponse | injoignable
fuyez | à éviter | je n'ai jamais eu de réponse | ne répond jamais aux mails | toujours rien après 3 relances
service client inexistant
Je vous saurais gré de bien vouloir me rappeler, j'attends depuis deux mois | trop cher | pas terrible
peut mieux faire
personne ne répond | 3 semaines d'attente pour un remboursement | déçue | déçus par l'accueil
ils refusent de rembourser
manque de professionnalisme | pas du tout professionnel | il ne sert à rien d'appeler | je résilie
J'aurais aimé être prévenu | bof
not happy | I am not satisfied | still waiting for a reply | no one answers | thanks for nothing | rude staff
never again
they never replied to my emails | waste of time | dont bother | awful!!! | I wouldn't recommend | it took 3 weeks | 😡
friendly staff but nobody ever called back
"""
NEUTRAL = """
J'ai appelé le service client au sujet de mon contrat | le client a un compte dans cette banque depuis 2010
I contacted them about my contract last year | they have a shop in the centre of the town
"""
NOT_ANALYSABLE = ["", "   ", "12345", "...", "?", "client", "oui", "xx", "Der Service ist sehr gut und schnell", None]


def listed(block):
    return [t.strip() for line in block.strip().splitlines() for t in line.split("|")]


@pytest.mark.parametrize("text", listed(POSITIVE))
def test_praise(text):
    assert read(text).polarity == "positive"


@pytest.mark.parametrize("text", listed(NEGATIVE))
def test_complaints(text):
    assert read(text).polarity == "negative"


@pytest.mark.parametrize("text", listed(NEUTRAL))
def test_statements_without_an_evaluation(text):
    assert (read(text).polarity, read(text).intensity) == ("neutral", 0)


@pytest.mark.parametrize("text", NOT_ANALYSABLE)
def test_what_cannot_be_judged(text):
    assert read(text) == Reading("not_analysable", 0, 0.0)


def test_only_what_is_needed_is_read_in_a_language():
    assert read("très bien", "en").polarity == "not_analysable"
    assert read("sehr gut", "de").polarity == "not_analysable"
    assert read("très bien", "fr") == read("très bien")


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("un peu déçu", "déçu"),
        ("déçu", "très déçu"),
        ("déçu", "déçu !!"),
        ("le service est nul", "le service est NUL"),
        ("assez bien", "très bien"),
        ("a bit slow", "slow"),
        ("good", "very good"),
        ("mauvais", "scandaleux"),
    ],
)
def test_words_beside_make_an_evaluation_weaker_or_stronger(weaker, stronger):
    assert abs(read(weaker).score) < abs(read(stronger).score)


def test_intensity_goes_from_none_to_strong():
    texts = ["le client a un compte depuis 2010", "un peu cher", "je suis déçu", "c'est scandaleux, une honte !!!"]
    assert [read(t).intensity for t in texts] == [0, 1, 2, 3]


def test_what_follows_but_weighs_more():
    assert read("aimable mais lent").score < read("lent mais aimable").score


def test_inflected_forms_count_alike():
    assert len({read(f).score for f in ("déçu", "déçue", "déçus", "déçues", "DECUES")}) == 1
    assert len({read(f"ils sont {f}").polarity for f in ("professionnels", "compétents", "réactifs")}) == 1


def test_each_distinct_text_is_read_once_and_the_order_stays():
    texts = ["nul", None, "très bien", "nul"]
    assert read_all(texts) == [read(t) for t in texts]
    assert read_all(texts, ["fr", "", "fr", "fr"]) == [read(t, "fr") for t in texts]
    with pytest.raises(ValueError, match="argument"):
        read_all(texts, ["fr"])


def test_the_coder_names_its_lexicon():
    assert CODER.startswith("lexicon ")
    assert len(CODER.split("(")[1]) == len("01234567)")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_lexicons_are_well_formed(language):
    found = list(rows(language))
    roles = {"boost", "damp", "contrast"}
    assert len({(form, kind in roles) for form, _, kind in found}) == len(found), "a form stands twice"
    assert all(-4 <= score <= 4 for _, score, _ in found)
    assert all(score > 0 for _, score, kind in found if kind in roles | {"praise"})
    assert lexicon(language).size > len(found) - 200


@given(st.text(max_size=200), st.sampled_from(["", "fr", "en", "de"]))
def test_any_text_can_be_read(text, language):
    found = read(text, language)
    assert -1 < found.score < 1
    assert 0 <= found.intensity <= 3
    assert (found.intensity == 0) == (found.polarity in {"neutral", "not_analysable"})
    assert (abs(found.score) >= polarity.NEUTRAL) == (found.polarity in {"positive", "negative"})
