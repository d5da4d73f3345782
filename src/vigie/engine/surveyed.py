"""Whom a wave's survey is summed over under one weighting: the people, the columns of sums, and the segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.engine.blocks import Blocks
from vigie.engine.cells import GIVEN, Rules, among_of, rules_of
from vigie.engine.columns import channel_families, columns_of, family, prepared
from vigie.engine.common_lists import common_plans
from vigie.engine.edition import Edition
from vigie.engine.groups import TRUTHS
from vigie.engine.people import People
from vigie.engine.plan import Plan, plans
from vigie.engine.projection import Projection
from vigie.engine.sampling import drawn, drawn_by, survey_imports
from vigie.engine.session import Session
from vigie.engine.verbatims import read_questions, with_mentions, with_readings
from vigie.engine.weighting import Weights, as_given, given_weights, weigh, weighable
from vigie.errors import VigieError, failure
from vigie.results import Segment
from vigie.stats.design import Design
from vigie.stats.sums import Sums
from vigie.study.expressions import Both, Everyone, Name
from vigie.study.indicators import EVERYONE
from vigie.study.questions import Multiple, Numeric
from vigie.study.resolution import resolve
from vigie.study.waves import Wave
from vigie.verbatim import polarity

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns as one pass summed them, by the groups of one block."""

    columns: Sequence[int]
    sums: Sums
    design: Design
    block: int


