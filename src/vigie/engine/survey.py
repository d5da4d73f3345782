"""Survey figures of a wave: every indicator on the whole and on the banner, per option and per channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.engine.plan import Plan, plans
from vigie.engine.rows import Column, Groups, Rows, groups
from vigie.engine.session import Session
from vigie.engine.weighting import Weights, unweighted, weigh
from vigie.results import Estimate, Exclusion, Flag, Lineage, Segment, WeightingDiagnostics, figure_key
from vigie.stats.estimates import Figures, covariance, estimate
from vigie.stats.intervals import interval
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.text import spread
from vigie.study.waves import Wave

Floats = npt.NDArray[np.float64]
DONT_KNOW_SHOWN = 0.01


@dataclass(frozen=True)
class SurveyFigures:
    """What the survey of a wave yields."""

    estimates: tuple[Estimate, ...]
    weighting: WeightingDiagnostics | None
    exclusions: tuple[Exclusion, ...]
    usage: tuple[tuple[str, ...], Floats, Floats] | None  # channels, their use, its covariance


@dataclass(frozen=True)
class Origin:
    """What every figure of a wave tells of where it comes from."""

    inputs: tuple[str, ...]
    derived: tuple[str, ...] = ()


def survey_figures(session: Session, study: Study, wave: Wave, origin: Origin, usage: str | None) -> SurveyFigures:
    """Every indicator that the wave's instrument yields; `usage` names the one whose covariance the scores need.

    Cost: one pass over the respondents and one over the evaluations, whatever the number of figures.
    """
    questions = study.instrument(wave.id)
    listed = list(plans(study, wave))
    rows = Rows(session, study, questions, listed)
    where = groups(session, _variables(study, wave, questions))
    columns = _columns(session, study, listed)
    found = rows.sums(where, columns)
    weights = _weights(study, wave, where, found.d2)
    segments = _segments(study, where, questions, weights)
    figures = estimate(found, weights.design, np.array([s[1] for s in segments]))
    estimates = _estimates(study, wave, listed, columns, [s[0] for s in segments], figures, origin, weights.diagnostics)
    lost = int(where.n[~weights.counted].sum())
    said = ("respondents without a category of a margin",)
    exclusions = (Exclusion("survey", "margins", lost, 0, said),) if lost else ()
    use = _usage(rows, where, weights, listed, columns, usage) if usage else None
    return SurveyFigures(tuple(estimates), weights.diagnostics, exclusions, use)


def _variables(study: Study, wave: Wave, questions: dict[str, Question]) -> list[str]:
    """What groups people: strata, margins, banner."""
    margins = [m.variable for m in study.margins.get(wave.id, ())]
    banner = [b for b in study.header.banner if b in questions]
    return list(dict.fromkeys(["stratum", *margins, *banner]))


def _weights(study: Study, wave: Wave, where: Groups, squares: Floats) -> Weights:
    strata = where.codes[:, where.variables.index("stratum")]
    rules = study.header.weighting
    if rules is None:
        return unweighted(where, strata)
    return weigh(where, strata, rules.everyone, study.margins[wave.id], squares)


def _columns(session: Session, study: Study, listed: Sequence[Plan]) -> list[Column]:
    """The columns of sums: each indicator once, per option or per value of its loop, and its "don't know"."""
    columns = []
    for k, plan in enumerate(listed):
        codes = list(plan.options)
        if plan.indicator.by is not None and plan.loop is not None:
            codes = [(plan.loop[0], v) for v in _looped(session, plan.loop)]
        columns += [Column(k, dimension, code) for dimension, code in codes] or [Column(k)]
        if len(plan.dont_know) == 1 and not plan.options:
            columns += [Column(k, dimension, code, dont_know=True) for dimension, code in codes] or [Column(k, dont_know=True)]
    return [c for c in columns if listed[c.plan].loop is None or session.has("contacts")]


def _looped(session: Session, loop: tuple[str, str]) -> list[str]:
    """The channels or brands that a loop was asked about, in alphabetical order."""
    if not session.has("contacts"):
        return []
    table = session.table("contacts")
    found = table.filter(table["loop"] == loop[1]).select(code=table[loop[0]]).distinct()
    return sorted(v for v in found.to_pyarrow()["code"].to_pylist() if v is not None)


def _segments(
    study: Study, where: Groups, questions: dict[str, Question], weights: Weights
) -> list[tuple[Segment, npt.NDArray[np.bool_]]]:
    """Everyone, then each category of each banner question; people without weight are in none."""
    found: list[tuple[Segment, npt.NDArray[np.bool_]]] = [((), weights.counted)]
    for name in study.header.banner:
        if name in questions:
            found += [
                (((name, c),), weights.counted & where.where(name, c)) for c in study.options(questions[name])
            ]
    return found


def _estimates(
    study: Study, wave: Wave, listed: Sequence[Plan], columns: Sequence[Column], segments: Sequence[Segment],
    figures: Figures, origin: Origin, weighting: WeightingDiagnostics | None,
) -> list[Estimate]:  # fmt: skip
    """One record per figure and segment, in the order of the study."""
    silent = {(c.plan, c.code): k for k, c in enumerate(columns) if c.dont_know}
    found = []
    for k, column in enumerate(columns):
        if column.dont_know:
            continue
        plan = listed[column.plan]
        ends = _ends(plan, figures, k, study.header.show.level)
        own: Segment = ((column.dimension, column.code),) if column.code else ()
        lineage = _lineage(study, plan, weighting, origin)
        for s, segment in enumerate(segments):
            share = _share(figures, s, silent.get((column.plan, column.code)))
            found.append(_estimate(study, wave, plan, own + segment, figures, s, k, ends, lineage, share))
    return found


def _ends(plan: Plan, figures: Figures, k: int, level: float) -> tuple[Floats, Floats]:
    """Interval limits of one column over all segments."""
    kind = {"share": "share", "mean": "mean", "nps": "nps"}[plan.unit]
    return interval(
        kind, figures.value[:, k], figures.se[:, k], figures.df,  # type: ignore[arg-type]
        n_effective=figures.n_effective[:, k], level=level, low=plan.low, high=plan.high,
    )  # fmt: skip


def _share(figures: Figures, s: int, column: int | None) -> float | None:
    """The share of "don't know" among those asked, where it is worth a line."""
    if column is None:
        return None
    value = float(figures.value[s, column])
    return value if value > DONT_KNOW_SHOWN else None


def flag_of(n: int, hide: int, fragile: int) -> Flag:
    """Reliability by the unweighted base."""
    return "hidden" if n < hide else "fragile" if n < fragile else "ok"


def _estimate(
    study: Study, wave: Wave, plan: Plan, segment: Segment, figures: Figures, s: int, k: int,
    ends: tuple[Floats, Floats], lineage: Lineage, dont_know: float | None,
) -> Estimate:  # fmt: skip
    show, n = study.header.show, int(figures.n[s, k])
    flag = flag_of(n, show.hide, show.fragile)
    shown = flag != "hidden"
    decimals = plan.indicator.decimals if plan.indicator.decimals is not None else (1 if plan.unit == "mean" else 0)
    effective = float(figures.n_effective[s, k]) if n else None
    return Estimate(
        figure=figure_key(plan.identity.key, segment), identity=plan.identity.key, indicator=plan.indicator.id,
        label=spread(plan.indicator.label) if plan.indicator.label else {"fr": plan.indicator.id, "en": plan.indicator.id},
        source="survey", grain=plan.loop[0] if plan.loop else "person", wave=wave.id, segment=segment,
        value=_finite(figures.value[s, k]) if shown else None, unit=plan.unit, decimals=decimals,
        se=_finite(figures.se[s, k]) if shown else None,
        ci_low=_finite(ends[0][s]) if shown else None, ci_high=_finite(ends[1][s]) if shown else None,
        level=show.level, n=n, n_weighted=float(figures.n_weighted[s, k]) if n else None, n_effective=effective,
        design_effect=n / effective if effective else None, flag=flag, lineage=lineage, out_of=plan.out_of,
        dont_know=dont_know if shown else None,
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _lineage(study: Study, plan: Plan, weighting: WeightingDiagnostics | None, origin: Origin) -> Lineage:
    question = plan.question
    label = {k: v for k, v in spread(question.label).items() if k in study.header.languages} if question else {}
    return Lineage(
        label, f"{plan.indicator.kind}: {plan.indicator.expression}", plan.indicator.base, "",
        weighting.method if weighting else "", "t, Holm", origin.inputs, origin.derived,
    )  # fmt: skip


def _usage(
    rows: Rows, where: Groups, weights: Weights, listed: Sequence[Plan], columns: Sequence[Column], usage: str
) -> tuple[tuple[str, ...], Floats, Floats] | None:
    """The use of each channel with its covariance: the channels overlap, since people use several."""
    own = [c for c in columns if listed[c.plan].indicator.id == usage and c.dimension == "channel" and not c.dont_know]
    if not own:
        return None
    found = rows.sums(where, own, cross=True)
    value, cov = covariance(found, weights.design, weights.counted)
    return tuple(c.code for c in own), value, cov
