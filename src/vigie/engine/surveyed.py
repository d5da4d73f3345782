"""Whom a wave's survey is summed over under one weighting: the people, the columns of sums, and the segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from vigie.engine.banner import Banner
from vigie.engine.blocks import Blocks
from vigie.engine.cells import GIVEN, Rules, among_of, rules_of
from vigie.engine.columns import channel_families, columns_of, family, prepared
from vigie.engine.common_lists import common_plans
from vigie.engine.edition import Edition
from vigie.engine.people import People
from vigie.engine.plan import Plan, plans
from vigie.engine.projection import Projection
from vigie.engine.sampling import drawn, drawn_by, survey_imports
from vigie.engine.session import Session
from vigie.engine.verbatims import read_questions, with_mentions, with_readings
from vigie.engine.weighting import Weights, as_given, given_weights, weigh, weighable
from vigie.errors import VigieError, failure
from vigie.stats.design import Design
from vigie.stats.sums import Sums
from vigie.study.expressions import Both, Everyone
from vigie.study.indicators import EVERYONE
from vigie.study.resolution import resolve
from vigie.study.waves import Wave
from vigie.verbatim import polarity


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns as one pass summed them, by the groups of one block."""

    columns: Sequence[int]
    sums: Sums
    design: Design
    block: int


class Surveyed:
    """A wave's survey under one weighting, ready to be summed: who is in it, its figures, and by what they are broken.

    `plans` are its figures and `columns` their columns of sums (C); `banner` holds the segments that they are broken by
    (S), and `blocks` the groups that these are made of. Cost: no pass over the answers, but one to find out whether
    anybody can be weighted, and one for the readings of texts where figures stand on them.

    `common_lists` says whether the channels that other waves list too are summed for themselves. Raises `VigieError`
    where nobody can be weighted, and for open funnels: those that leave people of their base out, or have them in
    several states.
    """

    def __init__(
        self, session: Session, edition: Edition, usage: str | None, weighting: str, *, common_lists: bool
    ) -> None:
        self.session, self.weighting, self.told = session, weighting, edition.keep
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
        self.banner = Banner(self.study, self.questions)
        design = [*drawn_by(self.imports), *(self.rules.variables if self.rules else ())]
        self.blocks = Blocks(made, self.study, design, self.banner.names)
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

    def weigh(self) -> Weights:
        """The weights of the people, once these have been counted."""
        where, counts = self.blocks.groups[0], self.people.counts[0]
        design = drawn(where, self.people.made.table, counts, self.imports, self.wave)
        alike = self.people.alike
        if self.rules is not None:
            return weigh(where, design, counts, replace(self.rules, starting=not alike))
        if alike:
            return Weights(design, None)
        if self.weighting != EVERYONE or not self.told:  # some people's weights are everyone's, which are told once
            return Weights(design, None, GIVEN)
        return as_given(design, counts, given_weights(self.people.made.table))

    @property
    def lost(self) -> int:
        """How many people could not be weighted, once people have been counted."""
        return self.session.rows("respondents") - int(self.people.counts[0].n.sum())

    def plan(self, k: int) -> Plan:
        """The figure of a column."""
        return self.plans[self.columns[k].plan]


def _nobody(rules: Rules | None, wave: Wave) -> VigieError:
    """Everybody left by the questions that whoever is weighted must have answered."""
    listed = ", ".join(f'"{name}"' for name in (rules.questions if rules else ()))
    place = rules.place if rules else f"wave {wave.id}"
    hint = "Are these questions in the wave's file? Otherwise take their margins out."
    message = f"Nobody in {place} has an answer to all of {listed}."
    return failure("weighting-failed", message, hint, file=rules.file if rules else "")
