"""Survey figures of a wave: every indicator on the whole and on the banner, per option and per channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vigie.engine.beside import Beside
from vigie.engine.columns import is_alone, is_number
from vigie.engine.edition import Edition
from vigie.engine.fielded import Categories, Fielded, Keeper, clusters, pairs
from vigie.engine.medians import Median, numbers
from vigie.engine.overlap import Surveys
from vigie.engine.session import Session
from vigie.engine.surveyed import Part, Surveyed
from vigie.engine.told import Told
from vigie.engine.weighting import Weights, unweighable
from vigie.results.figures import Estimate, Segment
from vigie.results.methods import Exclusion, WeightingDiagnostics
from vigie.results.tables import Independence
from vigie.snapshot.derived import derived, derived_key
from vigie.stats.design import Design
from vigie.stats.estimates import Figures, covariance, estimate
from vigie.stats.sums import Sums
from vigie.study.indicators import EVERYONE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Usage:
    """How much each channel is used: the weights of a mystery score, with what makes them uncertain."""

    channels: tuple[str, ...]
    value: Floats  # nan for a channel that the wave did not ask about
    cov: Floats
    n: Ints  # people in the base of each


@dataclass(frozen=True)
class SurveyFigures:
    """What the survey of a wave yields."""

    estimates: tuple[Estimate, ...]
    weighting: WeightingDiagnostics | None  # of everyone
    weightings: tuple[WeightingDiagnostics, ...]  # of some of the people
    exclusions: tuple[Exclusion, ...]
    usage: Usage | None
    notes: tuple[str, ...]  # on the weights
    derived: tuple[str, ...]  # keys of the derived tables that the figures used
    independence: Mapping[str, Sequence[Independence]]  # of each indicator's answers from the banner, if asked for
    medians: Mapping[str, Mapping[Segment, Median]]  # of each indicator of numbers, if asked for


def survey_figures(
    session: Session, edition: Edition, usage: str | None, panel: Surveys | None = None
) -> SurveyFigures:
    """Every indicator that the wave's instrument yields; `usage` names the one whose covariance the scores need.

    Cost: one pass over the respondents and one over the evaluations, whatever the number of figures; and as much again
    for each further weighting that indicators name. `panel` keeps what later waves need of this one.
    """
    named = {i.weighting or EVERYONE for i in edition.study.indicators.values() if i.source == "survey"}
    named |= {EVERYONE} if edition.keep or not named else set()  # the weights of everyone are always told and kept
    again = panel is not None
    surveys = [
        _Survey(Surveyed(session, edition, usage, name, common_lists=again), edition, remembered=again)
        for name in sorted(named, key=_everyone_first)
    ]
    order = list(edition.study.indicators)
    found = [e for survey in surveys for e in survey.told.estimates]
    if panel is not None:
        panel.add(edition.wave, [fielded for survey in surveys if (fielded := survey.fielded()) is not None])
    told = [(s.surveyed.weighting, s.weights.diagnostics) for s in surveys]
    return SurveyFigures(
        estimates=tuple(sorted(found, key=lambda e: order.index(e.indicator)) if len(surveys) > 1 else found),
        weighting=next((d for name, d in told if name == EVERYONE), None),
        weightings=tuple(d for name, d in told if name != EVERYONE and d is not None),
        exclusions=tuple(_unweighted([s.surveyed for s in surveys])),
        usage=next((s.usage for s in surveys if s.usage is not None), None),
        notes=tuple(note for s in surveys for note in s.weights.notes),
        derived=tuple(dict.fromkeys(key for s in surveys for key in s.told.edition.derived)),
        independence={name: tests for survey in surveys for name, tests in survey.beside.tests.items()},
        medians={name: found for survey in surveys for name, found in survey.medians.items()},
    )


def _unweighted(surveys: Sequence[Surveyed]) -> Iterator[Exclusion]:
    """Whoever some of the weightings could not weight; nobody twice."""
    lacking = {s.weighting: s for s in surveys if s.lost}
    if not lacking:
        return
    first, *others = lacking.values()
    lost = first.lost
    if others:
        rules = [s.rules for s in lacking.values() if s.rules is not None]
        lost = unweighable(first.session.table("respondents"), rules, first.study, first.questions)
    yield Exclusion("survey", "margins", lost, 0, ("respondents without a category of a margin",))


def _everyone_first(name: str) -> tuple[bool, str]:
    return name != EVERYONE, name


class _Survey:
    """The figures of a survey under one weighting, as arrays (S, C) and as the records that follow."""

    def __init__(self, surveyed: Surveyed, edition: Edition, *, remembered: bool) -> None:
        """`remembered`: later waves need it."""
        self.surveyed, self.edition = surveyed, edition
        segments, columns = len(surveyed.banner.segments), len(surveyed.columns)
        self.figures = _blank(segments, columns)
        self.beside = Beside(surveyed, edition)
        self.keeper = Keeper(segments, columns) if remembered else None
        self.usage: Usage | None = None
        self.weights = self._computed()
        self.medians = self._medians() if edition.whole else {}
        told = replace(edition, derived=(*edition.derived, *self._keep_weights()))
        self.told = Told(surveyed, told, self.figures, self.beside.letters, self.weights.method)

    def _computed(self) -> Weights:
        """Every column of sums in every segment, pass by pass: values, errors, bases and letters."""
        surveyed, weights = self.surveyed, None
        for one in surveyed.people.passes([surveyed.usage, *surveyed.families]):
            weights = weights or surveyed.weigh()
            for b, sums in enumerate(one.blocks):
                if len(one.columns):
                    self._estimated(Part(one.columns, sums, surveyed.blocks.design(weights.design, b), b))
            coarse = surveyed.blocks.coarse_design(weights.design)
            for columns, sums in one.families.items():
                self._shared(columns, sums, one.answers.get(columns), coarse)
        if weights is None:
            raise RuntimeError("a wave without figures still counts its people")
        return weights

    def _estimated(self, part: Part) -> None:
        """The figures of some columns in the segments of one block, written to their places."""
        names, at, members = self.surveyed.banner.own(self.surveyed.blocks, part.block)
        if not names:
            return
        made = estimate(part.sums, part.design, members)
        for name in ("value", "se", "n", "n_weighted", "n_effective", "units", "df"):
            getattr(self.figures, name)[np.ix_(at, np.asarray(part.columns))] = getattr(made, name)
        if self.keeper is not None:
            self.keeper.add(at, part.columns, part.sums, part.design, members)
        for variable in dict.fromkeys(name for name in names if name):
            some = [i for i, name in enumerate(names) if name == variable]
            self.beside.segments(variable, at[some], part, made.n[some], members[some])
            if self.keeper is not None and not self.surveyed.banner.several(variable):
                alone = [i for i, k in enumerate(part.columns) if self._alone(k, variable)]
                columns, sums = [part.columns[i] for i in alone], part.sums.take(alone)
                self.keeper.take_apart(variable, columns, sums, part.design, members[some])

    def _alone(self, k: int, question: str) -> bool:
        return is_alone(self.surveyed.plan(k), self.surveyed.columns[k], question)

    def _shared(self, columns: tuple[int, ...], sums: Sums, answers: Sums | None, design: Design) -> None:
        """Columns that share people: the use of channels, with its covariance; the letters of channels evaluated."""
        n = self.figures.n[0, list(columns)]
        if columns == self.surveyed.usage:
            value, cov = covariance(sums, design, np.ones(sums.groups, dtype=bool))
            self.usage = Usage(tuple(self.surveyed.columns[k].code for k in columns), value, cov, n)
        else:
            self.beside.channels(columns, sums, answers, design, n)

    def _medians(self) -> dict[str, dict[Segment, Median]]:
        """The medians of questions of numbers in every segment, by indicator."""
        surveyed, people, blocks = self.surveyed, self.surveyed.people, self.surveyed.blocks
        numeric = [k for k in range(len(surveyed.columns)) if is_number(surveyed.plan(k), surveyed.columns[k])]
        medians: dict[str, dict[Segment, Median]] = {}
        if not numeric:
            return medians
        found = numbers(people, numeric)
        for b in range(len(blocks)):
            names, at, members = surveyed.banner.own(blocks, b)
            for k in found.values if names else ():
                design = blocks.design(self.weights.design, b)
                here = found.medians(k, b, people.counts[b], design, members, self.edition.level)
                told = medians.setdefault(surveyed.plan(k).indicator.id, {})
                told |= {surveyed.banner.segments[s]: median for s, median in zip(at.tolist(), here, strict=True)}
        return medians

    def _keep_weights(self) -> tuple[str, ...]:
        """Write each respondent's weight beside the facts, once; the table's key."""
        if not self.edition.keep:
            return ()
        surveyed = self.surveyed
        snapshot, coarse = surveyed.session.snapshot, surveyed.blocks.coarse_design(self.weights.design)
        key = derived_key(snapshot, ["weights", surveyed.rules.told() if surveyed.rules else None])
        derived(snapshot, "weights", key, lambda: surveyed.people.weights(coarse.g[coarse.cell]))
        return (key,)

    def fielded(self) -> Fielded | None:
        """What later waves need of this one; nothing of a wave without figures."""
        if self.keeper is None or self.keeper.whole is None:
            return None
        surveyed, told = self.surveyed, self.told
        pair, strata = pairs(surveyed.blocks, self.weights.design)
        wholes = {k: key for key, (s, k) in told.places.items() if s == 0}
        parts = self.keeper.parts
        categories = tuple(
            Categories(q, tuple(codes), {wholes[k]: made for (name, k), made in parts.items() if name == q})
            for q, codes in surveyed.banner.codes.items()
        )
        return Fielded(
            surveyed.wave, surveyed.weighting, surveyed.people.made, surveyed.blocks, tuple(surveyed.columns),
            tuple(surveyed.banner.places), self.keeper.whole, pair, strata,
            clusters(surveyed.blocks, self.weights.design, strata), told.places, categories, told.common,
        )  # fmt: skip


def _blank(segments: int, columns: int) -> Figures:
    """Figures to be filled in."""
    value, se, weighted, effective = (np.full((segments, columns), np.nan) for _ in range(4))
    n, units, df = (np.zeros((segments, columns), dtype=np.int64) for _ in range(3))
    return Figures(value, se, n, weighted, effective, units, df)
