"""The row-level part of figures, written by Ibis: the base and the value of every figure as columns of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import ibis

from vigie.engine.algebra import IbisAlgebra
from vigie.engine.columns import Column
from vigie.engine.funnels import open_funnel, state, states_of
from vigie.engine.kernel import CODE, LOOP_WEIGHT, PERSON
from vigie.engine.plan import Plan
from vigie.engine.session import Session
from vigie.engine.verbatims import with_readings
from vigie.errors import Problem
from vigie.study.expressions import fold, written
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.waves import Wave


class Projection:
    """The figures of some plans as Ibis columns over the rows of a source."""

    def __init__(
        self, session: Session, table: Any, study: Study, questions: Mapping[str, Question], plan: Sequence[Plan],
        texts: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """`texts` are the open questions of loops whose automatic reading the plans need."""
        self.session, self.table, self.study, self.plans, self.texts = session, table, study, list(plan), texts
        self.exclusive = study.standing_alone(questions)
        self.questions = questions
        conditions = dict.fromkeys(written(p.base) for p in self.plans)
        names = {condition: f"_base{at}" for at, condition in enumerate(conditions)}
        self.bases = [names[written(p.base)] for p in self.plans]  # as columns; many figures share one base

    def algebra(self, table: Any) -> IbisAlgebra:
        return IbisAlgebra(table, self.exclusive)

    def with_bases(self, table: Any, listed: Sequence[int]) -> Any:
        """The table with one column per base, so that the figures of one base do not write it again and again."""
        algebra = self.algebra(table)
        trees = {self.bases[k]: self.plans[k].base for k in listed}
        return table.mutate(**{name: fold(tree, algebra).fill_null(False) for name, tree in trees.items()})

    def is_part(self, column: Column) -> bool:
        """Whether a column is one option or mark of a whole question: then its answers are read once for all parts."""
        plan = self.plans[column.plan]
        return bool(plan.options) and not column.dont_know and not plan.dont_know_in_base

    def raw(self, column: Column) -> str:
        """The column of the facts that a part is made from."""
        plan = self.plans[column.plan]
        name = plan.main.questions[0]
        return f"{name}.{column.code}" if plan.main.type == "options" else name

    def figure(self, column: Column, algebra: IbisAlgebra) -> Any:
        """The value of one figure, null out of its base; unknown is out of it. Truths stay truths.

        The table has the columns of `with_bases`.
        """
        plan = self.plans[column.plan]
        base = algebra.table[self.bases[column.plan]]
        if column.dont_know:
            states = algebra.table[f"{plan.dont_know[0]}:state"]
            asked = base & states.isin(["answered", "dont_know"])
            return ibis.ifelse(asked, states == "dont_know", ibis.null("boolean"))
        states = states_of(plan, self.plans)
        if states:
            value = state(plan, states, algebra)
        else:
            value = self._part(plan, column.code, algebra) if plan.options else fold(plan.main.tree, algebra)
        if plan.unit == "nps":
            boxes = ibis.ifelse(value >= 9, 1, ibis.ifelse(value <= 6, -1, 0))  # promoters 9-10, detractors 0-6
            value = ibis.ifelse(value.notnull(), boxes, ibis.null("int8"))
        for name in () if states else plan.dont_know_in_base:  # a funnel has a state for everybody
            said = algebra.table[f"{name}:state"] == "dont_know"
            value = ibis.ifelse(value.isnull() & said, ibis.literal(0).cast(value.type()), value)
        return ibis.ifelse(base, value, ibis.null(value.type()))

    @staticmethod
    def _part(plan: Plan, code: str, algebra: IbisAlgebra) -> Any:
        """Whether an option was chosen, or a mark given."""
        name = plan.main.questions[0]
        if plan.main.type == "options":
            return algebra.option(name, code)
        return algebra.value(name) == (float(code) if plan.main.type == "number" else code)

    def contacts(self, further: Mapping[str, Any] = MappingProxyType({})) -> Any:
        """Every evaluation with what its person said otherwise, and with further columns made of that."""
        contacts = self.session.table("contacts")
        people = self.table.mutate(**further).drop([c for c in self.table.columns if c in contacts.columns])
        joined = contacts.join(people, contacts["person"] == people["respondent"])
        for name in self.texts:
            loop = self.questions[name].per
            joined = with_readings(joined, self.session, "survey", [name], value=loop.dimension if loop else None)
        return joined

    def evaluations(
        self, loop: tuple[str, str], columns: Sequence[Column], further: Mapping[str, Any] = MappingProxyType({})
    ) -> tuple[Any, dict[Column, str]]:
        """The evaluations of a loop as kernels read them, and the name under which the value of each figure stands.

        PERSON, CODE and LOOP_WEIGHT, further columns made of what their person said, and one column of numbers per
        figure `of_all` evaluations, null out of its base.
        """
        values = {one: f"_v{at}" for at, one in enumerate(dict.fromkeys(c.of_all for c in columns))}
        contacts = self.contacts(further)
        table = self.with_bases(contacts.filter(contacts["loop"] == loop[1]), [c.plan for c in columns])
        algebra = self.algebra(table)
        drawn = (table["eligible"] / table["asked"]).cast("float64") if self._drawn(loop) else ibis.literal(1.0)
        selected = {PERSON: table["person"], CODE: table[loop[0]], LOOP_WEIGHT: drawn}
        selected |= {name: table[name] for name in further}
        selected |= {name: self.figure(one, algebra).cast("float64") for one, name in values.items()}
        return table.select(**selected), values

    def _drawn(self, loop: tuple[str, str]) -> bool:
        """Whether the loop's values were drawn at random, so that its evaluations weigh eligible / asked."""
        return any(
            q.per is not None and q.per.source == loop[1] and q.per.choose == "random" for q in self.questions.values()
        )

    def open_funnels(self, wave: Wave, grain: str = "person") -> list[Problem]:
        """Funnels that leave people of their base out, or have them in several states; cost: one query for each."""
        found: list[Problem] = []
        for plan in self.plans:
            states = states_of(plan, self.plans)
            if not states or states[0] is not plan:
                continue
            loop = next((p.loop for p in states if p.loop is not None), None)
            if loop is not None and not self.session.has("contacts"):
                continue
            table = self.table if loop is None else self.contacts()
            table = table if loop is None else table.filter(table["loop"] == loop[1])
            found += open_funnel(states, table, self.algebra(table), grain if loop is None else loop[0], wave)
        return found
