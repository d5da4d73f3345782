"""The respondents of a wave, streamed through kernels: grouped sums of every figure, in as few passes as fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.engine.blocks import FEW, Blocks
from vigie.engine.columns import Column
from vigie.engine.counting import Counting, Tally
from vigie.engine.kernel import CODE, PERSON, WEIGHT, Coded
from vigie.engine.plan import Plan
from vigie.engine.products import Crossing, Evaluations
from vigie.engine.projection import Projection
from vigie.stats.sums import Sums
from vigie.study.expressions import Everyone, Name
from vigie.study.questions import Question, Scale, Single

Floats = npt.NDArray[np.float64]
Loop = tuple[str, str]
HELD = 200_000_000  # sums that a pass may hold were all combinations met: 1.6 GB; most hold a part of it
FIGURE, EVALUATED = 8, 16  # sums of a figure for each group; of one on evaluations also those of a batch
LONGEST = 101  # marks; a longer scale is a number


@dataclass(frozen=True, slots=True)
class Answers:
    """A figure made from the answers to one column: its base is who gave one, its value the score of the code."""

    column: Coded
    scores: Floats  # (size,)


@dataclass(frozen=True)
class Pass:
    """What one pass over the rows gave: the sums of some columns for each block, and of families of them."""

    columns: Sequence[int]
    blocks: Sequence[Sums]
    families: Mapping[tuple[int, ...], Sums]  # columns with their cross-products, by combinations of the base
    answers: Mapping[tuple[int, ...], Sums] = field(default_factory=dict)  # the same, with products weighted once


class People:
    """Streams the people of a wave, and their evaluations, through the kernels of sums."""

    def __init__(
        self, made: Projection, blocks: Blocks, columns: Sequence[Column], *, ordered: bool, once: bool = False
    ) -> None:
        """`ordered`: the table is joined from several, and says nothing of the order of its rows.

        `once`: of families of evaluations, the products weighted once are wanted too.
        """
        self.made, self.blocks, self.columns, self.session, self.once = made, blocks, columns, made.session, once
        self.order = ["respondent"] if ordered else []
        self.counts: list[Sums] = []  # of each block n, Σd and Σd², and no figure

    @cached_property
    def weight_range(self) -> tuple[float, float]:
        """The smallest and the largest base weight."""
        weight = self.made.table["base_weight"]
        ends = self.made.table.aggregate(low=weight.min(), high=weight.max()).to_pyarrow().to_pylist()[0]
        return float(ends["low"]), float(ends["high"])

    @property
    def alike(self) -> bool:
        """Whether all base weights are the same."""
        low, high = self.weight_range
        return low == high

    @property
    def even(self) -> bool:
        """Whether all base weights are 1."""
        return self.weight_range == (1.0, 1.0)

    def passes(self, families: Sequence[Sequence[int]]) -> Iterator[Pass]:
        """Every column once, in as few passes as memory allows; the first one counts people too.

        `families` are columns whose cross-products are kept; their columns have one loop, or none.
        """
        by_loop: dict[Loop | None, list[int]] = {None: []}
        for k, column in enumerate(self.columns):
            by_loop.setdefault(self._plan(column).loop, []).append(k)
        kept = [tuple(f) for f in families if f]
        for loop, listed in by_loop.items():
            for some in self._portions(listed) or [[]]:
                own = [f for f in kept if set(f) <= set(some)]
                yield self._once(some, own) if loop is None else self._evaluated(loop, some, own)

    def _plan(self, column: Column) -> Plan:
        return self.made.plans[column.plan]

    def _portions(self, listed: Sequence[int]) -> list[list[int]]:
        """Columns shared out over passes; those of one plan stay together."""
        rows = self.session.rows("respondents")
        groups = sum(min(keys.combinations, rows) for keys in self.blocks.keys)
        by_plan: dict[int, list[int]] = {}
        for k in listed:
            by_plan.setdefault(self.columns[k].plan, []).append(k)
        portions: list[list[int]] = []
        held: dict[object, int] = {}
        for own in by_plan.values():
            more = self._held(own)
            if portions and groups * sum((held | more).values()) <= HELD:
                portions[-1] += own
                held |= more
            else:
                portions.append(list(own))
                held = more
        return portions

    def _held(self, listed: Sequence[int]) -> dict[object, int]:
        """How many sums columns take for each group: those of their figures, and of the answers that these are made of.

        Figures may be made of the answers to one question: these are counted once.
        """
        held: dict[object, int] = {}
        for k in listed:
            evaluated = self._plan(self.columns[k]).loop is not None
            held[k] = EVALUATED if evaluated else FIGURE
            held |= () if evaluated else [self._table(self.columns[k])]
        return held

    def _table(self, column: Column) -> tuple[tuple[str, str] | Column, int]:
        """What a figure is counted from, and how many sums that holds for each group."""
        plan, question = self._plan(column), whole_answers(self.made, column)
        if question is None:
            return column, 2 * (3 + 1) + 1 if plan.unit == "nps" else 2 * (2 + 1) + 1  # more than a measure's
        name = self.made.raw(column) if plan.options else question.id
        codes = 2 if plan.main.type == "options" else len(plan.options)
        if isinstance(question, Scale):
            codes = question.scale.to - question.scale.from_ + 1
        return (name, self.made.bases[column.plan]), 2 * (codes + 1) + 1

    def _selected(self, table: Any) -> dict[str, Any]:
        """What every kernel reads of a person: the grouping variables and, unless all are 1, the weight."""
        weight = {} if self.even else {WEIGHT: table["base_weight"].cast("float64")}
        return self.blocks.columns(table) | weight

    # figures asked once

    def _once(self, some: Sequence[int], families: Sequence[tuple[int, ...]]) -> Pass:
        listed = [self.columns[k] for k in some]
        table = self.made.with_bases(self.made.table, [c.plan for c in listed])
        read = _Read(self.made, table)
        figures = [read.figure(c) for c in listed]
        coded = list(dict.fromkeys(f.column for f in figures if isinstance(f, Answers)))
        measures = list(dict.fromkeys(f for f in figures if isinstance(f, str)))
        kernel = Counting(tuple(self.blocks.keys), tuple(coded), tuple(measures), self.even)
        tallies = self._fold(table, self._selected(table) | read.selected, kernel)
        if not self.counts:
            self.blocks.count(tallies)
        apart = self.blocks.apart(tallies)
        self.counts = self.counts or [_assembled(t, [], coded, measures) for t in apart]
        made = [_assembled(t, figures, coded, measures) for t in apart]
        return Pass(some, made, {f: self._crossing(table, read, [figures[some.index(k)] for k in f]) for f in families})

    def _crossing(self, table: Any, read: _Read, figures: Sequence[Answers | str]) -> Sums:
        """The cross-products of figures that are answers; of others there is no family."""
        answers = [f for f in figures if isinstance(f, Answers)]
        kernel = Crossing(
            self.blocks.coarse, tuple(a.column for a in answers), tuple(a.scores for a in answers), self.even
        )
        own = {a.column.column: read.selected[a.column.column] for a in answers}
        found: Sums = self._fold(table, self._selected(table) | own, kernel)
        return found

    def counted(self, table: Any, further: Mapping[str, Any], kernel: Counting) -> tuple[Tally, ...]:
        """The people of a table counted by keys of their own, which read further columns."""
        found: tuple[Tally, ...] = self._fold(table, {**self._selected(table), **further}, kernel)
        return found

    def _fold(self, table: Any, selected: Mapping[str, Any], kernel: Any) -> Any:
        rows = table.order_by(self.order) if self.order else table
        return self.session.engine.fold(rows.select(**selected), kernel)

    # figures on evaluations

    def _evaluated(self, loop: Loop, some: Sequence[int], families: Sequence[tuple[int, ...]]) -> Pass:
        """The figures of a loop: each evaluation weighs eligible / asked where the loop was drawn."""
        listed = [self.columns[k] for k in some]
        codes = sorted({c.code for c in listed})  # "" is nobody's: such figures take all evaluations
        table, values = self.made.evaluations(loop, listed, self._selected(self.made.table))
        places = {one: at for at, one in enumerate(values)}
        kernel = Evaluations(
            tuple(self.blocks.keys), self.blocks.coarse, Coded(CODE, len(codes), levels=tuple(codes)),
            tuple(values.values()),
            tuple((places[c.of_all], codes.index(c.code) + 1 if c.code else 0) for c in listed),
            tuple(tuple(some.index(k) for k in f) for f in families), self.even, self.once,
        )  # fmt: skip
        found = self.session.engine.fold(table, kernel, order=[PERSON, CODE])
        crossings = len(kernel.blocks)
        blocks = [s.among(c) for s, c in zip(self.blocks.apart(found[:crossings]), self.counts, strict=True)]
        people = self._coarse_counts()
        crossed = [s.among(people) for s in found[crossings:]]
        answers = crossed[len(families) :]
        return Pass(
            some, blocks, dict(zip(families, crossed, strict=False)), dict(zip(families, answers, strict=False))
        )

    def _coarse_counts(self) -> Sums:
        """n, Σd and Σd² of the combinations of the base."""
        whole, at = self.counts[0], self.blocks.groups[0].combined(self.blocks.base)[1]
        return whole.folded(at, int(at.max(initial=-1)) + 1)

    # weights

    def weights(self, g: Floats) -> pa.Table:
        """The derived table of weights: each respondent's base weight times the factor w/d of its combination (g,)."""
        table = self.made.table
        selected = {"respondent": table["respondent"], WEIGHT: table["base_weight"].cast("float64")}
        found = table.order_by("respondent").select(**selected, **self.blocks.columns(table)).to_pyarrow()
        keys, parts = self.blocks.coarse, []
        for batch in found.to_batches():
            weight = np.asarray(batch.column(WEIGHT)) * g[keys.of(batch)]
            parts.append(pa.record_batch({"respondent": batch.column("respondent"), "weight": pa.array(weight)}))
        kinds = pa.schema([("respondent", pa.string()), ("weight", pa.float64())])
        return pa.Table.from_batches(parts, kinds)


