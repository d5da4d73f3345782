"""Expressions over Ibis columns: what the engine filters and recodes by, on any backend."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

import ibis
from ibis.expr import operations as ops

from vigie.study.expressions import Arithmetic, Comparison
from vigie.study.plain import COMPARE, COMPUTE
from vigie.study.resolution import READ

Column = Any


class IbisAlgebra:
    """Folds an expression over a table with the columns `question`, `question.option`, `question:state`.

    What an automatic reading of its text gives stands in `question:polarity` and `question:intensity`.
    """

    def __init__(self, table: Any, exclusive: Mapping[str, Sequence[str]]) -> None:
        self.table, self.exclusive = table, exclusive

    def everyone(self) -> Column:
        return ibis.literal(True)

    def literal(self, value: float | str | date) -> Column:
        return ibis.literal(value if isinstance(value, (str, date)) else float(value))

    def value(self, name: str) -> Column:
        return self.table[name]

    def option(self, name: str, option: str) -> Column:
        return self.table[f"{name}.{option}"]

    def call(self, function: str, name: str) -> Column:
        if function in ("any", "count"):
            alone = {f"{name}.{o}" for o in self.exclusive.get(name, ())}
            columns = [c for c in self.table.columns if c.startswith(f"{name}.") and c not in alone]
            # an option that the wave did not ask about adds nothing
            chosen = (self.table[c].fill_null(False).cast("float64") for c in columns)
            total = reduce(operator.add, chosen, ibis.literal(0.0))
            total = ibis.ifelse(self.table[f"{name}:state"] == "answered", total, ibis.null("float64"))
            return total if function == "count" else total > 0
        if function in READ:
            return self.table[f"{name}:{function}"]
        state = self.table[f"{name}:state"]
        if function == "answered":
            return state == "answered"
        return ibis.ifelse(state.isin(["not_asked", "not_in_wave"]), ibis.null("boolean"), state == function)

    def compare(self, operator_: Comparison, left: Column, right: Column) -> Column:
        return COMPARE[operator_](left, right)

    def compute(self, operator_: Arithmetic, left: Column, right: Column) -> Column:
        a, b = _double(left), _double(right)
        return COMPUTE[operator_](a, b.nullif(0.0) if operator_ == "/" else b)

    def member(self, of: Column, values: Sequence[float | str]) -> Column:
        return of.isin([v if isinstance(v, str) else float(v) for v in values])

    def negation(self, of: Column) -> Column:
        return ~of

    def both(self, left: Column, right: Column) -> Column:
        return left & right

    def either(self, left: Column, right: Column) -> Column:
        return left | right


def _double(operand: Column) -> Column:
    """An operand as a floating-point number: SQL takes a bare constant for a decimal, whose products overflow."""
    constant = operand.op()
    if isinstance(constant, ops.Literal):
        return ibis.literal(repr(float(constant.value))).cast("float64")
    return operand.cast("float64")
