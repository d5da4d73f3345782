"""The log of contacts and what testers noted: figures on all cases or tests, their shapes, and their breakdowns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.report.blocks import Block, Section
from vigie.report.captions import section_note
from vigie.report.comparison import compared, dimensions
from vigie.report.edition import Edition
from vigie.report.measures import SCORE, Measure
from vigie.report.shapes import key_figures, shapes


def log(edition: Edition) -> Iterator[Block]:
    """The contact log of a service desk."""
    words = edition.words
    found = [m for m in edition.of("log") if m.kind != "time_to" and not m.coded]
    if found:
        yield Section("log", words.gettext("Contact log"), words.gettext("What the contact log records"))
        yield from laid_out(edition, found)


def noted(edition: Edition) -> Iterator[Block]:
    """The testers' own questions; their marks are in the ranking."""
    words = edition.words
    found = [m for m in edition.of("mystery") if m.kind not in ("time_to", "score") and not m.coded]
    found = [m for m in found if m.first.indicator != SCORE]
    if found:
        yield Section("tests", words.gettext("Tests"), words.gettext("What testers noted"))
        yield from laid_out(edition, found)


def laid_out(edition: Edition, found: Sequence[Measure]) -> Iterator[Block]:
    """What all sections of records share: key figures, parts, and one comparison to a dimension."""
    yield section_note(edition, [m.first for m in found])
    yield from key_figures(edition, found)
    for measure in found:
        yield from shapes(edition, measure)
    for dimension in dimensions(found):
        yield from compared(edition, found, dimension)