def whole_answers(made: Projection, column: Column) -> Question | None:
    """The question whose answers, as they are, make up a figure: a part of it, or the mean of a scale."""
    plan = made.plans[column.plan]
    question = made.questions.get(plan.main.questions[0]) if plan.main.questions else None
    short = not isinstance(question, Scale) or question.scale.to - question.scale.from_ < LONGEST
    if question is None or not short or column.dont_know:
        return None
    if made.is_part(column):
        return question
    mean = plan.unit == "mean" and isinstance(plan.main.tree, Name) and isinstance(question, Scale)
    return question if mean and not plan.dont_know_in_base else None


class _Read:
    """The columns that the figures of some plans are read from, each made once for all the figures that need it."""

    def __init__(self, made: Projection, table: Any) -> None:
        self.made, self.table, self.algebra = made, table, made.algebra(table)
        self.selected: dict[str, Any] = {}
        self.names: dict[tuple[str, str], str] = {}

    def figure(self, column: Column) -> Answers | str:
        """How a figure is read: as the answers to a column, or as a measure by its name."""
        plan = self.made.plans[column.plan]
        question = whole_answers(self.made, column)
        if question is not None:
            return self._of_question(column, plan, question)
        value = self.made.figure(column, self.algebra)
        name = f"_v{len(self.selected)}"
        if value.type().is_boolean():
            self.selected[name] = value.cast("int8")
            return Answers(Coded(name, 2, -1), np.array([0.0, 1.0]))
        if plan.unit == "nps":
            self.selected[name] = value.cast("int8")
            return Answers(Coded(name, 3, -2), np.array([-1.0, 0.0, 1.0]))
        self.selected[name] = value.cast("float64")
        return name

    def _of_question(self, column: Column, plan: Plan, question: Question) -> Answers:
        name = self.made.raw(column) if plan.options else question.id
        if plan.main.type == "options":
            return Answers(Coded(self._answers(name, plan, column), 2, -1), np.array([0.0, 1.0]))
        if isinstance(question, Scale):
            low, high = question.scale.from_, question.scale.to
            marks = np.arange(low, high + 1, dtype=np.float64)
            scores = (marks == float(column.code)).astype(np.float64) if plan.options else marks
            return Answers(Coded(self._answers(name, plan, column), len(marks), low - 1), scores)
        codes = tuple(c for _, c in plan.options)
        scores = np.array([float(c == column.code) for c in codes])
        answer = self.table[name]
        if len(codes) > FEW:  # the kernel looks them up
            return Answers(Coded(self._answers(name, plan, column, answer), len(codes), levels=codes), scores)
        if isinstance(question, Single) and set(self.made.study.options(question)) <= set(codes):
            answer, signs = self.made.session.engine.sign(codes, answer)
        else:
            answer, signs = self.made.session.engine.place(codes, answer), ()
        unknown = signs.index(0) if signs else 0
        return Answers(Coded(self._answers(name, plan, column, answer), len(codes), unknown, signs=signs), scores)

    def _answers(self, name: str, plan: Plan, column: Column, answer: Any = None) -> str:
        """The alias of a question's column, as it is or as given, null out of the plan's base."""
        base = self.made.bases[column.plan]
        alias = self.names.setdefault((name, base), f"_a{len(self.selected)}")
        if alias not in self.selected:
            answer = self.table[name].cast("int16") if answer is None else answer
            if not isinstance(plan.base, Everyone):
                answer = ibis.ifelse(self.table[base], answer, ibis.null(answer.type()))
            self.selected[alias] = answer
        return alias


