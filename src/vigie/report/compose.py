"""From results to a document: the sections in reading order, each present only if the results hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from vigie.language import speak
from vigie.report.answers import answers
from vigie.report.banner import banner
from vigie.report.blocks import Block, Document
from vigie.report.channels import panorama
from vigie.report.delays import delays
from vigie.report.drivers import drivers
from vigie.report.edition import Edition
from vigie.report.journeys import journeys
from vigie.report.leagues import leagues
from vigie.report.methodology import methodology
from vigie.report.opening import opening
from vigie.report.printed import is_printed, printed
from vigie.report.records import log, noted
from vigie.report.reviews import reviews
from vigie.report.side_by_side import side_by_side
from vigie.report.trends import trends
from vigie.report.verbatims import verbatims
from vigie.results.figures import pick
from vigie.results.waves import WaveResults

SECTIONS: tuple[Callable[[Edition], Iterator[Block]], ...] = (
    opening,
    panorama,
    side_by_side,
    trends,
    drivers,
    leagues,
    noted,
    delays,
    log,
    reviews,
    verbatims,
    journeys,
    banner,
    answers,
    methodology,
)
PRINTED: tuple[Callable[[Edition], Iterator[Block]], ...] = (printed, trends, methodology)


def compose(results: WaveResults, earlier: Sequence[WaveResults], language: str) -> Document:
    """The report of a wave in one language; `earlier` are the waves before it, oldest first."""
    words = speak(language)
    edition = Edition(results, tuple(earlier), words)
    name = words.typeset(pick(results.title, words.code) or results.study)
    sections = PRINTED if is_printed(results) else SECTIONS
    blocks = tuple(block for section in sections for block in section(edition))
    return Document(words.code, name, results.wave, blocks)
