"""The row-level part, written by Ibis: for each person a group, a weight, and per figure its base u and its value v."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.algebra import IbisAlgebra
from vigie.engine.columns import Column
from vigie.engine.funnels import open_funnel, state, states_of
from vigie.engine.groups import Groups, grouping
from vigie.engine.plan import Plan
from vigie.engine.session import Session
from vigie.engine.verbatims import with_readings
from vigie.errors import Problem
from vigie.stats.sums import Sums, sums
from vigie.study.expressions import Tree, fold, written
from vigie.study.model import Study
from vigie.study.questions import Multiple, Question

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Rows:
    """Streams people with their figures through the kernel of sums."""

    def __init__(
        self, session: Session, people: Any, study: Study, questions: Mapping[str, Question], plan: Sequence[Plan],
        texts: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """`texts` are the open questions of loops whose automatic reading the plans need."""
        self.session, self.person, self.plans, self.texts = session, people, list(plan), texts
        self.exclusive = {q.id: study.exclusive(q) for q in questions.values() if isinstance(q, Multiple)}
        self.questions = questions
        self.bases = [_base(p.base) for p in self.plans]  # many figures share one base

    def sums(
        self, where: Groups, columns: Sequence[Column], families: Sequence[Sequence[int]], coarse: Ints
    ) -> tuple[Sums, list[Sums]]:
        """Grouped sums of the columns over everybody; and of the columns of each family, with their cross-products.

        Families are summed over the coarse groups that `coarse` (G,) puts each group into.
        """
        once = [k for k, c in enumerate(columns) if self.plans[c.plan].loop is None]
        looped = [k for k, c in enumerate(columns) if self.plans[c.plan].loop is not None]
        group, d, u, v = self._people(where, [columns[k] for k in once])
        U, V = (np.zeros((len(group), len(columns)), order="F") for _ in range(2))
        U[:, once], V[:, once] = u, v
        if looped:
            U[:, looped], V[:, looped] = self._evaluations([columns[k] for k in looped], len(group))
        at, size = coarse[group], int(coarse.max(initial=0)) + 1
        together = [sums(at, size, d, U[:, list(f)], V[:, list(f)], cross=True) for f in families]
        return sums(group, len(where), d, U, V), together

    def _people(self, where: Groups, columns: Sequence[Column]) -> tuple[Ints, Floats, Floats, Floats]:
        """Everybody in the order of the facts: group, design weight, and the figures asked once."""
        further = {f"g{i}": v for i, v in enumerate(where.variables)} | {"d": "base_weight"}
        table, u, v = self.evaluated(columns, further, ["respondent"])
        group = where.of([table[f"g{i}"].combine_chunks() for i in range(len(where.variables))])
        return group, table["d"].to_numpy().astype(np.float64), u, v

    def evaluated(
        self, columns: Sequence[Column], further: Mapping[str, str], order: Sequence[str]
    ) -> tuple[pa.Table, Floats, Floats]:
        """Base u and value v of each column (n, columns), one row per row of the table in this order.

        `further` names columns of the table that come along, by the name they bear in the result; truths come as texts.
        """
        people = self._with_bases(self.person, [c.plan for c in columns])
        algebra = IbisAlgebra(people, self.exclusive)
        selected: dict[str, Any] = {name: grouping(people, column) for name, column in further.items()}
        parts = [k for k, c in enumerate(columns) if self._is_part(c)]
        raw = dict.fromkeys(self._raw(columns[k]) for k in parts)
        selected |= {f"x{i}": people[name] for i, name in enumerate(raw)}
        bases = dict.fromkeys(self.bases[columns[k].plan] for k in parts)
        selected |= {f"b{i}": _number(people[name]) for i, name in enumerate(bases)}
        for k, column in enumerate(columns):
            if k not in parts:
                selected[f"v{k}"] = self._figure(column, algebra)
        table = people.order_by(list(order)).select(**selected).to_pyarrow()
        u, v = (np.zeros((table.num_rows, len(columns)), order="F") for _ in range(2))
        aliases = {name: f"x{i}" for i, name in enumerate(raw)} | {name: f"b{i}" for i, name in enumerate(bases)}
        for k, column in enumerate(columns):
            if k in parts:
                base = table[aliases[self.bases[column.plan]]].to_numpy()
                known, hit = self._hits(column, table[aliases[self._raw(column)]])
                u[:, k], v[:, k] = base * known, base * hit
            else:
                u[:, k], v[:, k] = inside(table[f"v{k}"])
        return table, u, v

    def _is_part(self, column: Column) -> bool:
        """Whether a column is one option or mark of a whole question: then its answers are read once for all parts."""
        plan = self.plans[column.plan]
        return bool(plan.options) and not column.dont_know and not plan.dont_know_in_base

    def _raw(self, column: Column) -> str:
        """The column of the facts that a part is made from."""
        plan = self.plans[column.plan]
        name = plan.main.questions[0]
        return f"{name}.{column.code}" if plan.main.type == "options" else name

    def _hits(self, column: Column, answers: Any) -> tuple[Any, Any]:
        """Where the question was answered, and where the answer is this option or mark."""
        kind = self.plans[column.plan].main.type
        if kind == "options":
            hit = answers
        else:
            hit = pc.equal(answers, float(column.code) if kind == "number" else column.code)
        known = answers.is_valid().to_numpy().astype(np.float64)
        return known, pc.fill_null(hit, False).to_numpy().astype(np.float64)

    def weights(self, where: Groups, g: Floats) -> pa.Table:
        """The derived table of weights: each respondent's base weight times the factor w/d (G,) of its group."""
        names = {f"g{i}": grouping(self.person, v) for i, v in enumerate(where.variables)}
        columns = {"respondent": self.person["respondent"], "d": self.person["base_weight"]}
        table = self.person.order_by("respondent").select(**columns, **names).to_pyarrow()
        group = where.of([table[name].combine_chunks() for name in names])
        return pa.table({"respondent": table["respondent"], "weight": table["d"].to_numpy() * g[group]})

    def _with_bases(self, table: Any, listed: Sequence[int]) -> Any:
        """The table with one column per base, so that the figures of one base do not write it again and again."""
        algebra = IbisAlgebra(table, self.exclusive)
        trees = {self.bases[k]: self.plans[k].base for k in listed}
        return table.mutate(**{name: fold(tree, algebra).fill_null(False) for name, tree in trees.items()})

    def _figure(self, column: Column, algebra: IbisAlgebra) -> Any:
        """The value of one figure as a column of numbers, null out of its base; unknown is out of it."""
        plan = self.plans[column.plan]
        base = algebra.table[self.bases[column.plan]]
        if column.dont_know:
            states = algebra.table[f"{plan.dont_know[0]}:state"]
            said = (states == "dont_know").cast("float64")
            return ibis.ifelse(base & states.isin(["answered", "dont_know"]), said, ibis.null("float64"))
        states = states_of(plan, self.plans)
        if states:
            value = state(plan, states, algebra)
        else:
            value = self._part(plan, column.code, algebra) if plan.options else fold(plan.main.tree, algebra)
        if plan.unit == "nps":
            boxes = ibis.ifelse(value >= 9, 1.0, ibis.ifelse(value <= 6, -1.0, 0.0))  # promoters 9-10, detractors 0-6
            value = ibis.ifelse(value.notnull(), boxes, ibis.null("float64"))
        value = value.cast("float64")
        for name in () if states else plan.dont_know_in_base:  # a funnel has a state for everybody
            said = algebra.table[f"{name}:state"] == "dont_know"
            value = ibis.ifelse(value.isnull() & said, 0.0, value)
        return ibis.ifelse(base, value, ibis.null("float64"))

    @staticmethod
    def _part(plan: Plan, code: str, algebra: IbisAlgebra) -> Any:
        """Whether an option was chosen, or a mark given."""
        name = plan.main.questions[0]
        if plan.main.type == "options":
            return algebra.option(name, code)
        return algebra.value(name) == (float(code) if plan.main.type == "number" else code)

    def _evaluations(self, columns: Sequence[Column], n: int) -> tuple[Floats, Floats]:
        """The figures of loops, summed per person: u = Σ loop weight in the base, v = Σ loop weight × value."""
        joined = self._with_bases(self._contacts(), [c.plan for c in columns])
        algebra = IbisAlgebra(joined, self.exclusive)
        wanted = list(dict.fromkeys((c.plan, c.dont_know) for c in columns))
        u, v = np.zeros((n, len(columns))), np.zeros((n, len(columns)))
        for source in dict.fromkeys(self.plans[c.plan].loop for c in columns):
            if source is None:
                continue
            own = [w for w in wanted if self.plans[w[0]].loop == source]
            drawn = self._drawn(source)
            weight = (joined["eligible"] / joined["asked"]).cast("float64") if drawn else ibis.literal(1.0)
            selected: dict[str, Any] = {"at_": joined["at_"], "code_": joined[source[0]], "w_": weight}
            for k, (plan, dont_know) in enumerate(own):
                selected[f"v{k}"] = self._figure(Column(plan, dont_know=dont_know), algebra)
            here = joined.filter(joined["loop"] == source[1]).select(**selected)
            table = here.order_by(["at_", "code_"]).to_pyarrow()
            self._scatter(table, columns, own, u, v)
        return u, v

    def _contacts(self) -> Any:
        """Every evaluation with what its person said otherwise; `at_` is the person's place in the facts."""
        contacts = self.session.table("contacts")
        people = self.person.drop([c for c in self.person.columns if c in contacts.columns])
        numbered = people.mutate(at_=ibis.row_number().over(order_by=people["respondent"]))
        joined = contacts.join(numbered, contacts["person"] == numbered["respondent"])
        for name in self.texts:
            loop = self.questions[name].per
            joined = with_readings(joined, self.session, "survey", [name], value=loop.dimension if loop else None)
        return joined

    def open_funnels(self, grain: str = "person") -> list[Problem]:
        """Funnels that leave people of their base out, or have them in several states; cost: one query for each."""
        found: list[Problem] = []
        for plan in self.plans:
            states = states_of(plan, self.plans)
            if not states or states[0] is not plan:
                continue
            loop = next((p.loop for p in states if p.loop is not None), None)
            if loop is not None and not self.session.has("contacts"):
                continue
            table = self.person if loop is None else self._contacts()
            table = table if loop is None else table.filter(table["loop"] == loop[1])
            algebra = IbisAlgebra(table, self.exclusive)
            found += open_funnel(states, table, algebra, grain if loop is None else loop[0])
        return found

    def _drawn(self, loop: tuple[str, str]) -> bool:
        """Whether the loop's values were drawn at random, so that its evaluations carry eligible / asked."""
        return any(
            q.per is not None and q.per.source == loop[1] and q.per.choose == "random" for q in self.questions.values()
        )

    @staticmethod
    def _scatter(table: Any, columns: Sequence[Column], own: Sequence[tuple[int, bool]], u: Floats, v: Floats) -> None:
        """Add each evaluation to its person, in the column of its channel (or in the one column of all)."""
        at, weight = table["at_"].to_numpy().astype(np.int64), table["w_"].to_numpy()
        codes = {c.code for c in columns if c.code}
        chosen = {
            code: np.asarray(pc.fill_null(pc.equal(table["code_"], code), False).to_numpy(), dtype=bool)
            for code in codes
        }
        for k, key in enumerate(own):
            base, value = (part * weight for part in inside(table[f"v{k}"]))
            for position, column in enumerate(columns):
                if (column.plan, column.dont_know) != key:
                    continue
                rows = chosen[column.code] if column.code else slice(None)
                u[:, position] += np.bincount(at[rows], weights=base[rows], minlength=len(u))
                v[:, position] += np.bincount(at[rows], weights=value[rows], minlength=len(v))


def inside(values: Any) -> tuple[Floats, Floats]:
    """Base and value of a figure: 1 and the value where it is known, 0 and 0 where it is not."""
    return values.is_valid().to_numpy().astype(np.float64), pc.fill_null(values, 0.0).to_numpy()


def _base(tree: Tree) -> str:
    """The name of a base as a column: one for each condition."""
    return f"base {written(tree)}"


def _number(truth: Any) -> Any:
    return truth.fill_null(False).cast("float64")