def _assembled(tally: Tally, figures: Sequence[Answers | str], coded: Sequence[Coded], measures: Sequence[str]) -> Sums:
    """The sums of figures from what was counted."""
    G = len(tally.groups)
    out = {name: np.empty((G, len(figures))) for name in ("base", "du", "dv", "d2u", "d2v", "d2vv")}
    by_column: dict[Coded, list[int]] = {}
    for k, figure in enumerate(figures):
        if isinstance(figure, Answers):
            by_column.setdefault(figure.column, []).append(k)
            continue
        table = tally.measures[measures.index(figure)]
        for name, values in zip(("base", "du", "d2u", "dv", "d2v", "d2vv"), table, strict=True):
            out[name][:, k] = values
    for c, known, table in zip(coded, tally.known, tally.answers, strict=True):
        own = by_column.get(c, [])
        scores = np.array([a.scores for k in own if isinstance(a := figures[k], Answers)]).reshape(len(own), c.size).T
        d, d2 = table[:, :, 1:]
        out["base"][:, own], out["du"][:, own], out["d2u"][:, own] = (
            np.repeat(a[:, None], len(own), axis=1) for a in (known, d.sum(axis=1), d2.sum(axis=1))
        )
        out["dv"][:, own], out["d2v"][:, own], out["d2vv"][:, own] = d @ scores, d2 @ scores, d2 @ scores**2
    n, d, d2 = tally.people
    # everybody counts once in a base: u is 0 or 1, and its square itself
    return Sums(
        n=n.astype(np.int64), d=d, d2=d2, base=out["base"].astype(np.int64), du=out["du"], dv=out["dv"],
        d2u=out["d2u"], d2v=out["d2v"], d2uu=out["d2u"], d2uv=out["d2v"], d2vv=out["d2vv"],
    )  # fmt: skip
