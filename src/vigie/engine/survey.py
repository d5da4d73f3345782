"""Survey figures of a wave: every indicator on the whole and on the banner, per option and per channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.engine.against_rest import overlap_signs, segment_signs
from vigie.engine.agency import channel_letters, segment_shares
from vigie.engine.blocks import Blocks
from vigie.engine.cells import Rules, among_of, rules_of
from vigie.engine.columns import BOX, NET, Column, channel_families, channel_places, columns_of, family, prepared
from vigie.engine.common_lists import LIST, common_plans
from vigie.engine.fielded import Categories, Fielded, Keeper, Key, Place, pairs
from vigie.engine.groups import TRUTHS, Groups
from vigie.engine.independence import independences
from vigie.engine.letters import Overlap, Rule, overlap_letters, segment_letters
from vigie.engine.medians import Median, numbers
from vigie.engine.overlap import Surveys, key_of
from vigie.engine.people import People
from vigie.engine.plan import Plan, plans
from vigie.engine.projection import Projection
from vigie.engine.sampling import drawn, drawn_by, survey_imports
from vigie.engine.session import Session
from vigie.engine.verbatims import coder_of, named_brands, read_questions, readings, with_mentions, with_readings
from vigie.engine.weighting import Weights, as_given, given_weights, weigh, weighable
from vigie.errors import VigieError, failure
from vigie.results import (
    Compare,
    Estimate,
    Exclusion,
    Flag,
    Independence,
    Lineage,
    Segment,
    WeightingDiagnostics,
    figure_key,
)
from vigie.snapshot.derived import derived, derived_key
from vigie.stats.design import Design
from vigie.stats.estimates import Figures, covariance, estimate
from vigie.stats.intervals import interval
from vigie.stats.letters import Adjust
from vigie.stats.sums import Sums
from vigie.study.expressions import Both, Everyone, Name
from vigie.study.indicators import EVERYONE
from vigie.study.model import Study
from vigie.study.questions import Multiple, Numeric
from vigie.study.resolution import resolve
from vigie.study.text import spread
from vigie.study.waves import Wave
from vigie.verbatim import polarity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
DONT_KNOW_SHOWN = 0.01
ADJUSTED = {"holm": ", Holm", "bh": ", BH", "none": ""}


@dataclass(frozen=True)
class Usage:
    """How much each channel is used: the weights of a mystery score, with what makes them uncertain."""

    channels: tuple[str, ...]
    value: Floats  # nan for a channel that the wave did not ask about
    cov: Floats
    n: npt.NDArray[np.int64]  # people in the base of each


@dataclass(frozen=True)
class SurveyFigures:
    """What the survey of a wave yields."""

    estimates: tuple[Estimate, ...]
    weighting: WeightingDiagnostics | None  # of everyone
    weightings: tuple[WeightingDiagnostics, ...]  # of some of the people
    exclusions: tuple[Exclusion, ...]
    usage: Usage | None
    derived: tuple[str, ...]  # keys of the derived tables that the figures used
    independence: Mapping[str, tuple[Independence, ...]]  # of each indicator's answers from the banner, if asked for
    medians: Mapping[str, Mapping[Segment, Median]]  # of each indicator of numbers, if asked for


@dataclass(frozen=True)
class Edition:
    """A wave of a study, with what every figure of it tells of where it comes from."""

    study: Study
    wave: Wave
    inputs: tuple[str, ...]
    derived: tuple[str, ...] = ()
    adjust: Adjust = "holm"  # of the letters of a line
    compare: Compare = "columns"  # what columns are tested against, and how
    whole: bool = False  # whether what is told of whole questions is wanted: tests of independence, medians
    keep: bool = True  # whether derived tables are written beside the facts

    @property
    def level(self) -> float:
        return self.study.header.show.level

    @property
    def test(self) -> str:
        """The test of its figures, in short."""
        return ("t on effective bases" if self.compare == "agency" else "t") + ADJUSTED[self.adjust]


def survey_figures(
    session: Session, edition: Edition, usage: str | None, panel: Surveys | None = None
) -> SurveyFigures:
    """Every indicator that the wave's instrument yields; `usage` names the one whose covariance the scores need.

    Cost: one pass over the respondents and one over the evaluations, whatever the number of figures; and as much again
    for each further weighting that indicators name. `panel` keeps what later waves need of this one.
    """
    named = {i.weighting or EVERYONE for i in edition.study.indicators.values() if i.source == "survey"}
    named |= {EVERYONE} if edition.keep or not named else set()  # the weights of everyone are always told and kept
    listed, keep = sorted(named, key=_everyone_first), panel is not None
    surveys = [_Survey(session, edition, usage, name, keep=keep) for name in listed]
    order = list(edition.study.indicators)
    found = [e for survey in surveys for e in survey.estimates()]
    if panel is not None:
        panel.add(edition.wave, [fielded for survey in surveys if (fielded := survey.fielded()) is not None])
    told = [(s.weighting, s.weights.diagnostics) for s in surveys]
    return SurveyFigures(
        estimates=tuple(sorted(found, key=lambda e: order.index(e.indicator)) if len(surveys) > 1 else found),
        weighting=next((d for name, d in told if name == EVERYONE), None),
        weightings=tuple(d for name, d in told if name != EVERYONE and d is not None),
        exclusions=tuple(x for survey in surveys for x in survey.exclusions()),
        usage=next((s.usage for s in surveys if s.usage is not None), None),
        derived=tuple(dict.fromkeys(key for s in surveys for key in s.edition.derived)),
        independence={name: tuple(tests) for survey in surveys for name, tests in survey.tests.items()},
        medians={name: found for survey in surveys for name, found in survey.medians.items()},
    )


def _everyone_first(name: str) -> tuple[bool, str]:
    return name != EVERYONE, name


def flag_of(n: int, hide: int, fragile: int) -> Flag:
    """Reliability by the unweighted base."""
    return "hidden" if n < hide else "fragile" if n < fragile else "ok"


class _Survey:
    """The figures of a wave's survey under one weighting as arrays, made once, and the records that follow."""

    def __init__(
        self, session: Session, edition: Edition, usage: str | None, weighting: str = EVERYONE, *, keep: bool = False
    ) -> None:
        self.session, self.edition, self.weighting = session, edition, weighting
        self.study, self.wave = edition.study, edition.wave
        self.questions = self.study.instrument(self.wave.id)
        self.imports = survey_imports(self.study, self.wave)
        self.rules = rules_of(self.study, self.wave, weighting)
        self.among = among_of(self.study, weighting)
        made_ready = list(plans(self.study, self.wave, "survey", polarity.CODER))
        made_ready += common_plans(self.study, self.wave, polarity.CODER) if keep else ()
        planned = [self._among(p) for p in made_ready if (p.indicator.weighting or EVERYONE) == weighting]
        self.texts = read_questions(planned, self.questions)
        people = self._people()
        if not people.count().to_pyarrow().as_py():
            raise _nobody(self.rules)
        self.plans = prepared(planned, people, self.questions)
        looped = [name for name in self.texts[0] if self.questions[name].per is not None]
        made = Projection(session, people, self.study, self.questions, self.plans, looped)
        if problems := made.open_funnels():
            raise VigieError(problems)
        self.columns = columns_of(self.plans, session, self.study)
        self.banner = dict(self._banner())
        self.blocks = Blocks(
            made, self.study, self._design_variables(), [_names(codes) for codes in self.banner.values()]
        )
        self.people = People(
            made, self.blocks, self.columns, ordered=any(map(len, self.texts)), once=edition.compare == "agency"
        )
        self.segments: list[Segment] = [(), *(((name, c),) for name, codes in self.banner.items() for c in codes)]
        self.usage_columns = tuple(family(usage, self.columns, self.plans))
        self.usage: Usage | None = None
        self.letters = [[""] * len(self.segments) for _ in self.columns]
        self.tests: dict[str, list[Independence]] = {}
        self.medians: dict[str, dict[Segment, Median]] = {}
        self.keeper = Keeper(len(self.segments), len(self.columns)) if keep else None
        self.places: dict[Key, Place] = {}  # of the figures told
        self.common: dict[Key, Estimate] = {}  # on the channels that another wave lists too: kept, not told
        self.weights, self.figures = self._computed()
        self.edition = replace(edition, derived=(*edition.derived, *self._keep_weights()))

    def _people(self) -> Any:
        """Everybody who can be weighted: people without a category of a margin can stand for nobody."""
        table = self.session.table("respondents")
        if self.rules is not None:
            table = weighable(table, self.rules, self.study, self.questions)
        once = [name for name in self.texts[0] if self.questions[name].per is None]
        table = with_readings(table, self.session, "survey", once)
        table = with_mentions(table, self.session, self.study, self.wave, "survey", self.texts[1])
        return self.session.kept(table, "respondents")

    def _among(self, plan: Plan) -> Plan:
        """A figure among those whom the weighting weights."""
        if not self.among:
            return plan
        tree = resolve(self.among, self.study, self.questions, want=("truth",)).tree
        return replace(plan, base=tree if isinstance(plan.base, Everyone) else Both(tree, plan.base))

    def exclusions(self) -> Iterator[Exclusion]:
        """Whoever could not be weighted."""
        lost = self.session.rows("respondents") - int(self.people.counts[0].n.sum())
        if lost:
            yield Exclusion("survey", "margins", lost, 0, ("respondents without a category of a margin",))

    def _design_variables(self) -> list[str]:
        """What the design needs to know of everybody: strata, clusters and margins."""
        return [*drawn_by(self.imports), *(self.rules.variables if self.rules else ())]

    def _banner(self) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
        """The wave's banner questions; each option with the grouping variable and the category that it is."""
        for name in self.study.header.banner:
            question = self.questions.get(name)
            if question is not None:
                several = isinstance(question, Multiple)
                codes = self.study.options(question)
                yield name, {c: (f"{name}.{c}", "true") if several else (name, c) for c in codes}

    def _computed(self) -> tuple[Weights, Figures]:
        """Every column of sums in every segment, pass by pass: values, errors, bases and letters."""
        weights: Weights | None = None
        found = _blank(len(self.segments), len(self.columns))
        for one in self.people.passes([self.usage_columns, *channel_families(self.columns, self.plans)]):
            weights = weights or self._weighed()
            for b, sums in enumerate(one.blocks):
                self._estimated(found, one.columns, sums, self.blocks.design(weights.design, b), b)
            coarse = self.blocks.coarse_design(weights.design)
            for columns, sums in one.families.items():
                self._shared(columns, sums, one.answers.get(columns), coarse, found)
        if weights is None:
            raise RuntimeError("a wave without figures still counts its people")
        if self.edition.whole and (numeric := [k for k, c in enumerate(self.columns) if self._numeric(c)]):
            self._middles(numeric, weights.design)
        return weights, replace(found, df=weights.design.degrees(self.people.counts[0]))

    def _weighed(self) -> Weights:
        where, counts = self.blocks.groups[0], self.people.counts[0]
        design = drawn(where, self.people.made.table, counts, self.imports)
        given = given_weights(self.people.made.table)
        if self.rules is None:
            return as_given(design, counts, given)
        return weigh(where, design, counts, replace(self.rules, starting=given is not None))

    def _estimated(self, found: Figures, columns: Sequence[int], sums: Sums, design: Design, block: int) -> None:
        """The figures of some columns in the segments of one block, written to their places."""
        where, (names, at, members) = self.blocks.groups[block], self._own(block)
        if not names or not len(columns):
            return
        made = estimate(sums, design, members)
        for name in ("value", "se", "n", "n_weighted", "n_effective"):
            getattr(found, name)[np.ix_(at, np.asarray(columns))] = getattr(made, name)
        if self.keeper is not None:
            self.keeper.add(at, columns, sums, design, members)
        for variable in dict.fromkeys(name for name in names if name):
            some = [i for i, name in enumerate(names) if name == variable]
            self._take_apart(variable, columns, sums, design, members[some])
            self._tested(variable, columns, sums, design, members[some])
            compared = self._rest(variable, where, members[some]) if self.rule.compare == "rest" else None
            for k, line in self._lettered(columns, sums, design, made.n[some], members[some], compared):
                for i, letters in zip(some, line, strict=True):
                    self.letters[k][at[i]] = letters

    def _own(self, block: int) -> tuple[list[str], Ints, Bools]:
        """The segments that are told from a block: their banner questions, their places, and their groups (S, G)."""
        where = self.blocks.groups[block]
        own = [(name, codes) for name, codes in self.banner.items() if self.blocks.of(_names(codes)) == block]
        listed: list[tuple[str, Bools]] = [("", np.ones(len(where), dtype=bool))] if block == 0 else []
        listed += [(name, where.where(*place)) for name, codes in own for place in codes.values()]
        names = [name for name, _ in listed]
        at = np.array([s for s, seg in enumerate(self.segments) if (seg[0][0] if seg else "") in set(names)])
        return names, at, np.array([member for _, member in listed])

    def _numeric(self, column: Column) -> bool:
        """Whether a column is the mean of a numeric question as it was asked, once."""
        plan = self.plans[column.plan]
        named = isinstance(plan.question, Numeric) and isinstance(plan.main.tree, Name)
        return named and plan.unit == "mean" and plan.loop is None and plan.part is None and not column.dont_know

    def _middles(self, columns: Sequence[int], design: Design) -> None:
        """The medians of some columns in every segment."""
        found, level = numbers(self.people, columns), self.edition.level
        for b in range(len(self.blocks)):
            names, at, members = self._own(b)
            for k in found.values if names else ():
                here = found.medians(k, b, self.people.counts[b], self.blocks.design(design, b), members, level)
                told = self.medians.setdefault(self.plans[self.columns[k].plan].indicator.id, {})
                told |= {self.segments[s]: median for s, median in zip(at.tolist(), here, strict=True)}

    def _lettered(
        self, columns: Sequence[int], sums: Sums, design: Design, n: Ints, members: Bools, rest: Bools | None
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """What stands beside the figures of some columns in the categories of a banner question, by column."""
        df = design.degrees(sums)
        if rest is not None:
            yield from zip(columns, segment_signs(self.rule, sums, design, df, members, rest), strict=True)
        elif self.rule.compare == "agency":
            shares = [i for i, k in enumerate(columns) if self._share(k)]
            lines = segment_shares(sums.take(shares), design, members).letters(self.rule)
            yield from zip([columns[i] for i in shares], lines, strict=True)
        else:
            yield from zip(columns, segment_letters(self.rule, sums, design, n, df, members), strict=True)

    def _tested(self, variable: str, columns: Sequence[int], sums: Sums, design: Design, members: Bools) -> None:
        """Test questions of one answer, asked once, whose answers are among some columns, with a banner question."""
        if not self.edition.whole or isinstance(self.questions[variable], Multiple):
            return
        answers: dict[str, list[int]] = {}
        for i, k in enumerate(columns):
            column = self.columns[k]
            plan = self.plans[column.plan]
            if plan.options and plan.main.type != "options" and plan.loop is None and not column.dont_know:
                answers.setdefault(plan.indicator.id, []).append(i)
        for name, found in independences(variable, sums, design, members, answers):
            self.tests.setdefault(name, []).append(found)

    def _share(self, k: int) -> bool:
        """Whether a column is a share: tabulation programs test these alone."""
        return self.plans[self.columns[k].plan].unit == "share"

    def _rest(self, variable: str, where: Groups, members: Bools) -> Bools:
        """The groups of whoever answered a banner question, but otherwise than with each category."""
        places = self.banner[variable].values()
        if isinstance(self.questions[variable], Multiple):
            return np.array([where.where(name, TRUTHS[0]) for name, _ in places])
        return np.asarray(members.any(axis=0) & ~members)

    def _take_apart(
        self, question: str, columns: Sequence[int], sums: Sums, design: Design, members: npt.NDArray[np.bool_]
    ) -> None:
        """The figures that stand alone, by the categories of a banner question of one answer."""
        if self.keeper is None or isinstance(self.questions[question], Multiple):
            return
        some = [i for i, k in enumerate(columns) if self._alone(self.columns[k], question)]
        self.keeper.take_apart(question, [columns[i] for i in some], sums.take(some), design, members)

    def _alone(self, column: Column, question: str) -> bool:
        """Whether a column is one figure of its indicator, and not of the banner question itself."""
        plan = self.plans[column.plan]
        return not (column.code or column.dont_know or plan.options or plan.part or question in plan.main.questions)

    def fielded(self) -> Fielded | None:
        """What later waves need of this one, once its figures are told; nothing of a wave without figures."""
        if self.keeper is None or self.keeper.whole is None:
            return None
        pair, strata = pairs(self.blocks, self.weights.design)
        segments = (None, *(place for codes in self.banner.values() for place in codes.values()))
        wholes = {k: key for key, (s, k) in self.places.items() if s == 0}
        parts = self.keeper.parts
        categories = tuple(
            Categories(q, tuple(codes), {wholes[k]: made for (name, k), made in parts.items() if name == q})
            for q, codes in self.banner.items()
        )
        return Fielded(
            self.wave, self.weighting, self.people.made, self.blocks, tuple(self.columns), segments, self.keeper.whole,
            pair, strata, self.places, categories, self.common,
        )  # fmt: skip

    def _shared(
        self, columns: tuple[int, ...], sums: Sums, answers: Sums | None, design: Design, found: Figures
    ) -> None:
        """Columns that share people: the use of channels, with its covariance; the letters of channels evaluated."""
        n, codes = found.n[0, list(columns)], [self.columns[k].code for k in columns]
        if columns == self.usage_columns:
            value, cov = covariance(sums, design, np.ones(sums.groups, dtype=bool))
            self.usage = Usage(tuple(codes), value, cov, n)
            return
        listed = [self.columns[k].code for f in channel_families(self.columns, self.plans) for k in f]
        places = channel_places(self.study, listed)
        overlap = Overlap(sums, [places.index(c) for c in codes])
        for k, letters in zip(columns, self._by_channel(columns, overlap, answers, design, n), strict=False):
            self.letters[k][0] = letters

    def _by_channel(
        self, columns: Sequence[int], overlap: Overlap, answers: Sums | None, design: Design, n: Ints
    ) -> list[str]:
        """What stands beside the figures of the channels."""
        df = design.degrees(overlap.sums)
        if self.rule.compare == "rest":
            return overlap_signs(self.rule, overlap, design, n, df)
        if self.rule.compare == "columns":
            return overlap_letters(self.rule, overlap, design, n, df)
        return channel_letters(self.rule, overlap, answers, design, n) if answers and self._share(columns[0]) else []

    @property
    def rule(self) -> Rule:
        return Rule(self.edition.level, self.study.header.show.hide, self.edition.adjust, self.edition.compare)

    def _keep_weights(self) -> tuple[str, ...]:
        """Write each respondent's weight beside the facts, once; the table's key."""
        if not self.edition.keep:
            return ()
        coarse = self.blocks.coarse_design(self.weights.design)
        key = derived_key(self.session.snapshot, ["weights", self.rules.told() if self.rules else None])
        derived(self.session.snapshot, "weights", key, lambda: self.people.weights(coarse.g[coarse.cell]))
        return (key,)

    def estimates(self) -> Iterator[Estimate]:
        """One record per figure and segment, in the order of the study."""
        silent = {(c.plan, c.code): k for k, c in enumerate(self.columns) if c.dont_know}
        for k, column in enumerate(self.columns):
            if column.dont_know:
                continue
            plan = self.plans[column.plan]
            own: Segment = (plan.part,) if plan.part else ()
            own += ((column.dimension, column.code),) if column.code else ()
            answers = plan.options or (plan.part and plan.part[0] in (NET, BOX))
            # the answers to a question by the answers to the same question say nothing
            skipped = {*dict(own), *(plan.main.questions if answers else ())}
            unknown = silent.get((column.plan, "" if plan.options else column.code))
            record = self._records(plan, k, unknown)
            for s, segment in enumerate(self.segments):
                if segment and segment[0][0] in skipped:
                    continue
                told = record(s, own + segment)
                self.places[key_of(told)] = (s, k)
                if plan.part and plan.part[0] == LIST:
                    self.common[key_of(told)] = told
                else:
                    yield told

    def _limits(self, plan: Plan, k: int) -> tuple[Floats, Floats]:
        """Interval limits of one column over all segments."""
        f = self.figures
        return interval(
            plan.unit, f.value[:, k], f.se[:, k], f.df,
            n_effective=f.n_effective[:, k], level=self.edition.level, low=plan.low, high=plan.high,
        )  # fmt: skip

    def _records(self, plan: Plan, k: int, unknown: int | None) -> Callable[[int, Segment], Estimate]:
        """How the records of one column are made: what they share once, the rest from its place in the arrays."""
        f, show, indicator, key = self.figures, self.study.header.show, plan.indicator, plan.identity.key
        low, high = (a.tolist() for a in self._limits(plan, k))
        values, errors, bases = f.value[:, k].tolist(), f.se[:, k].tolist(), f.n[:, k].tolist()
        weighted, effective = f.n_weighted[:, k].tolist(), f.n_effective[:, k].tolist()
        silent = f.value[:, unknown].tolist() if unknown is not None else [0.0] * len(values)
        decimals = indicator.decimals if indicator.decimals is not None else (1 if plan.unit == "mean" else 0)
        label, lineage, letters = spread(indicator.label or {"": indicator.id}), self._lineage(plan), self.letters[k]
        grain, wave, level = plan.loop[0] if plan.loop else "person", self.wave.id, self.edition.level
        part = plan.part[0] if plan.part else ""

        def record(s: int, segment: Segment) -> Estimate:
            n = bases[s]
            flag = flag_of(n, show.hide, show.fragile)
            shown = flag != "hidden"  # a hidden figure has no value
            return Estimate(
                figure=figure_key(key, segment), identity=key, indicator=indicator.id, label=label, source="survey",
                grain=grain, wave=wave, segment=segment, value=finite(values[s]) if shown else None, unit=plan.unit,
                decimals=decimals, se=finite(errors[s]) if shown else None, ci_low=finite(low[s]) if shown else None,
                ci_high=finite(high[s]) if shown else None, level=level, n=n, n_weighted=weighted[s] if n else None,
                n_effective=effective[s] if n else None, design_effect=n / effective[s] if n and effective[s] else None,
                flag=flag, lineage=lineage, out_of=plan.out_of,
                dont_know=silent[s] if shown and silent[s] > DONT_KNOW_SHOWN else None,
                part=part or (segment[0][0] if plan.options else ""), letters=letters[s],
            )  # fmt: skip

        return record

    def _lineage(self, plan: Plan) -> Lineage:
        question = plan.question
        label = spread(question.label) if question else {}
        coder = coder_of(plan, self.questions)
        return Lineage(
            question={k: v for k, v in label.items() if k in self.study.header.languages},
            expression=f"{plan.indicator.kind}: {plan.indicator.expression}",
            base=self._base(plan),
            filter=self._filter(),
            weighting=self.weights.diagnostics.method if self.weights.diagnostics else "",
            test=self.edition.test,
            inputs=self.edition.inputs,
            derived=(*self.edition.derived, *(self._readings if coder else ())),
            coder=coder,
            base_label=spread(plan.indicator.base_label) if plan.indicator.base_label else {},
        )

    @cached_property
    def _readings(self) -> tuple[str, ...]:
        """The derived tables of texts that figures of a coder stand on."""
        keys = [readings(self.session)[1]] if self.texts[0] else []
        return (*keys, *([named_brands(self.session, self.study, self.wave)[1]] if self.texts[1] else ()))

    def _base(self, plan: Plan) -> str:
        """Who is in the base: as the indicator says, else whom its question was asked; of those who are weighted."""
        routing = plan.question.ask_if if plan.question else None
        own = routing if plan.indicator.base == EVERYONE and routing else plan.indicator.base
        if not self.among or own == EVERYONE:
            return self.among or own
        return own if own == self.among else f"({self.among}) and ({own})"

    def _filter(self) -> str:
        """Which rows of the wave's survey files were valid."""
        return "; ".join(dict.fromkeys(i.keep for i in self.imports if i.keep))


def _nobody(rules: Rules | None) -> VigieError:
    """Everybody left by the questions that whoever is weighted must have answered."""
    listed = ", ".join(f'"{name}"' for name in (rules.questions if rules else ()))
    hint = "Are these questions in the wave's file? Otherwise take their margins out."
    file = rules.margins[0].file if rules else ""
    return failure("weighting-failed", f"Nobody has an answer to all of {listed}.", hint, file=file)


def _names(codes: Mapping[str, tuple[str, str]]) -> list[str]:
    """The grouping variables of a banner question."""
    return list(dict.fromkeys(column for column, _ in codes.values()))


def _blank(segments: int, columns: int) -> Figures:
    """Figures to be filled in."""
    numbers = (np.full((segments, columns), np.nan) for _ in range(4))
    value, se, weighted, effective = numbers
    return Figures(value, se, np.zeros((segments, columns), dtype=np.int64), weighted, effective, 0)


def finite(value: float) -> float | None:
    """A number, or None where there is none."""
    return float(value) if isfinite(value) else None
