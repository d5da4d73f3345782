"""Figures over several waves: means of the last ones, and bands that hold a whole unbroken run at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtr

from vigie.engine.changes import compared_with
from vigie.engine.edition import finite
from vigie.engine.overlap import Surveys
from vigie.results import Band, Estimate, Rolling, Segment, WaveResults
from vigie.stats.bands import band, rolling
from vigie.stats.intervals import interval
from vigie.study.model import Study
from vigie.study.waves import Wave

Key = tuple[str, str, Segment]
DRAWN = ("channel",)  # the segments whose trends are charts


def with_series(
    study: Study, wave: Wave, now: Sequence[Estimate], earlier: Sequence[WaveResults], panel: Surveys
) -> list[Estimate]:
    """The estimates of a wave with the bands of their trends, and rolling means where the study asks for them."""
    past = [{_key(e): e for e in r.estimates} for r in compared_with(study, wave, earlier)]
    return [_told(study, panel, e, _run(e, past)) for e in now]


def _key(estimate: Estimate) -> Key:
    return estimate.source, estimate.indicator, tuple(sorted(estimate.segment))


def _run(now: Estimate, past: Sequence[Mapping[Key, Estimate]]) -> list[Estimate]:
    """The figure in the waves since its last break, this one last; waves that did not measure it do not break it."""
    key, found = _key(now), [now]
    for wave in reversed(past):
        then = wave.get(key)
        if then is None:
            continue
        if then.identity != now.identity or then.published or then.value is None or then.se is None:
            break
        found.append(then)
    return found[::-1]


def _told(study: Study, panel: Surveys, now: Estimate, run: Sequence[Estimate]) -> Estimate:
    indicator = study.indicators.get(now.indicator)
    if now.value is None or now.se is None or (indicator is not None and indicator.kind == "time_to"):
        return now  # what waits has intervals of its own kind
    size = indicator.rolling if indicator is not None else None
    mean = _rolling(panel, run[-size:]) if size is not None and len(run) >= size else None
    drawn = {d for d, _ in now.segment if d != now.part} <= set(DRAWN)
    bands = tuple(_bands(panel, run)) if drawn and len(run) > 1 else ()
    return replace(now, rolling=mean, bands=bands) if mean or bands else now


def _rolling(panel: Surveys, run: Sequence[Estimate]) -> Rolling | None:
    """The mean of the waves, each with the same weight; people who answered in several are taken into account."""
    mean, cov = rolling([e.value or 0.0 for e in run], panel.covariance(run), len(run))
    value, se = float(mean[0]), float(np.sqrt(np.maximum(cov[0, 0], 0.0)))
    now, effective = run[-1], sum(map(_effective, run))
    low, high = _limits(now, value, se, sum(e.n for e in run), now.level, effective)
    if low is None or high is None:
        return None
    return Rolling(tuple(e.wave for e in run), value, se, low, high)


def _effective(estimate: Estimate) -> float:
    return estimate.n_effective or float(estimate.n)


def _bands(panel: Surveys, run: Sequence[Estimate]) -> Iterator[Band]:
    """Limits that hold in all waves at once: each wave's interval, as wide as the largest deviation of all allows.

    The interval is that of figures of this kind, so that shares stay between 0 and 1.
    """
    found = band([e.value or 0.0 for e in run], panel.covariance(run), level=run[-1].level)
    level = float(2 * ndtr(found.critical) - 1)
    for e in run:
        low, high = _limits(e, e.value or 0.0, e.se or 0.0, e.n, level, _effective(e))
        if low is not None and high is not None:
            yield Band(e.wave, low, high, len(run))


def _limits(
    of: Estimate, value: float, se: float, n: int, level: float, effective: float
) -> tuple[float | None, float | None]:
    """The usual interval of a figure of this kind; its own ends of the scale hold."""
    unit = of.unit if of.unit in ("share", "nps", "mean") else "mean"
    low, high = interval(unit, value, se, max(n - 1, 1), n_effective=effective, level=level)
    return finite(float(low)), finite(float(high))
