"""Waves of which only printed figures are left: figures without interval, that nothing is ever tested against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie import __version__
from vigie.engine.labels import RECORDS, labels
from vigie.engine.plan import plans
from vigie.engine.sources import thresholds
from vigie.results.figures import Estimate, Flag, Lineage, Segment, Source, Unit, figure_key
from vigie.results.methods import Fieldwork
from vigie.results.waves import WaveResults
from vigie.study.fields import GRAIN
from vigie.study.identity import indicator_identity
from vigie.study.indicators import EVERYONE, Indicator
from vigie.study.model import PublishedFigure, Study
from vigie.study.text import spread
from vigie.study.waves import Wave
from vigie.verbatim import polarity

UNITS: dict[str, Unit] = {"share": "share", "funnel": "share", "mentions": "share", "mean": "mean", "gap": "mean",
                          "nps": "nps", "index": "index", "time_to": "hours"}  # fmt: skip
SHARED = ("gap", "within", "state")  # parts that are shares, whatever the unit of the indicator
STATISTICS = ("gap", "within", "statistic", "state")
ANSWERED = ("statistic", "answered")


def printed(study: Study, wave: Wave, earlier: Sequence[WaveResults]) -> WaveResults:
    """The results of a wave that exists as printed figures: no facts, no interval, no error, no test.

    NPS printed in points come as shares, as those of all waves.
    """
    header = study.header
    mystery, reviews, log = (thresholds(study, source) for source in RECORDS)
    estimates = tuple(_estimates(study, wave))
    return WaveResults(
        study=header.study, title=spread(header.title), wave=wave.id,
        previous=earlier[-1].wave if earlier else None, version=__version__, languages=study.report_languages,
        population=spread(header.population), hide=header.show.hide, fragile=header.show.fragile,
        estimates=estimates, leagues=(), weighting=None, exclusions=(), fieldwork=tuple(_fieldwork(wave, estimates)),
        questionnaire=(), banner=tuple(b for b in header.banner if b in study.instrument(wave.id)), channel_weights=(),
        labels=labels(study, wave), snapshot="", notes=(),
        hide_tests=mystery.hide, fragile_tests=mystery.fragile, hide_reviews=reviews.hide,
        fragile_reviews=reviews.fragile, hide_cases=log.hide, fragile_cases=log.fragile,
    )  # fmt: skip


def _fieldwork(wave: Wave, estimates: Sequence[Estimate]) -> Iterator[Fieldwork]:
    """Each source that some figure is of, as far as it is known."""
    days = (wave.field[0].isoformat(), wave.field[1].isoformat()) if wave.field else ("", "")
    for source in dict.fromkeys(e.source for e in estimates):
        mode = wave.mode if source == "survey" else ""
        yield Fieldwork(source, mode, *days, 0, 0, published=wave.published or "")


def _estimates(study: Study, wave: Wave) -> Iterator[Estimate]:
    """One record per printed figure, in the order of the file."""
    figures = study.figures.get(wave.id, ())
    indicators = {f.indicator: study.indicators[f.indicator] for f in figures}
    identity, dimensions, points = {}, {}, {}
    for name, indicator in indicators.items():
        found = indicator_identity(study, wave, indicator, polarity.CODER)
        identity[name] = found.key if found else ""
        dimensions[name] = _dimensions(study, wave, indicator)
        own = [f for f in figures if f.indicator == name]
        points[name] = indicator.kind == "nps" and any(abs(f.value) > 1 for f in own)
    for figure in figures:
        name = figure.indicator
        value = figure.value / 100 if points[name] else figure.value
        yield _estimate(study, wave, figure, value, identity[name], dimensions[name])


def _dimensions(study: Study, wave: Wave, indicator: Indicator) -> tuple[str, ...]:
    """The dimensions of a segment that are answers to the indicator's own question."""
    made = [p for p in plans(study, wave, indicator.source, polarity.CODER) if p.indicator.id == indicator.id]
    own = [p.part[0] for p in made if p.part] + [dimension for p in made for dimension, _ in p.options]
    return tuple(dict.fromkeys([*own, *STATISTICS]))


def _estimate(
    study: Study, wave: Wave, figure: PublishedFigure, value: float, identity: str, own: Sequence[str]
) -> Estimate:
    """A printed figure; its own part stands first in the segment, as in computed ones."""
    indicator = study.indicators[figure.indicator]
    parts = [d for d in figure.segment if d[0] in own]
    segment: Segment = (*parts, *(d for d in figure.segment if d[0] not in own))
    unit = _unit(indicator, segment)
    decimals = 1 if unit in ("mean", "hours", "index") else 0
    lineage = Lineage(
        question={}, expression=f"{indicator.kind}: {indicator.expression}",
        base="" if indicator.base == EVERYONE else indicator.base, filter="", weighting="", test="", inputs=(),
        base_label=spread(indicator.base_label) if indicator.base_label else {}, note=figure.source,
    )  # fmt: skip
    return Estimate(
        figure=figure_key(identity or indicator.id, segment), identity=identity, indicator=indicator.id,
        label=spread(indicator.label or {"": indicator.id}), source=indicator.source,
        grain=GRAIN[indicator.source], wave=wave.id, segment=segment, value=value, unit=unit,
        decimals=indicator.decimals if indicator.decimals is not None else decimals, se=None, ci_low=None, ci_high=None,
        level=study.header.show.level, n=figure.n or 0, n_weighted=None, n_effective=None, design_effect=None,
        flag=_flag(study, indicator.source, figure.n), lineage=lineage, part=parts[0][0] if parts else "",
        published=True,
    )  # fmt: skip


def _unit(indicator: Indicator, segment: Segment) -> Unit:
    """Parts of a gap and of a time to an answer are shares."""
    shares = any(d in SHARED or (d, c) == ANSWERED for d, c in segment)
    return "share" if shares else UNITS[indicator.kind]


def _flag(study: Study, source: Source, n: int | None) -> Flag:
    """What was printed stays; a base that is known to be small is flagged."""
    return "fragile" if n is not None and n < thresholds(study, source).fragile else "ok"
