"""Polarity read by the lexicon alone against the stars that reviewers gave, on texts nobody looked at.

The reviews are split in two halves by a hash of their words, so that a text that stands twice is in one half.
The lexicon was written with the development half at hand; this test measures on the other one.
"""

import csv
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import pytest

from vigie.verbatim.polarity import CODER, read_all

REVIEWS = Path(__file__).parents[3] / "shared" / "data" / "reviews"
CUT = 0.0  # of the score: above it a text is taken as positive. On the development half -0.3 to 0.1 do as well
REQUIRED = 0.80


@dataclass(frozen=True)
class Measured:
    """A balanced accuracy (the mean of the shares right among complaints and among praise), with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


def half(text: str) -> str:
    """ "development" or "test", by the words of a text in small letters."""
    words = " ".join(text.casefold().split())
    return "test" if hashlib.sha256(words.encode()).digest()[0] % 2 else "development"


def reviews(name: str, text: str, stars: str, middle: range) -> list[tuple[str, bool]]:
    """Distinct texts with stars, and whether they praise; stars in the middle are left out."""
    with (REVIEWS / name).open(encoding="utf-8", newline="") as file:
        rows = [(r[text].strip(), r[stars]) for r in csv.DictReader(file)]
    told = {" ".join(t.casefold().split()): (t, float(s)) for t, s in reversed(rows) if t and s and s != "NA"}
    return [(t, s >= middle.stop) for t, s in told.values() if s not in middle]


def balanced(right: list[tuple[bool, bool]]) -> Measured:
    """Of pairs (praise, right): p̄ ± 1.96·√(p₁q₁/n₁ + p₂q₂/n₂)/2."""
    sides = [[r for praise, r in right if praise is side] for side in (False, True)]
    shares = [sum(s) / len(s) for s in sides]
    variance = sum(p * (1 - p) / len(s) for p, s in zip(shares, sides, strict=True)) / 4
    value, around = sum(shares) / 2, 1.96 * math.sqrt(variance)
    return Measured(value, value - around, value + around, len(right))


def measure(name: str, texts: list[tuple[str, bool]]) -> Measured:
    """Every text forced to a side by the cut; what cannot be analysed counts as wrong."""
    readings = read_all([t for t, _ in texts])
    pairs = list(zip(texts, readings, strict=True))
    forced = balanced([(p, r.polarity != "not_analysable" and (r.score > CUT) == p) for (_, p), r in pairs])
    judged = [(p, (r.polarity == "positive") == p) for (_, p), r in pairs if r.polarity in {"positive", "negative"}]
    told = balanced(judged)
    unread = sum(r.polarity == "not_analysable" for r in readings) / len(readings)
    print(
        f"{name}: {CODER}, {forced.n} texts; forced {forced.value:.4f} [{forced.low:.4f}, {forced.high:.4f}]; "
        f"of the {told.n} judged positive or negative {told.value:.4f} [{told.low:.4f}, {told.high:.4f}]; "
        f"neutral {1 - told.n / forced.n - unread:.4f}, not analysable {unread:.4f}"
    )
    return forced


def missing(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not (REVIEWS / name).exists(), reason="the reviews are not beside the project")


@missing("insurance_fr.csv")
def test_french_reviews_nobody_looked_at():
    every = reviews("insurance_fr.csv", "avis", "note", range(3, 4))
    unseen = [(text, praise) for text, praise in every if half(text) == "test"]
    assert 0.4 < len(unseen) / len(every) < 0.6
    found = measure("French insurance reviews, unseen half", unseen)
    assert found.value >= REQUIRED
    assert found.low >= REQUIRED


@missing("employment_agencies_fr.csv")
def test_french_reviews_of_another_trade():
    found = measure(
        "French employment agencies", reviews("employment_agencies_fr.csv", "review_text", "rate", range(3, 4))
    )
    assert found.value >= REQUIRED


@missing("airline_lounges_en.csv")
def test_english_reviews_against_whether_the_traveller_recommends():
    lounges = reviews("airline_lounges_en.csv", "content", "recommended", range(1, 1))
    assert measure("English airline lounges", lounges).value >= 0.7
