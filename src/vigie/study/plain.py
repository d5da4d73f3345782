"""Expressions over one respondent: plain values, with None for what is unknown. What collection pages route by."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vigie.study.expressions import Arithmetic, Comparison

Value = float | str | bool | date | None
COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMPUTE = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@dataclass(frozen=True)
class Answers:
    """One person's answers: values by question, chosen options, places in rankings, and states where not answered."""

    values: Mapping[str, Value] = field(default_factory=dict)
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    exclusive: Mapping[str, frozenset[str]] = field(default_factory=dict)  # options that stand alone, by question
    places: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # of every option of a ranking, by question

    def state(self, name: str) -> str:
        known = self.values.get(name) is not None or name in self.chosen or name in self.places
        return self.states.get(name, "answered" if known else "not_asked")


class PlainAlgebra:
    """Folds an expression over one person's answers."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    def everyone(self) -> Value:
        return True

    def literal(self, value: float | str | date) -> Value:
        return value

    def value(self, name: str) -> Value:
        return self.answers.values.get(name)

    def option(self, name: str, option: str) -> Value:
        if name in self.answers.places:
            return self.answers.places[name].get(option)
        chosen = self.answers.chosen.get(name)
        return None if chosen is None else option in chosen

    def call(self, function: str, name: str) -> Value:
        if function == "answered":
            return self.answers.state(name) == "answered"
        if function in ("dont_know", "refused"):
            state = self.answers.state(name)
            return None if state in ("not_asked", "not_in_wave") else state == function
        chosen = self.answers.chosen.get(name)
        if chosen is None:
            return None
        named = len(chosen - self.answers.exclusive.get(name, frozenset()))
        return named if function == "count" else named > 0

    def compare(self, operator_: Comparison, left: Value, right: Value) -> Value:
        known: tuple[Any, Any] = (left, right)
        return None if None in known else bool(COMPARE[operator_](*known))

    def compute(self, operator_: Arithmetic, left: Value, right: Value) -> Value:
        if left is None or right is None or (operator_ == "/" and right == 0):
            return None
        known: tuple[Any, Any] = (left, right)
        return float(COMPUTE[operator_](*known))

    def member(self, of: Value, values: Sequence[float | str]) -> Value:
        return None if of is None else of in values

    def negation(self, of: Value) -> Value:
        return None if of is None else not of

    def both(self, left: Value, right: Value) -> Value:
        if left is False or right is False:
            return False
        return None if left is None or right is None else True

    def either(self, left: Value, right: Value) -> Value:
        if left is True or right is True:
            return True
        return None if left is None or right is None else False
