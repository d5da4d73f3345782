"""Routing, bases, filters and indicators as data: a small language, parsed to a tree, folded over an algebra.

    any(used) and satisfaction >= 7        used.phone        age in [a1, a2]        mark in 7..10        count(used)

Unknown stays unknown: a comparison with a missing answer is missing, `and`, `or`, `not` follow Kleene's logic, and a
division by zero is missing. Nothing is ever evaluated as Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*", "/"]
T = TypeVar("T")


class ExpressionError(ValueError):
    """An expression that cannot be read; `at` is the offset in the text, `hint` what to do."""

    def __init__(self, message: str, at: int, hint: str = "") -> None:
        super().__init__(message)
        self.at, self.hint = at, hint


@dataclass(frozen=True, slots=True)
class Everyone:
    """True for all."""

    at: int = 0


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    value: float | str | date
    at: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A question, a column of a file, or an option's code, as the checker decides."""

    name: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """Whether an option of a multiple question was chosen."""

    name: str
    option: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """`any`, `count`, `answered`, `dont_know`, `refused` of a question; `polarity`, `intensity` of a text."""

    function: str
    name: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    operator: Comparison
    left: Tree
    right: Tree
    at: int = 0


@dataclass(frozen=True, slots=True)
class Compute:
    operator: Arithmetic
    left: Tree
    right: Tree
    at: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """Whether a value is in a list."""

    of: Tree
    values: tuple[float | str, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """Whether a number is in a range, ends included."""

    of: Tree
    low: float
    high: float
    at: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    of: Tree
    at: int = 0


@dataclass(frozen=True, slots=True)
class Both:
    left: Tree
    right: Tree
    at: int = 0


@dataclass(frozen=True, slots=True)
class Either:
    left: Tree
    right: Tree
    at: int = 0


Tree = Everyone | Constant | Name | Option | Call | Compare | Compute | Member | Between | Not | Both | Either


class Algebra(Protocol[T]):
    """What an expression is folded over: plain values, Arrow columns, Ibis columns. All three give the same answers."""

    def everyone(self) -> T: ...
    def literal(self, value: float | str | date) -> T: ...
    def value(self, name: str) -> T: ...
    def option(self, name: str, option: str) -> T: ...
    def call(self, function: str, name: str) -> T: ...
    def compare(self, operator: Comparison, left: T, right: T) -> T: ...
    def compute(self, operator: Arithmetic, left: T, right: T) -> T: ...
    def member(self, of: T, values: Sequence[float | str]) -> T: ...
    def negation(self, of: T) -> T: ...
    def both(self, left: T, right: T) -> T: ...
    def either(self, left: T, right: T) -> T: ...


def fold(tree: Tree, algebra: Algebra[Any]) -> Any:
    """The tree's value in an algebra."""
    match tree:
        case Everyone():
            return algebra.everyone()
        case Constant(value):
            return algebra.literal(value)
        case Name(name):
            return algebra.value(name)
        case Option(name, option):
            return algebra.option(name, option)
        case Call(function, name):
            return algebra.call(function, name)
        case Compare(operator, left, right):
            return algebra.compare(operator, fold(left, algebra), fold(right, algebra))
        case Compute(sign, left, right):
            return algebra.compute(sign, fold(left, algebra), fold(right, algebra))
        case Member(of, values):
            return algebra.member(fold(of, algebra), values)
        case Between(of, low, high):
            value = fold(of, algebra)
            above = algebra.compare(">=", value, algebra.literal(low))
            return algebra.both(above, algebra.compare("<=", value, algebra.literal(high)))
        case Not(of):
            return algebra.negation(fold(of, algebra))
        case Both(left, right):
            return algebra.both(fold(left, algebra), fold(right, algebra))
        case Either(left, right):
            return algebra.either(fold(left, algebra), fold(right, algebra))


def names(tree: Tree) -> Iterator[Name | Option | Call]:
    """Every leaf that names something, in the order of the text."""
    match tree:
        case Name() | Option() | Call():
            yield tree
        case Compare(_, left, right) | Compute(_, left, right) | Both(left, right) | Either(left, right):
            yield from names(left)
            yield from names(right)
        case Member(of) | Between(of) | Not(of):
            yield from names(of)
        case _:
            return


def written(tree: Tree) -> str:
    """The expression in one normal form: what the identity of an indicator hashes."""
    match tree:
        case Everyone():
            return "everyone"
        case Constant(value):
            return _constant(value)
        case Name(name):
            return f"`{name}`"
        case Option(name, option):
            return f"`{name}`.`{option}`"
        case Call(function, name):
            return f"{function}(`{name}`)"
        case Compare(operator, left, right) | Compute(operator, left, right):
            return f"({written(left)} {operator} {written(right)})"
        case Member(of, values):
            return f"({written(of)} in [{', '.join(sorted(_constant(v) for v in values))}])"
        case Between(of, low, high):
            return f"({written(of)} in {_constant(low)}..{_constant(high)})"
        case Not(of):
            return f"(not {written(of)})"
        case Both(left, right):
            return f"({written(left)} and {written(right)})"
        case Either(left, right):
            return f"({written(left)} or {written(right)})"


def _constant(value: float | str | date) -> str:
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    return f"'{value}'" if '"' in str(value) else f'"{value}"'
