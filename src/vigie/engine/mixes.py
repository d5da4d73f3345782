"""Changes taken apart: how much comes from who was asked or what was tested, and how much from what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from vigie.engine.fielded import Fielded
from vigie.engine.overlap import Surveys
from vigie.results.figures import Estimate, Place
from vigie.results.trends import Mix
from vigie.results.waves import WaveResults
from vigie.stats.composition import Parts, decompose
from vigie.stats.intervals import t_quantile
from vigie.study.definitions import definition
from vigie.study.model import Study
from vigie.study.settling import settled_questions
from vigie.study.waves import Wave

Floats = npt.NDArray[np.float64]
Arrays = tuple[Floats, Floats, Floats]  # values, shares, covariance
Figures = Mapping[Place, Arrays]
NOTABLE = 0.2  # of a change, from which its mix part is told
EXACT = 1e-9


def mixes(
    study: Study, wave: Wave, now: Sequence[Estimate], earlier: Sequence[WaveResults], panel: Surveys
) -> list[Mix]:
    """The tested changes on everybody by each banner question of one answer; those of all tests by channel or brand.

    Each banner question or dimension gives a decomposition of its own: these are views of one change, not its causes. A
    change across a break is not taken apart: it is not the difference of the two figures that the parts would sum to.
    """
    before = {r.wave: r for r in earlier}
    tested = [e for e in now if e.change is not None and e.change.tested and not e.change.reopened]
    found: list[Mix] = []
    for e in tested:
        if e.change is None or e.segment:
            continue
        if e.source == "survey":
            found += _of_people(study, panel, wave, study.waves[e.change.wave], e)
        elif e.source == "mystery":
            found += _of_tests(e, now, before[e.change.wave].estimates)
    return found


def _of_people(study: Study, panel: Surveys, wave: Wave, before: Wave, e: Estimate) -> Iterator[Mix]:
    """By the banner questions that both waves asked alike."""
    for one in panel.waves.get(before.id, []):
        for two in panel.waves.get(wave.id, []):
            for question, then, now in _both(study, one, two) if one.weighting == two.weighting else ():
                if e.place in then and e.place in now:
                    yield _mix(e, question, decompose(*then[e.place], *now[e.place]))


def _both(study: Study, one: Fielded, two: Fielded) -> Iterator[tuple[str, Figures, Figures]]:
    """The banner questions that both waves asked alike, each with the figures by category then and now."""
    earlier = {c.question: c for c in one.categories}
    asked = [settled_questions(study, w.wave) for w in (one, two)]
    for now in two.categories:
        then = earlier.get(now.question)
        if then is None or then.codes != now.codes:
            continue
        if len({definition(study, questions[now.question]) for questions in asked}) == 1:
            yield now.question, then.parts, now.parts


def _of_tests(e: Estimate, now: Sequence[Estimate], then: Sequence[Estimate]) -> Iterator[Mix]:
    """By channel, brand or another field: how many tests each has is the plan of the missions, and no chance."""
    whole = next((t for t in then if (t.source, t.indicator, t.segment) == (e.source, e.indicator, ())), None)
    for dimension in dict.fromkeys(s.segment[0][0] for s in now if s.indicator == e.indicator and len(s.segment) == 1):
        sides = [_sides(estimates, e.indicator, dimension) for estimates in (then, now)]
        codes = list(dict.fromkeys([*sides[0], *sides[1]]))
        arrays = [_arrays(side, codes, total) for side, total in zip(sides, (whole, e), strict=True)]
        if arrays[0] is not None and arrays[1] is not None:
            yield _mix(e, dimension, decompose(*arrays[0], *arrays[1]))


def _sides(estimates: Sequence[Estimate], indicator: str, dimension: str) -> dict[str, Estimate]:
    return {
        e.segment[0][1]: e
        for e in estimates
        if e.source == "mystery" and e.indicator == indicator and len(e.segment) == 1
        and e.segment[0][0] == dimension and e.part != dimension
    }  # fmt: skip


def _arrays(side: Mapping[str, Estimate], codes: Sequence[str], whole: Estimate | None) -> Arrays | None:
    """Values, shares and covariance by category; None where a figure is hidden, or the categories make no whole."""
    told = [side.get(c) for c in codes]
    if whole is None or whole.value is None or not side or any(e.value is None or e.se is None for e in side.values()):
        return None
    n = np.array([e.n if e else 0 for e in told], dtype=np.float64)
    value = np.array([e.value if e else np.nan for e in told], dtype=np.float64)
    error = np.array([e.se if e else 0.0 for e in told], dtype=np.float64)
    if n.sum() != whole.n or abs(float(np.nansum(n * value) / n.sum()) - whole.value) > EXACT * max(
        1, abs(whole.value)
    ):
        return None
    return value, n / n.sum(), np.diag(np.concatenate([error**2, np.zeros(len(codes))]))


def _mix(e: Estimate, dimension: str, parts: Parts) -> Mix:
    """A decomposition as a record; notable where the mix is a good part of the change, and more than chance."""
    sure = abs(parts.mix) > float(t_quantile(np.inf, e.level)) * parts.mix_se
    notable = sure and abs(parts.mix) >= NOTABLE * abs(parts.difference)
    return Mix(
        e.source, e.indicator, e.label, e.unit, e.decimals, e.change.wave if e.change else "", dimension,
        parts.difference, parts.within, parts.within_se, parts.mix, parts.mix_se, notable,
    )  # fmt: skip
