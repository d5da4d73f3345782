"""Folded text cut into words, numbers, marks of punctuation and signs of mood."""

from __future__ import annotations

import re
from collections.abc import Container

_ELONGATED = re.compile(r"\b(?=[a-z]*([a-z])\1{2})[a-z]+")
_RUN = re.compile(r"([a-z])\1{2,}")
_CONTRACTED = {"can't": "can not", "won't": "will not", "shan't": "shall not", "cant": "can not", "wont": "will not"}
_ENGLISH = re.compile(
    r"\b(?:can't|won't|shan't|cant|wont)\b|"
    r"\b(do|does|did|is|was|are|were|would|could|should|have|has|had|must|need|ai)(n't|nt)\b"
)
_TOKENS = re.compile(
    r"[a-z]+|[0-9]+(?:[.,/][0-9]+)*%?|[.!?;\n]+|[,()…]|"
    r"[\u2600-\u27bf\U0001f300-\U0001faff]|(?<=\s):-?[()]"
)


def tokens(folded: str) -> list[str]:
    """The tokens of a folded text. Marks that end a sentence stay together; apostrophes and hyphens separate words."""
    return _TOKENS.findall(folded)


def without_elongations(folded: str, known: Container[str]) -> str:
    """The text with "nuuuul" as "nul", "coooool" as "cool": three or more of a letter are two where that is known."""
    if _RUN.search(folded) is None:
        return folded
    return _ELONGATED.sub(lambda m: _shortened(m[0], known), folded)


def _shortened(word: str, known: Container[str]) -> str:
    double = _RUN.sub(r"\1\1", word)
    return double if double in known else _RUN.sub(r"\1", word)


def without_contractions(folded: str) -> str:
    """English negations in full: "don't", "dont" as "do not"."""
    return _ENGLISH.sub(lambda m: _CONTRACTED.get(m[0]) or f"{m[1]} not", folded)
