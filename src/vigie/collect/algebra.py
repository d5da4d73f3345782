"""Expressions over Arrow columns: routing over typed answers, and filters over a file's own columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vigie.study.expressions import Arithmetic, Comparison

Column = Any  # pa.Array, pa.ChunkedArray or pa.Scalar
_COMPARE: dict[str, Callable[..., Any]] = {
    "==": pc.equal, "!=": pc.not_equal, "<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal,
}  # fmt: skip
_COMPUTE: dict[str, Callable[..., Any]] = {"+": pc.add, "-": pc.subtract, "*": pc.multiply, "/": pc.divide}


class ArrowAlgebra:
    """Folds an expression over columns of answers; `columns` holds `question`, `question.option`, `question:state`."""

    def __init__(self, columns: Mapping[str, Column], exclusive: Mapping[str, Sequence[str]]) -> None:
        self.columns, self.exclusive = columns, exclusive

    def everyone(self) -> Column:
        return pa.scalar(True)

    def literal(self, value: float | str | date) -> Column:
        return (
            pa.scalar(value, pa.date32())
            if isinstance(value, date)
            else pa.scalar(float(value) if not isinstance(value, str) else value)
        )

    def value(self, name: str) -> Column:
        return self.columns[name]

    def option(self, name: str, option: str) -> Column:
        return self.columns[f"{name}.{option}"]

    def call(self, function: str, name: str) -> Column:
        if function in ("any", "count"):
            return self._counted(name, function)
        state = self.columns[f"{name}:state"]
        if function == "answered":
            return pc.equal(state, "answered")
        asked = pc.invert(pc.is_in(state, pa.array(["not_asked", "not_in_wave"])))
        return pc.if_else(asked, pc.equal(state, function), pa.scalar(None, pa.bool_()))

    def _counted(self, name: str, function: str) -> Column:
        alone = self.exclusive.get(name, ())
        parts = [
            c for key, c in self.columns.items() if key.startswith(f"{name}.") and key[len(name) + 1 :] not in alone
        ]
        total = pa.scalar(0.0)
        for part in parts:  # an option that the wave did not ask about adds nothing
            total = pc.add(total, pc.cast(pc.fill_null(part, False), pa.float64()))
        answered = pc.equal(self.columns[f"{name}:state"], "answered")
        total = pc.if_else(answered, total, pa.scalar(None, pa.float64()))
        return total if function == "count" else pc.greater(total, 0.0)

    def compare(self, operator: Comparison, left: Column, right: Column) -> Column:
        return _COMPARE[operator](left, right)

    def compute(self, operator: Arithmetic, left: Column, right: Column) -> Column:
        a, b = pc.cast(left, pa.float64()), pc.cast(right, pa.float64())
        if operator == "/":  # a division by zero is unknown
            b = pc.if_else(pc.equal(b, 0.0), pa.scalar(None, pa.float64()), b)
        return _COMPUTE[operator](a, b)

    def member(self, of: Column, values: Sequence[float | str]) -> Column:
        if pa.types.is_floating(of.type):
            of = pc.add(of, 0.0)  # a list of zeros has no -0.0 in it
        found = pc.is_in(of, pa.array([v if isinstance(v, str) else float(v) for v in values]))
        return pc.if_else(pc.is_null(of), pa.scalar(None, pa.bool_()), found)

    def negation(self, of: Column) -> Column:
        return pc.invert(of)

    def both(self, left: Column, right: Column) -> Column:
        return pc.and_kleene(left, right)

    def either(self, left: Column, right: Column) -> Column:
        return pc.or_kleene(left, right)


class CellAlgebra(ArrowAlgebra):
    """Folds a filter over a file's own columns: cells are text, and compare as numbers with numbers."""

    def __init__(self, columns: Mapping[str, Column], as_number: Callable[[Column], Column]) -> None:
        super().__init__(columns, {})
        self.as_number = as_number

    def call(self, function: str, name: str) -> Column:  # noqa: ARG002 - only `answered` is let through
        return pc.is_valid(self.columns[name])

    def compare(self, operator: Comparison, left: Column, right: Column) -> Column:
        if pa.types.is_floating(left.type) or pa.types.is_floating(right.type) or operator not in ("==", "!="):
            left, right = self._number(left), self._number(right)
        return super().compare(operator, left, right)

    def compute(self, operator: Arithmetic, left: Column, right: Column) -> Column:
        return super().compute(operator, self._number(left), self._number(right))

    def member(self, of: Column, values: Sequence[float | str]) -> Column:
        if all(not isinstance(v, str) for v in values):
            return super().member(self._number(of), values)
        return super().member(of, [v if isinstance(v, str) else f"{v:.15g}" for v in values])

    def _number(self, column: Column) -> Column:
        if not pa.types.is_string(column.type):
            return column
        if isinstance(column, pa.Scalar):
            return self.as_number(pa.array([column.as_py()], pa.string()))[0]
        return self.as_number(column)
