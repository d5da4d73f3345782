"""A wave in a list of studies: when people were asked, the headline of its report, and its key figures."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.report.edition import Edition
from vigie.report.html import fragment
from vigie.report.opening import first_figures, headline


@dataclass(frozen=True, slots=True)
class Cover:
    """What makes one open the report; `figures` is drawn."""

    headline: str
    when: str
    figures: str


def cover(edition: Edition) -> Cover:
    """The cover of a wave."""
    words = edition.words
    when = next((words.period(w.start, w.end) for w in edition.results.fieldwork if w.start and w.end), "")
    return Cover(headline(edition), when, fragment(tuple(first_figures(edition)), words.code))
