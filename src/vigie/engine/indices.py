"""Indices: a mean with that of the reference wave as 100, computed from the means of the two waves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from vigie.engine.overlap import Surveys
from vigie.results.figures import Change, Estimate, Segment, figure_key, finite
from vigie.results.waves import WaveResults
from vigie.stats.intervals import interval
from vigie.stats.ratios import index
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.pieces import MEAN_OF_INDEX
from vigie.study.waves import Wave


def indices(
    study: Study, wave: Wave, now: Sequence[Estimate], earlier: Sequence[WaveResults], panel: Surveys
) -> tuple[list[Estimate], list[str]]:
    """An index beside each mean of an `index:`, and what is to be told where there is none.

    The reference wave is 100 without interval. Elsewhere the interval holds the error of both waves, and what these
    share where the same people answered in both. There are no bands: those of the means, scaled, would leave out the
    error of the reference, and give the reference itself one. What changed since the wave before is the means' test, in
    points of the index.
    """
    found: list[Estimate] = []
    notes: list[str] = []
    for indicator in study.indicators.values():
        means = [e for e in now if e.indicator == indicator.id and MEAN_OF_INDEX in e.segment]
        if indicator.kind != "index" or not means:
            continue
        reference = indicator.reference or next((r.wave for r in earlier if _means(r, indicator)), wave.id)
        known = {_rest(e): e for r in earlier if r.wave == reference for e in _means(r, indicator)}
        if reference == wave.id:
            known = {_rest(e): e for e in means}
        if not known:
            notes.append(f'"{indicator.id}" has no index: its reference, wave {reference}, is not before this one')
        elif all(known[_rest(e)].identity != e.identity for e in means if _rest(e) in known):
            notes.append(f'"{indicator.id}" has no index: it is not the same in its reference, wave {reference}')
        else:
            found += _indices(means, known, indicator, panel)
    return found, notes


def _means(results: WaveResults, indicator: Indicator) -> list[Estimate]:
    return [e for e in results.estimates if e.indicator == indicator.id and MEAN_OF_INDEX in e.segment]


def _rest(estimate: Estimate) -> Segment:
    """The segment without the part that says that this is the mean."""
    return tuple(sorted(d for d in estimate.segment if d != MEAN_OF_INDEX))


def _indices(
    means: Sequence[Estimate], known: dict[Segment, Estimate], indicator: Indicator, panel: Surveys
) -> Iterator[Estimate]:
    for mean in means:
        reference = known.get(_rest(mean))
        if reference is None or reference.identity != mean.identity:
            continue
        yield _index(mean, reference, indicator, panel)


def _index(mean: Estimate, reference: Estimate, indicator: Indicator, panel: Surveys) -> Estimate:
    """A mean as an index; hidden where either mean is."""
    segment = tuple(d for d in mean.segment if d != MEAN_OF_INDEX)
    base = reference.value
    record = replace(
        mean, figure=figure_key(mean.identity, segment), segment=segment, unit="index", part="", value=None, se=None,
        flag="fragile" if "fragile" in (mean.flag, reference.flag) else mean.flag,
        ci_low=None, ci_high=None, out_of=None, dont_know=None, letters="", change=None, bands=(),
        decimals=indicator.decimals if indicator.decimals is not None else 1,
        lineage=replace(mean.lineage, note=f"100 = wave {reference.wave}"),
    )  # fmt: skip
    if mean.value is None or base is None or not base > 0:
        return replace(record, flag="hidden")
    if reference.wave == mean.wave:
        return replace(record, value=100.0)
    value, se = index(
        mean.value,
        float("nan") if mean.se is None else mean.se,
        base,
        float("nan") if reference.se is None else reference.se,
        panel.covariance([mean, reference])[0, 1],
    )
    low, high = interval("mean", value, se, panel.degrees([mean, reference]), level=mean.level)
    return replace(
        record, value=100 * mean.value / base, se=finite(float(se)), ci_low=finite(float(low)),
        ci_high=finite(float(high)), change=_scaled(mean.change, 100 / base),
    )  # fmt: skip


def rescaled(means: Sequence[Estimate], indexed: Sequence[Estimate]) -> list[Estimate]:
    """Indices with the changes that their means have now."""
    known = {(e.indicator, _rest(e)): e for e in means if MEAN_OF_INDEX in e.segment}
    found: list[Estimate] = []
    for e in indexed:
        mean = known.get((e.indicator, tuple(sorted(e.segment))))
        factor = e.value / mean.value if mean is not None and mean.value and e.value is not None else None
        found.append(replace(e, change=_scaled(mean.change, factor) if mean is not None and factor else None))
    return found


def _scaled(change: Change | None, factor: float) -> Change | None:
    """The change of a mean in points of the index: the same test on another scale."""
    if change is None or change.difference is None or change.se is None:
        return change
    return replace(change, difference=change.difference * factor, se=change.se * factor)
