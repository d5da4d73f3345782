"""Words looked for: what a query asks for, where it stands whatever the accents, and its lines in context."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vigie.verbatim.concordance import concordance, query

TEXTS = ["L’attente fut longue.", "Pas d'ATTENTE, réponse rapide", "J'attends ma réponse", "le cœur du métier"]


def found(asked: str) -> list[str]:
    wanted = query(asked)
    return [text[low:high] for text in TEXTS for low, high in wanted.spans(text)]


def test_words_are_beginnings_without_accents_and_capitals():
    assert found("attente") == ["attente", "ATTENTE"]
    assert found("atten") == ["atten", "ATTEN", "atten"]
    assert found("REPONSE") == ["réponse", "réponse"]
    assert found("tente") == []


def test_ligatures_and_phrases_are_found_where_they_stand():
    assert found("coeur") == ["cœur"]
    assert found('"reponse rapide"') == ["réponse rapide"]
    assert found("« ma réponse »") == ["ma réponse"]


def test_what_is_no_word_asks_for_nothing():
    assert query(' - "" .*( ').wanted == ()
    assert query("-robot").unwanted
    assert not query("-robot").wanted


def test_lines_have_their_context_and_stand_in_the_order_of_what_follows():
    lines = concordance(["b rappel zut", "a rappel alors"], query("rappel"))
    assert [(line.text, line.before, line.hit, line.after) for line in lines] == [
        (1, "a ", "rappel", " alors"), (0, "b ", "rappel", " zut"),
    ]  # fmt: skip


def test_context_is_cut_at_words():
    text = "un deux trois quatre mot cinq six sept huit"
    (line,) = concordance([text], query("mot"), width=12)
    assert (line.before, line.after) == ("quatre ", " cinq six ")


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_typed_finds_places_of_the_text(text, asked):
    spans = query(asked).spans(text)
    assert all(0 <= low < high <= len(text) for low, high in spans)
    assert spans == sorted(spans)