class Surveyed:
    """A wave's survey under one weighting, ready to be summed: who is in it, its figures, and by what they are broken.

    `plans` are its figures and `columns` their columns of sums (C); `segments` are everybody and each category of the
    banner (S); `blocks` hold the groups that segments are made of. Cost: no pass over the answers, but one to find out
    whether anybody can be weighted, and one for the readings of texts where figures stand on them.

    `common_lists` says whether the channels that other waves list too are summed for themselves. Raises `VigieError`
    where nobody can be weighted, and for open funnels: those that leave people of their base out, or have them in
    several states.
    """

    def __init__(
        self, session: Session, edition: Edition, usage: str | None, weighting: str, *, common_lists: bool
    ) -> None:
        self.session, self.weighting = session, weighting
        self.study, self.wave = edition.study, edition.wave
        self.questions = self.study.instrument(self.wave.id)
        self.imports = survey_imports(self.study, self.wave)
        self.rules = rules_of(self.study, self.wave, weighting)
        self.among = among_of(self.study, weighting)
        made_ready = list(plans(self.study, self.wave, "survey", polarity.CODER))
        made_ready += common_plans(self.study, self.wave, polarity.CODER) if common_lists else ()
        planned = [self._among(p) for p in made_ready if (p.indicator.weighting or EVERYONE) == weighting]
        self.texts = read_questions(planned, self.questions)
        people = self._people()
        if not people.count().to_pyarrow().as_py():
            raise _nobody(self.rules, self.wave)
        self.plans = prepared(planned, people, self.questions)
        looped = [name for name in self.texts[0] if self.questions[name].per is not None]
        made = Projection(session, people, self.study, self.questions, self.plans, looped)
        if problems := made.open_funnels(self.wave):
            raise VigieError(problems)
        self.columns = columns_of(self.plans, session, self.study)
        self.families = channel_families(self.columns, self.plans)
        self.usage = tuple(family(usage, self.columns, self.plans))  # the columns of the indicator of that name
        self.banner = dict(self._banner())
        self.segments: list[Segment] = [(), *(((name, c),) for name, codes in self.banner.items() for c in codes)]
        design = [*drawn_by(self.imports), *(self.rules.variables if self.rules else ())]
        self.blocks = Blocks(made, self.study, design, [_names(codes) for codes in self.banner.values()])
        once = edition.compare == "agency"
        self.people = People(made, self.blocks, self.columns, ordered=any(map(len, self.texts)), once=once)

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

    def _banner(self) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
        """The wave's banner questions; each option with the grouping variable and the category that it is."""
        for name in self.study.header.banner:
            question = self.questions.get(name)
            if question is not None:
                several = isinstance(question, Multiple)
                codes = self.study.options(question)
                yield name, {c: (f"{name}.{c}", "true") if several else (name, c) for c in codes}

    def weigh(self) -> Weights:
        """The weights of the people, once these have been counted."""
        where, counts = self.blocks.groups[0], self.people.counts[0]
        design = drawn(where, self.people.made.table, counts, self.imports, self.wave)
        alike = self.people.alike
        if self.rules is not None:
            return weigh(where, design, counts, replace(self.rules, starting=not alike))
        if alike:
            return Weights(design, None)
        if self.weighting != EVERYONE:  # some people's weights are everyone's, which are told once
            return Weights(design, None, GIVEN)
        return as_given(design, counts, given_weights(self.people.made.table))

    @property
    def lost(self) -> int:
        """How many people could not be weighted, once people have been counted."""
        return self.session.rows("respondents") - int(self.people.counts[0].n.sum())

    def own(self, block: int) -> tuple[list[str], Ints, Bools]:
        """The segments that are told from a block: their banner questions, their places, and their groups (S, G)."""
        where = self.blocks.groups[block]
        own = [(name, codes) for name, codes in self.banner.items() if self.blocks.of(_names(codes)) == block]
        listed: list[tuple[str, Bools]] = [("", np.ones(len(where), dtype=bool))] if block == 0 else []
        listed += [(name, where.where(*place)) for name, codes in own for place in codes.values()]
        names = [name for name, _ in listed]
        at = np.array([s for s, seg in enumerate(self.segments) if (seg[0][0] if seg else "") in set(names)])
        return names, at, np.array([member for _, member in listed])

    def rest(self, variable: str, block: int, members: Bools) -> Bools:
        """The groups of whoever answered a banner question, but otherwise than with each category."""
        if self.several(variable):
            where = self.blocks.groups[block]
            return np.array([where.where(name, TRUTHS[0]) for name, _ in self.banner[variable].values()])
        return np.asarray(members.any(axis=0) & ~members)

    def several(self, variable: str) -> bool:
        """Whether people may give several answers to a banner question."""
        return isinstance(self.questions[variable], Multiple)

    def plan(self, k: int) -> Plan:
        """The figure of a column."""
        return self.plans[self.columns[k].plan]

    def share(self, k: int) -> bool:
        """Whether a column is a share: tabulation programs test these alone."""
        return self.plan(k).unit == "share"

    def number(self, k: int) -> bool:
        """Whether a column is the mean of a numeric question as it was asked, once."""
        plan = self.plan(k)
        named = isinstance(plan.question, Numeric) and isinstance(plan.main.tree, Name)
        return (
            named and plan.unit == "mean" and plan.loop is None and plan.part is None and not self.columns[k].dont_know
        )

    def answer(self, k: int) -> bool:
        """Whether a column is one answer to a question of one answer, asked once."""
        plan = self.plan(k)
        return (
            bool(plan.options) and plan.main.type != "options" and plan.loop is None and not self.columns[k].dont_know
        )

    def alone(self, k: int, question: str) -> bool:
        """Whether a column is one figure of its indicator, and not of a banner question itself."""
        plan, column = self.plan(k), self.columns[k]
        return not (column.code or column.dont_know or plan.options or plan.part or question in plan.main.questions)


def _nobody(rules: Rules | None, wave: Wave) -> VigieError:
    """Everybody left by the questions that whoever is weighted must have answered."""
    listed = ", ".join(f'"{name}"' for name in (rules.questions if rules else ()))
    place = rules.place if rules else f"wave {wave.id}"
    hint = "Are these questions in the wave's file? Otherwise take their margins out."
    message = f"Nobody in {place} has an answer to all of {listed}."
    return failure("weighting-failed", message, hint, file=rules.file if rules else "")


def _names(codes: Mapping[str, tuple[str, str]]) -> list[str]:
    """The grouping variables of a banner question."""
    return list(dict.fromkeys(column for column, _ in codes.values()))
