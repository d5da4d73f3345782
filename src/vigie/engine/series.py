"""Figures over several waves: means of the last ones, and bands that hold a whole unbroken run at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy.special import stdtr

from vigie.engine.changes import compared_with
from vigie.engine.overlap import Surveys
from vigie.engine.plan import plans
from vigie.results.figures import Band, Estimate, Place, Rolling, finite
from vigie.results.waves import WaveResults
from vigie.stats.bands import band, rolling
from vigie.stats.intervals import interval
from vigie.study.model import Study
from vigie.study.waves import Wave
from vigie.verbatim.polarity import CODER

Ends = tuple[float | None, float | None]
DRAWN = ("channel",)  # the segments whose trends are charts


def with_series(
    study: Study, wave: Wave, now: Sequence[Estimate], earlier: Sequence[WaveResults], panel: Surveys
) -> list[Estimate]:
    """The estimates of a wave with the bands of their trends, and rolling means where the study asks for them."""
    past = [{e.place: e for e in r.estimates} for r in compared_with(study, wave, earlier)]
    series = _Series(study, wave, panel)
    return [series.told(e, _run(e, past)) for e in now]


def _run(now: Estimate, past: Sequence[Mapping[Place, Estimate]]) -> list[Estimate]:
    """The figure in the waves since its last break, this one last; waves that did not measure it do not break it."""
    found = [now]
    for wave in reversed(past):
        then = wave.get(now.place)
        if then is None:
            continue
        if then.identity != now.identity or then.published or then.value is None or then.se is None:
            break
        found.append(then)
    return found[::-1]


class _Series:
    """What is told of the figures of a wave together with those of the waves before."""

    def __init__(self, study: Study, wave: Wave, panel: Surveys) -> None:
        self.study, self.wave, self.panel = study, wave, panel

    def told(self, now: Estimate, run: Sequence[Estimate]) -> Estimate:
        """The last of a run of figures, with the mean of the run and the band around it."""
        indicator = self.study.indicators.get(now.indicator)
        if now.value is None or now.se is None or (indicator is not None and indicator.kind == "time_to"):
            return now  # what waits has intervals of its own kind
        size = indicator.rolling if indicator is not None else None
        mean = self._rolling(run[-size:]) if size is not None and len(run) >= size else None
        drawn = {d for d, _ in now.segment if d != now.part} <= set(DRAWN)
        bands = tuple(self._bands(run)) if drawn and len(run) > 1 else ()
        return replace(now, rolling=mean, bands=bands) if mean or bands else now

    def _rolling(self, run: Sequence[Estimate]) -> Rolling | None:
        """The mean of the waves, each with the same weight; people who answered in several are taken into account."""
        mean, cov = rolling([e.value or 0.0 for e in run], self.panel.covariance(run), len(run))
        value, se = float(mean[0]), float(np.sqrt(np.maximum(cov[0, 0], 0.0)))
        # of people who answered in several waves, each is there once: no more than the largest of these bases is sure
        together = max if self.panel.variance([(1.0, e) for e in run])[1] else sum
        now, effective = run[-1], float(together(map(_effective, run)))
        low, high = self._limits(now, value, se, self.panel.degrees(run), now.level, effective)
        if low is None or high is None:
            return None
        return Rolling(tuple(e.wave for e in run), value, se, low, high)

    def _bands(self, run: Sequence[Estimate]) -> Iterator[Band]:
        """Limits that hold in all waves at once: each wave's interval, as wide as the largest deviation of all allows.

        The interval is that of figures of this kind, so that shares stay between 0 and 1, and means on their scale.
        """
        degrees = min(e.degrees for e in run)
        if not degrees > 0:
            return
        found = band([e.value or 0.0 for e in run], self.panel.covariance(run), df=degrees, level=run[-1].level)
        for e in run:
            level = float(1 - 2 * stdtr(e.degrees, -found.critical))  # of an interval of so many standard errors
            low, high = self._limits(e, e.value or 0.0, e.se or 0.0, e.degrees, level, _effective(e))
            if low is not None and high is not None:
                yield Band(e.wave, low, high, len(run))

    def _limits(
        self, of: Estimate, value: float, se: float, df: float, level: float, effective: float
    ) -> tuple[float | None, float | None]:
        """The usual interval of a figure of this kind, between the ends of its scale."""
        unit = of.unit if of.unit in ("share", "nps", "mean") else "mean"
        lowest, highest = self._between(of)
        low, high = interval(unit, value, se, df, n_effective=effective, level=level, low=lowest, high=highest)
        return finite(float(low)), finite(float(high))

    def _between(self, of: Estimate) -> Ends:
        """The ends of the scale that a figure lies on, as in its own interval."""
        if of.unit == "score":
            return 0.0, of.out_of
        part = next((d for d in of.segment if (of.indicator, d) in self.scales), None)
        return self.scales.get((of.indicator, part), (None, None))

    @cached_property
    def scales(self) -> dict[tuple[str, tuple[str, str] | None], Ends]:
        """The ends of the scale of each indicator, and of each of its parts."""
        listed = (p for source in self.wave.by_source for p in plans(self.study, self.wave, source, CODER))
        return {(p.indicator.id, p.part): (p.low, p.high) for p in listed}


def _effective(estimate: Estimate) -> float:
    """The base that a share of 0 or 1 stands on: what unequal weights leave of it, and no more than sampling units."""
    return min(estimate.n_effective or float(estimate.n), estimate.degrees + 1)
