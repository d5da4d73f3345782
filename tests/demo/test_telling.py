from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from vigie.demo.telling import NEGATIVE, NEUTRAL, PERSONAL, POSITIVE, bank, bare, tell, titles


def sentences(language: str) -> list[str]:
    text = (files("vigie.demo") / "templates" / f"tales.{language}.txt").read_text(encoding="utf-8")
    found, inside = [], False
    for line in text.splitlines():
        inside = not line.startswith("== slot") if line.startswith("==") else inside
        if inside and line and not line.startswith(("=", "#")):
            found.append(line)
    return found


def test_there_are_at_least_two_hundred_sentences_and_none_twice():
    found = sentences("fr")
    assert len(set(found)) == len(found) >= 200
    assert len(sentences("en")) > 40


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_blank_is_filled_in_every_register(language):
    for spelled in bank(language).sections.values():
        assert spelled.shape[0] == 5
        for text in spelled.ravel():
            assert text
            assert "{" not in text


def test_polarity_and_strength_decide_which_sentences_stand_in_a_text():
    n = 3_000
    headings = bank("fr").sections
    for polarity, strong, names in (
        (NEGATIVE, True, ["negative strong"]),
        (NEGATIVE, False, ["negative mild", "mixed negative"]),
        (NEUTRAL, False, ["neutral"]),
        (POSITIVE, False, ["positive", "mixed positive"]),
    ):
        told = tell(np.full(n, polarity), np.full(n, strong), "fr", np.random.default_rng(3)).text
        own = {text for name in names for text in headings[name].ravel()}
        assert all(any(sentence in text for sentence in own) for text in told[:300])


def test_some_texts_hold_what_must_not_be_published():
    told = tell(np.full(20_000, NEGATIVE), np.zeros(20_000, dtype=bool), "fr", np.random.default_rng(4))
    share = told.personal.mean()
    assert abs(share - PERSONAL) < 5 * np.sqrt(PERSONAL * (1 - PERSONAL) / 20_000)
    texts = told.text[told.personal]
    for sign in ("@exemple.fr", "06 39 98", "Contrat n°", "Madame"):
        assert any(sign in text for text in texts)
    assert not any("@" in text or "06 39" in text for text in told.text[~told.personal])


def test_people_write_in_several_registers():
    told = tell(np.full(5_000, POSITIVE), np.zeros(5_000, dtype=bool), "fr", np.random.default_rng(5)).text
    assert any(text.isupper() for text in told)
    assert any(text == bare(text).lower() for text in told)
    assert len(set(told)) > 1_500


def test_titles_follow_the_polarity():
    polarity = np.array([NEGATIVE, NEUTRAL, POSITIVE] * 50)
    found = titles(polarity, "fr", np.random.default_rng(6))
    assert not set(found[polarity == NEGATIVE]) & set(found[polarity == POSITIVE])
