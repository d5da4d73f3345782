"""The leagues that somebody asks for: brands, sectors, or channels of a wave, each with its rank intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from vigie.engine.leagues import Field, Score, blank, league
from vigie.results.figures import Estimate, Source
from vigie.results.rankings import League
from vigie.results.waves import WaveResults

By = Literal["brand", "sector", "channel"]
SCORE = "mystery_score"


def rankings(results: WaveResults, by: By, source: Source) -> tuple[League, ...]:
    """A wave's leagues of brands (each sector's, then all), of sectors, or of channels; empty where there is none."""
    if by == "channel":
        return channel_league(results) if source == "mystery" else ()
    return tuple(one for one in results.leagues if one.of == by and one.source == source)


def channel_league(results: WaveResults) -> tuple[League, ...]:
    """The channels by their mystery scores, each the mean over its brands.

    A test is on one channel, so that the scores are independent. Channels on too few tests, or without spread, are
    listed and not ranked.
    """
    means = [e for e in results.estimates if e.indicator == SCORE and [d for d, _ in e.segment] == ["channel"]]
    if not means:
        return ()
    scores = [_score(e) for e in means]
    reasons = ["min_tests" if e.value is None else "no_variance" if not e.se else "" for e in means]
    cov = np.diag([(e.se or 0.0) ** 2 for e in means])
    like = blank(means[0].level, means[0].out_of or 1.0, None, means[0].identity)
    like = replace(like, family="channels", of="channel")
    return (league(Field(scores, cov, reasons, [""] * len(scores)), range(len(scores)), like),)


def _score(e: Estimate) -> Score:
    code, value = e.at("channel") or "", e.value or 0.0
    low, high = (value if end is None else end for end in (e.ci_low, e.ci_high))
    return Score(code, e.n, value, e.se or 0.0, low, high, e.flag)
