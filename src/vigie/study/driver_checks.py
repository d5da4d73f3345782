"""Whether key drivers fit the questions: marks that are asked once, different from each other, and not too many."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from vigie.errors import Problem
from vigie.study.complaints import Checker
from vigie.study.document import Path_
from vigie.study.drivers import MOST, KeyDrivers, attributes
from vigie.study.expressions import Call, names
from vigie.study.questions import Numeric, Question, Scale
from vigie.study.resolution import READ


def check_drivers(c: Checker) -> Iterator[Problem]:
    """Every analysis on the study's questions."""
    for rules in c.study.drivers.values():
        path = c.at("drivers", rules.id)
        found = [*_mark(c, (*path, "of"), rules.of), *_attributes(c, path, rules)]
        yield from found
        if not found:
            yield from _number(c, path, rules)
            yield from _cuts(c, path, rules)
        yield from _base(c, path, rules)


def is_mark(question: Question | None) -> bool:
    """Whether a question gives one number of each person."""
    return isinstance(question, Scale | Numeric) and question.per is None


def _mark(c: Checker, path: Path_, name: str) -> Iterator[Problem]:
    question = c.study.questions.get(name)
    if question is None:
        what = "question" if path[-1] == "of" else "question or grid"
        yield from c.unknown(path, what, name, [n for n, q in c.study.questions.items() if is_mark(q)])
    elif not isinstance(question, Scale | Numeric):
        yield c.problem(path, "wrong-value", f'"{name}" gives no number.', "Use a scale or a numeric question.")
    elif question.per is not None:
        message = f'"{name}" is asked per {question.per.dimension}; drivers take marks that are asked once.'
        yield c.problem(path, "loop", message, "Use a question outside the loop.")


def _attributes(c: Checker, path: Path_, rules: KeyDrivers) -> Iterator[Problem]:
    for number, name in enumerate(rules.by):
        at = c.place((*path, "by", number), (*path, "by", name), (*path, "by"))
        if name not in c.study.batteries:
            yield from _mark(c, at, name)
            continue
        battery = c.study.batteries[name]
        if battery.scale is None or battery.per is not None:
            message = f'The grid "{name}" is not one of marks that are asked once.'
            yield c.problem(at, "wrong-value", message, "Use a grid with a `scale:`, outside a loop.")
        elif rules.by[name] is not None:
            message = f'The items of the grid "{name}" have words of their own.'
            yield c.problem(at, "wrong-value", message, "Give the grid without words.")


def _number(c: Checker, path: Path_, rules: KeyDrivers) -> Iterator[Problem]:
    """Every mark once, two of them at least, and no more than the method can take."""
    listed = attributes(rules, c.study.batteries, c.study.questions)
    expanded = [n for name in rules.by for n in attributes(_alone(rules, name), c.study.batteries, c.study.questions)]
    for name, times in Counter([rules.of, *expanded]).items():
        if times > 1:
            message = f'"{name}" stands twice among the overall mark and what goes with it.'
            yield c.problem((*path, "by"), "wrong-value", message, "Take it out of one of them.")
    if len(listed) < 2:
        message = "Drivers are compared with each other: there are two at least."
        yield c.problem((*path, "by"), "wrong-value", message, "Add another question.")
    if rules.method == "shapley" and len(listed) > MOST:
        message = f"`shapley` looks at every subset of the questions: {len(listed)} are too many."
        yield c.problem((*path, "by"), "wrong-value", message, f'Take at most {MOST}, or "method: johnson".')


def _alone(rules: KeyDrivers, name: str) -> KeyDrivers:
    return rules.model_copy(update={"by": {name: rules.by[name]}})


def _cuts(c: Checker, path: Path_, rules: KeyDrivers) -> Iterator[Problem]:
    """Low and high marks are marks of every scale, with one between them: else there is no penalty and no reward."""
    if rules.low is None or rules.high is None:
        return
    asked = (c.study.questions[name] for name in attributes(rules, c.study.batteries, c.study.questions))
    scales = {(q.scale.from_, q.scale.to): q.id for q in reversed([q for q in asked if isinstance(q, Scale)])}
    for (first, last), name in scales.items():
        if not first <= rules.low < rules.high <= last:
            message = f'`low: {rules.low:g}` and `high: {rules.high:g}` leave the scale of "{name}", {first} to {last}.'
            at = (*path, "low" if rules.low < first or rules.low > last else "high")
            yield c.problem(at, "wrong-value", message, f"Take marks from {first} to {last}.")
        elif math.floor(rules.low) + 1 >= rules.high:
            message = f'No mark of "{name}" lies between `low: {rules.low:g}` and `high: {rules.high:g}`.'
            help_ = "Both are told against the marks between: lower the one or raise the other."
            yield c.problem((*path, "high"), "wrong-value", message, help_)
            return  # told of one scale, it is told of all


def _base(c: Checker, path: Path_, rules: KeyDrivers) -> Iterator[Problem]:
    base, found = c.expression((*path, "base"), rules.base, ("truth",), c.study.questions)
    yield from found
    if base is None:
        return
    if base.loop is not None:
        message = "The base of drivers is a condition on people, not on what they were asked about in a loop."
        yield c.problem((*path, "base"), "loop", message, "Use questions that are asked once.")
    if any(isinstance(leaf, Call) and leaf.function in READ for leaf in names(base.tree)):
        message = "The base of drivers does not stand on the automatic reading of texts."
        yield c.problem((*path, "base"), "expression", message, "Use answers to closed questions.")
