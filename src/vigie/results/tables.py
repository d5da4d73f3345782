"""Tables: a question or an indicator in rows, everybody and a banner in columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vigie.results.figures import Estimate, Texts

Compare = Literal["columns", "rest", "agency"]  # what the columns of a table are tested against, and how
ALL_ROWS = "all"  # asked for in place of rows: every question that makes a table


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a figure in the total and in every column."""

    label: Texts
    kind: Literal["option", "net", "box", "mean", "median", "base"]
    cells: tuple[Estimate | None, ...]  # one per column of the table, the total first


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table: a category of a banner variable, with the letter by which others name it."""

    variable: str  # empty for the total
    code: str
    label: Texts
    letter: str
    n: int
    n_weighted: float
    n_effective: float


@dataclass(frozen=True, slots=True)
class Independence:
    """Whether the answers to a question go with a banner variable: the second-order Rao-Scott test of a whole table."""

    variable: str
    F: float
    ndf: float  # degrees of freedom of F: of the numerator
    ddf: float  # … and of the denominator
    p: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows × banner: shares, nets, boxes and means by column, compared within one banner variable.

    `compare` says what stands beside a figure: `columns`, the letters of the columns that are significantly lower;
    `rest`, + or - where a column is higher or lower than the rest of its variable, in brackets at the minor level;
    `agency`, letters of the test of tabulation programs, for shares alone.
    """

    title: Texts
    wave: str
    rows: str
    columns: tuple[Head, ...]
    lines: tuple[Line, ...]
    base: str
    filter: str
    adjust: Literal["holm", "bh", "none"]
    level: float
    minor: float
    variables: Mapping[str, Texts] = field(default_factory=dict)  # the words of what breaks the columns
    compare: Compare = "columns"
    independence: tuple[Independence, ...] = ()  # of a question of one answer from its banner variables of one answer
