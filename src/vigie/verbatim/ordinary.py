"""Ordinary words of French and English, and common names of people: what a name is told from."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from vigie.verbatim.folding import fold
from vigie.verbatim.inflection import forms
from vigie.verbatim.languages import ENGLISH, FRENCH
from vigie.verbatim.lexicon import FOLDER, lexicon


@functools.cache
def ordinary_words() -> frozenset[str]:
    """Folded words that are no names: those of the lexicons, function words, and a list with its inflected forms.

    Some of them are names too ("petit", "rose"); whoever asks decides by what stands around.
    """
    found = {*FRENCH, *ENGLISH, *lexicon("fr").words, *lexicon("en").words}
    for language in ("fr", "en"):
        for line in _lines(f"ordinary_{language}.txt"):
            kind, words = line.split(": ", 1)
            for word in words.split():
                found |= {fold(word)} if kind == "word" else {fold(word), *forms(word, kind, language)}
    return frozenset(found)


@functools.cache
def first_names() -> tuple[frozenset[str], frozenset[str]]:
    """First names, folded: those that are hardly anything else, and those that are also words, places or surnames."""
    text = (FOLDER / "first_names.txt").read_text(encoding="utf-8")
    clear, ambiguous = (frozenset(_words(part)) for part in text.split("\n# ambiguous\n"))
    return clear - ambiguous, ambiguous


@functools.cache
def surnames() -> frozenset[str]:
    """Common surnames, folded."""
    return frozenset(_words((FOLDER / "surnames.txt").read_text(encoding="utf-8")))


def _lines(name: str) -> Iterator[str]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _words(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith("#"):
            yield from line.split()
