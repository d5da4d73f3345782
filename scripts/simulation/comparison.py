"""What a study says beside what is true: how many intervals, rank sets and arrows are right, kind by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from simulation.studies import WAVES
from vigie.demo.population import MARGINS
from vigie.demo.truth import Truth
from vigie.demo.values import channel_scores, domains, true_scores, true_values
from vigie.results.figures import Estimate, Segment
from vigie.results.rankings import League
from vigie.results.waves import WaveResults
from vigie.stats.intervals import t_quantile

MANY, FEW, LEAST = "100 and more", "30 to 99", "below 30"
KINDS = ("share", "mean", "NPS", "top box", "per channel", "mean mark per channel", "mystery score", "change",
         "change of a mystery score")  # fmt: skip
BOXES = frozenset({"satisfied", "very_satisfied", "dissatisfied", "easy", "want_choice", "want_personal"})
LEAGUES, TIED, BRANDS_OF_ALL = "sector leagues", "sector leagues with equal brands", "brands in the league of all"
UNADJUSTED, ARROWS, FAMILIES = "p below 0.05 before adjustment", "arrows drawn", "families with a false arrow"
SAME = 1e-9  # truths closer than this are equal


class Line(NamedTuple):
    """What is counted: a kind of interval and the size of its base, a kind of rank set, a kind of test."""

    kind: str
    group: str = ""
    figure: str = ""  # one figure of the kind; empty for all of them


Counts = dict[Line, tuple[int, int]]  # how many are right, or wrongly found, and out of how many
Seen = Iterator[tuple[Line, bool]]


class Known:
    """The true value of every figure of a wave."""

    def __init__(self, truth: Truth, wave: str) -> None:
        self.survey = {domain: true_values(truth, wave, domain) for domain in (None, *domains())}
        self.brands = true_scores(truth, wave)
        tested = truth.mystery[wave].tests >= 2  # one test alone is no channel
        means = np.nanmean(np.where(tested, channel_scores(truth, wave), np.nan), axis=0)
        self.channels = dict(zip(truth.plan.tests, means.tolist(), strict=True))

    def value(self, figure: Estimate) -> float | None:
        """What the figure estimates; None where there is nothing to estimate, as the share of the impossible."""
        if figure.source == "mystery":
            brand, channel = figure.at("brand"), figure.at("channel")
            return self.brands[brand] if brand is not None else self.channels[channel or ""]
        within = next((part for part in figure.segment if part[0] in MARGINS), None)
        code = next((code for dimension, code in figure.segment if dimension not in MARGINS), "")
        true = self.survey[within].get((figure.indicator, code))
        return None if true is None or (figure.unit == "share" and true in (0.0, 1.0)) else true


def known(truth: Truth) -> dict[str, Known]:
    return {wave: Known(truth, wave) for wave in WAVES}


def compare(truths: Mapping[str, Known], results: Mapping[str, WaveResults]) -> Counts:
    """Everything that is counted in one study."""
    found: dict[Line, list[int]] = defaultdict(lambda: [0, 0])
    for wave in WAVES:
        of_brands = [league for league in results[wave].leagues if league.of == "brand"]
        for line, right in (*_intervals(truths[wave], results[wave]), *_ranks(truths[wave], of_brands)):
            found[line][0] += right
            found[line][1] += 1
    first, last = WAVES
    changed = (truths[first], truths[last], results[first], results[last])
    for line, right in (*_changes(*changed), *_arrows(*changed)):
        found[line][0] += right
        found[line][1] += 1
    return {line: (right, of) for line, (right, of) in found.items()}


def _kinds(figure: Estimate) -> tuple[str, ...]:
    """The kinds that a figure counts under; a box or a mean of a scale that is asked per channel is of two."""
    if figure.source == "mystery":
        return ("mystery score",)
    box = ("top box",) if figure.indicator in BOXES else ()
    if figure.grain == "channel":
        return ("per channel", *box, *(("mean mark per channel",) if figure.unit == "mean" else ()))
    return box or ({"share": "share", "mean": "mean", "nps": "NPS"}[figure.unit],)


def _group(effective: float | None) -> str:
    return LEAST if effective is None or effective < 30 else FEW if effective < 100 else MANY


def _name(figure: Estimate) -> str:
    return " ".join([figure.indicator, *(f"{dimension}={code}" for dimension, code in figure.segment)])


def _lines(kinds: Sequence[str], group: str, figure: Estimate) -> Iterator[Line]:
    for kind in kinds:
        yield Line(kind, group)
        yield Line(kind, group, _name(figure))


def _intervals(truth: Known, results: WaveResults) -> Seen:
    """Every interval shown: does it hold the truth?"""
    for figure in results.estimates:
        true, group = truth.value(figure), _group(figure.n_effective)
        if true is None or figure.ci_low is None or figure.ci_high is None:
            continue
        right = figure.ci_low <= true <= figure.ci_high
        yield from ((line, right) for line in _lines(_kinds(figure), group, figure))


def _ranks(truth: Known, leagues: Sequence[League]) -> Seen:
    """Rank sets of a sector are right together or not at all; those of the league of all, brand by brand."""
    for league in leagues:
        score = {e.brand: truth.brands[e.brand] for e in league.entries}
        right = []
        for entry in league.entries:
            own = score[entry.brand]
            best = 1 + sum(other > own + SAME for other in score.values())
            worst = len(score) - sum(other < own - SAME for other in score.values())
            right.append(entry.rank.low <= best and worst <= entry.rank.high)
        if league.sets == "simultaneous":
            yield Line(LEAGUES), all(right)
            if len({round(true / SAME) for true in score.values()}) < len(score):
                yield Line(TIED), all(right)
        else:
            yield from ((Line(BRANDS_OF_ALL), r) for r in right)


def _pairs(
    before: Known, now: Known, then: WaveResults, results: WaveResults
) -> Iterator[tuple[Estimate, Estimate, float]]:
    """The figures of two waves that are compared, with their true difference."""
    earlier: dict[tuple[str, Segment], Estimate] = {(e.figure, e.segment): e for e in then.estimates}
    for figure in results.estimates:
        past = earlier.get((figure.figure, figure.segment))
        if past is None or figure.change is None or figure.change.difference is None:
            continue
        one, two = before.value(past), now.value(figure)
        if one is not None and two is not None:
            yield past, figure, two - one


def _changes(before: Known, now: Known, then: WaveResults, results: WaveResults) -> Seen:
    """Every difference between the waves, plus or minus its error: does it hold the true difference?"""
    for past, figure, true in _pairs(before, now, then, results):
        change = figure.change
        group = _group(min(past.n_effective or 0.0, figure.n_effective or 0.0))
        if change is None or change.difference is None or not change.se:
            continue
        right = abs(change.difference - true) <= float(t_quantile(np.inf, figure.level)) * change.se
        kind = "change" if figure.source == "survey" else "change of a mystery score"
        yield from ((line, right) for line in _lines((kind,), group, figure))


def _arrows(before: Known, now: Known, then: WaveResults, results: WaveResults) -> Seen:
    """Of what has not changed in truth and is tested: what is called significant, and the arrows that are drawn."""
    families: dict[tuple[str, ...], bool] = {}
    for _, figure, true in _pairs(before, now, then, results):
        change = figure.change
        if change is None or change.p is None or change.p_adjusted is None or abs(true) > SAME:
            continue
        drawn = change.verdict in ("up", "down")
        family = (figure.source, figure.indicator, *(dimension for dimension, _ in figure.segment))
        families[family] = families.get(family, False) or drawn
        yield Line(UNADJUSTED), change.p < 1 - figure.level
        yield Line(ARROWS), drawn
        yield Line(ARROWS, figure=_name(figure)), drawn
    yield from ((Line(FAMILIES), wrong) for wrong in families.values())
