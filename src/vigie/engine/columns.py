"""The columns of sums behind a wave's figures: each plan once, per option, or per channel or brand of its loop."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vigie.engine.plan import Plan
from vigie.engine.session import Session
from vigie.study.expressions import Between, Either, Member, Name, Option, Tree
from vigie.study.identity import Identity
from vigie.study.model import Study
from vigie.study.questions import Category, Multiple, Numeric, Question, Scale, Single
from vigie.study.resolution import Resolved

CHANNEL, NET, BOX = "channel", "net", "box"


@dataclass(frozen=True, slots=True)
class Column:
    """A figure's column of sums: the plan's option or loop value, or the share of "don't know" behind it."""

    plan: int
    dimension: str = ""
    code: str = ""
    dont_know: bool = False

    @property
    def of_all(self) -> Column:
        """The same figure, whatever the option or the value of the loop."""
        return Column(self.plan, dont_know=self.dont_know)


def prepared(found: Iterable[Plan], people: Any, questions: Mapping[str, Question]) -> list[Plan]:
    """Plans made ready for the wave's own people: codes that are not fixed, nets and boxes, states of one loop."""
    made = [one for p in found for one in (_with_codes(p, people, questions), *_together(p, questions))]
    loops = {p.indicator.id: p.loop for p in made if p.loop is not None and p.part and p.part[0] == "state"}
    return [replace(p, loop=loops.get(p.indicator.id, p.loop)) for p in made]


def _with_codes(plan: Plan, people: Any, questions: Mapping[str, Question]) -> Plan:
    """The plan of a question whose list of codes is not fixed beforehand, with those that people gave."""
    question = questions.get(plan.main.questions[0]) if plan.main.type == "code" else None
    if plan.options or not isinstance(question, Category):
        return plan
    given = people.select(code=people[question.id]).distinct().to_pyarrow()["code"].to_pylist()
    return replace(plan, options=tuple((question.id, c) for c in sorted(c for c in given if c is not None)))


def _together(plan: Plan, questions: Mapping[str, Question]) -> Iterator[Plan]:
    """The nets and boxes of a question whose options or marks a share is given for."""
    question = questions.get(plan.main.questions[0]) if plan.options and plan.unit == "share" else None
    if question is None or plan.indicator.kind != "share":
        return
    for dimension, code, tree, of in combined(question):
        main = Resolved(tree, "truth", plan.main.questions, plan.main.loop)
        identity = Identity((*plan.identity.parts, (dimension, json.dumps(of))))  # its options may change alone
        part = (dimension, f"{question.id}.{code}")
        yield replace(plan, identity=identity, main=main, options=(), part=part, dont_know=())


def combined(question: Question) -> Iterator[tuple[str, str, Tree, list[str]]]:
    """Options or marks counted together: net or box, its code, its condition, and what it takes together."""
    if isinstance(question, Scale):
        for code, box in question.boxes.items():
            tree: Tree = Between(Name(question.id), float(box.from_), float(box.to))
            yield BOX, code, tree, [str(box.from_), str(box.to)]
    elif isinstance(question, Multiple):
        for code, net in question.nets.items():
            tree = Option(question.id, net.of[0])
            for option in net.of[1:]:
                tree = Either(tree, Option(question.id, option))
            yield NET, code, tree, sorted(net.of)
    elif isinstance(question, Single):
        for code, net in question.nets.items():
            yield NET, code, Member(Name(question.id), tuple(net.of)), sorted(net.of)


def is_share(plan: Plan) -> bool:
    """Whether a figure is a share: tabulation programs test these alone."""
    return plan.unit == "share"


def is_number(plan: Plan, column: Column) -> bool:
    """Whether a column is the mean of a numeric question as it was asked, once."""
    named = isinstance(plan.question, Numeric) and isinstance(plan.main.tree, Name)
    return named and plan.unit == "mean" and plan.loop is None and plan.part is None and not column.dont_know


def is_answer(plan: Plan, column: Column) -> bool:
    """Whether a column is one answer to a question of one answer, asked once."""
    return bool(plan.options) and plan.main.type != "options" and plan.loop is None and not column.dont_know


def is_alone(plan: Plan, column: Column, question: str) -> bool:
    """Whether a column is one figure of its indicator, and not of this banner question itself."""
    several = column.code or column.dont_know or plan.options or plan.part
    return not (several or question in plan.main.questions)


def columns_of(plans: Sequence[Plan], session: Session, study: Study) -> list[Column]:
    """Each plan once, per option or per value of its loop, and the "don't know" behind it."""
    columns: list[Column] = []
    loops = {p.loop for p in plans if p.loop is not None and p.loop[0] in p.indicator.by}
    values = {loop: _looped(loop, session, study) for loop in loops}
    for k, plan in enumerate(plans):
        codes = list(plan.options)
        if plan.loop is not None and plan.loop[0] in plan.indicator.by:
            codes = [(plan.loop[0], v) for v in values[plan.loop]]
        parts = codes or [("", "")]
        columns += [Column(k, dimension, code) for dimension, code in parts]
        if len(plan.dont_know) == 1:  # the options of one question share their "don't know"
            columns += [Column(k, d, c, dont_know=True) for d, c in ([("", "")] if plan.options else parts)]
    return [c for c in columns if plans[c.plan].loop is None or session.has("contacts")]


def _looped(loop: tuple[str, str], session: Session, study: Study) -> list[str]:
    """The channels that a loop was asked about, in the order of the study; brands in alphabetical order."""
    if not session.has("contacts"):
        return []
    table = session.table("contacts")
    found = table.filter(table["loop"] == loop[1]).select(code=table[loop[0]]).distinct()
    listed = list(study.header.channels) if loop[0] == CHANNEL else []
    codes = sorted(v for v in found.to_pyarrow()["code"].to_pylist() if v is not None)
    return sorted(codes, key=lambda c: listed.index(c) if c in listed else len(listed))


def family(indicator: str | None, columns: Sequence[Column], plans: Sequence[Plan]) -> list[int]:
    """The columns of an indicator's channels, which overlap, since people use several."""
    return [
        k for k, c in enumerate(columns)
        if plans[c.plan].indicator.id == indicator and c.dimension == CHANNEL and not c.dont_know
    ]  # fmt: skip


def channel_families(columns: Sequence[Column], plans: Sequence[Plan]) -> list[list[int]]:
    """Per figure on evaluations, the columns of its channels, which are compared with each other."""
    found: dict[int, list[int]] = {}
    for k, c in enumerate(columns):
        if c.dimension == CHANNEL and plans[c.plan].loop is not None and not c.dont_know:
            found.setdefault(c.plan, []).append(k)
    return [one for one in found.values() if len(one) > 1]


def channel_places(study: Study, codes: Sequence[str]) -> list[str]:
    """The channels in the order of their letters: those of the study, then any others that a loop asked about."""
    return list(dict.fromkeys([*study.header.channels, *sorted(codes)]))
