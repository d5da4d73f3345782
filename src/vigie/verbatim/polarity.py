"""Is a text a complaint, praise, or neither, and how strongly: read with a hand-written lexicon and rules."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vigie.verbatim.clauses import Sum, add_up
from vigie.verbatim.folding import fold
from vigie.verbatim.languages import language as language_of
from vigie.verbatim.lexicon import fingerprint, known_words
from vigie.verbatim.tokens import tokens, without_contractions, without_elongations

Polarity = Literal["negative", "neutral", "positive", "not_analysable"]

CODER: str = f"lexicon 1 ({fingerprint()})"
"""Name and version of the coder; the hash is of the lexicon files. Codes of two coders are not compared."""

NEUTRAL = 0.15  # a score nearer to 0 is neutral
_SPREAD = 15.0  # a sum of about 4, one strong phrase, is a score of 0.7
_ENOUGH = 4  # words without any evaluation: fewer cannot be judged, more are neutral
_WEAK, _STRONG = 1.6, 3.2  # the strongest evaluation of the text: below is intensity 1, from here on 3
_LETTERS = re.compile(r"[^\W\d_]")
_LOUD = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{3,}\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read: its polarity, its intensity from 0 (none) to 3 (strong), and the score from -1 to 1."""

    polarity: Polarity
    intensity: int
    score: float


_NOTHING = Reading("not_analysable", 0, 0.0)


def read(text: str | None, language: str = "") -> Reading:
    """The polarity and intensity of one text; `language` is "fr" or "en", or "" to have it recognised.

    Evaluations of the lexicon are summed after negation ("ne … pas", "sans", "aucun"), strengtheners and weakeners,
    contrast ("mais": what follows weighs more), exclamation, capitals, wishes, questions, and thanks or cheers that a
    complaint turns round. The score is sum / √(sum² + 15). *Neutral* is a text that is readable and evaluates nothing,
    or as much one way as the other; *not analysable* is an empty one, one without a known word, one in another
    language, and one without evaluation that is too short to judge.

    Not for a verdict on a single customer: of texts with a clear opinion, one in fourteen (French insurance reviews) to
    one in four (English reviews of airport lounges) is read on the wrong side; see docs/why/verbatims.md. Not for
    comparing shares read by two coders (`CODER`).
    """
    if text is None or not text.strip() or (language and language not in {"fr", "en"}):
        return _NOTHING
    folded = without_elongations(fold(text), known_words())
    sums, words = _sums(text, folded, language)
    if sums is None or (not sums.evaluations and words < _ENOUGH):
        return _NOTHING
    score = sums.total / math.sqrt(sums.total**2 + _SPREAD)
    if abs(score) < NEUTRAL:
        return Reading("neutral", 0, score)
    strongest = sums.best if score > 0 else -sums.worst
    intensity = 1 if strongest < _WEAK else 2 if strongest < _STRONG else 3
    return Reading("positive" if score > 0 else "negative", intensity, score)


def read_all(texts: Sequence[str | None], languages: Sequence[str] | None = None) -> list[Reading]:
    """`read` of each text; each distinct text is read once.

    Raises ValueError when there are not as many languages as texts. Not for mixed waves: see `read`.
    """
    known = functools.cache(read)
    if languages is None:
        return [known(text) for text in texts]
    return [known(text, language) for text, language in zip(texts, languages, strict=True)]


def _sums(text: str, folded: str, language: str) -> tuple[Sum | None, int]:
    """The evaluations of a text, None where no word of it is known, and how many words it has."""
    loud = _loud(text)
    words = len(folded.split())
    told = language or language_of(text)
    if told:
        found = _added(folded, told, loud)
        if language or found.evaluations or words > _ENOUGH:
            return found, words
    tried = [_added(folded, each, loud) for each in ("fr", "en")]  # too short to tell, as "nul" or "top"
    best = max(tried, key=lambda s: s.evaluations)  # French where both know as much
    return (best if told or best.evaluations else None), words


def _added(folded: str, language: str, loud: frozenset[str]) -> Sum:
    plain = without_contractions(folded) if language == "en" else folded
    return add_up(tokens(plain), language, loud)


def _loud(text: str) -> frozenset[str]:
    """The words in capitals, folded, where not the whole text is."""
    words = _LOUD.findall(text)
    if not words or 2 * sum(map(len, words)) > len(text):
        return frozenset()
    return frozenset(map(fold, words))
