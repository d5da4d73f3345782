"""One channel, or one brand, as if it were everything: a wave's results on it alone, for pages of its own."""

from __future__ import annotations

from dataclasses import replace

from vigie.report.edition import Edition
from vigie.results.figures import Estimate
from vigie.results.waves import WaveResults


def focused(edition: Edition, dimension: str, code: str) -> Edition:
    """The edition whose figures on everything are those of one channel or brand; leagues and tables stay behind.

    Figures keep their keys, so that the way to where each comes from is the same.
    """
    results = _of(edition.results, dimension, code)
    return Edition(results, tuple(_of(r, dimension, code) for r in edition.earlier), edition.words)


def _of(results: WaveResults, dimension: str, code: str) -> WaveResults:
    own = tuple(_whole(e, dimension) for e in results.estimates if e.at(dimension) == code)
    return replace(results, estimates=own, leagues=(), compositions=(), mixes=(), drivers=(), banner=())


def _whole(estimate: Estimate, dimension: str) -> Estimate:
    """The figure without the dimension that the page is about."""
    segment = tuple(pair for pair in estimate.segment if pair[0] != dimension)
    return replace(estimate, segment=segment, part="" if estimate.part == dimension else estimate.part)
