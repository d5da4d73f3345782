"""Bases in words: who was asked, what was counted, read from the expressions of a study."""

from __future__ import annotations

from datetime import date

from vigie.report.conditions import Conditions
from vigie.report.edition import Edition
from vigie.report.names import without_loop
from vigie.report.parts import named
from vigie.report.sources import everything
from vigie.results.figures import Source
from vigie.study.expressions import ExpressionError
from vigie.study.parsing import parse

MOST = 60  # characters of a question that a base quotes
LONGEST = 240  # characters of a base that a reader still follows


def base_words(edition: Edition, written: str, source: Source = "survey") -> str:
    """A base in words; where its condition says more than words can, that it is a part of all."""
    return phrase(edition, written, source) or partly(edition, source)


def partly(edition: Edition, source: Source) -> str:
    words = edition.words
    return {
        "mystery": words.gettext("part of the tests"),
        "reviews": words.gettext("part of the reviews"),
        "log": words.gettext("part of the cases"),
    }.get(source) or words.gettext("part of the respondents")


def phrase(edition: Edition, written: str, source: Source = "survey") -> str:
    """A base in words; nothing where it cannot be said in a few."""
    if written in ("", "everyone"):
        return everything(edition, source)
    if written == "complete tests":
        return edition.words.gettext("complete tests")
    try:
        tree = parse(written)
    except ExpressionError:
        return ""
    said = Conditions(Spoken(edition), source).whole(tree)
    return edition.words.typeset(said) if len(said) <= LONGEST else ""


class Spoken:
    """What the study calls the questions and options that an expression names."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.words = edition, edition.words
        self.kinds = {w.id: w.kind for w in edition.results.questionnaire}

    def known(self, asked: str) -> str:
        """The question's id as the labels have it: expressions may write it in capitals."""
        labels = self.edition.results.labels
        return asked if asked in labels else next((k for k in labels if k.casefold() == asked.casefold()), asked)

    def question(self, asked: str) -> str:
        asked = self.known(asked)
        own = asked in self.edition.results.labels or named(asked, self.words)
        return self.edition.cut(without_loop(self.edition.label(asked)) if own else asked, MOST)

    def option(self, asked: str, code: float | str) -> str:
        """An answer's label, which for channels, brands and sectors stands with these; nothing without one."""
        labels, text = self.edition.results.labels, f"{code:g}" if isinstance(code, float) else str(code)
        asked = self.known(asked)
        keys = (f"{asked}:{text}", *(f"{of}:{text}" for of in ("channel", "brand", "sector", "polarity")))
        key = next((key for key in keys if key in labels), "")
        return self.edition.label(key) if key else ""

    def quoted(self, text: str) -> str:
        return self.words.gettext("“{text}”", text=text)

    def number(self, value: float) -> str:
        return self.words.number(value, 0 if float(value).is_integer() else 1)

    def date(self, day: date) -> str:
        return self.words.date(day.isoformat())
