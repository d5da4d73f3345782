"""From results to a document: the sections in reading order, each present only if the results hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from vigie.language import speak
from vigie.report.answers import answers
from vigie.report.banner import banner
from vigie.report.blocks import Block, Document
from vigie.report.channels import panorama
from vigie.report.edition import Edition
from vigie.report.leagues import leagues
from vigie.report.methodology import methodology
from vigie.report.opening import opening
from vigie.report.trends import trends
from vigie.results import WaveResults, pick

SECTIONS: tuple[Callable[[Edition], Iterator[Block]], ...] = (
    opening,
    panorama,
    trends,
    leagues,
    banner,
    answers,
    methodology,
)


def compose(results: WaveResults, earlier: Sequence[WaveResults], language: str) -> Document:
    """The report of a wave in one language; `earlier` are the waves before it, oldest first."""
    words = speak(language)
    edition = Edition(results, tuple(earlier), words)
    name = words.typeset(pick(results.title, words.code) or results.study)
    blocks = tuple(block for section in SECTIONS for block in section(edition))
    return Document(words.code, name, results.wave, blocks)
