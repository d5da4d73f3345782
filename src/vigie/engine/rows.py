"""Base u and value v of every figure, row by row: of tests, reviews and cases, which are few enough to be held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.columns import Column
from vigie.engine.projection import Projection

Floats = npt.NDArray[np.float64]


def evaluated(
    made: Projection, columns: Sequence[Column], further: Mapping[str, str], order: Sequence[str]
) -> tuple[pa.Table, Floats, Floats]:
    """Base u and value v of each column (n, columns), one row per row of the table in this order.

    `further` names columns of the table that come along, by the name they bear in the result; truths come as texts.
    """
    table = made.with_bases(made.table, [c.plan for c in columns])
    algebra = made.algebra(table)
    selected: dict[str, Any] = {name: _grouping(table, column) for name, column in further.items()}
    parts = [k for k, c in enumerate(columns) if made.is_part(c)]
    raw = dict.fromkeys(made.raw(columns[k]) for k in parts)
    selected |= {f"x{i}": table[name] for i, name in enumerate(raw)}
    bases = dict.fromkeys(made.bases[columns[k].plan] for k in parts)
    selected |= {f"b{i}": table[name].fill_null(False).cast("float64") for i, name in enumerate(bases)}
    for k, column in enumerate(columns):
        if k not in parts:
            selected[f"v{k}"] = made.figure(column, algebra).cast("float64")
    found = table.order_by(list(order)).select(**selected).to_pyarrow()
    u, v = (np.zeros((found.num_rows, len(columns)), order="F") for _ in range(2))
    aliases = {name: f"x{i}" for i, name in enumerate(raw)} | {name: f"b{i}" for i, name in enumerate(bases)}
    for k, column in enumerate(columns):
        if k in parts:
            base = found[aliases[made.bases[column.plan]]].to_numpy()
            known, hit = _hits(made, column, found[aliases[made.raw(column)]])
            u[:, k], v[:, k] = base * known, base * hit
        else:
            u[:, k], v[:, k] = inside(found[f"v{k}"])
    return found, u, v


def inside(values: Any) -> tuple[Floats, Floats]:
    """Base and value of a figure: 1 and the value where it is known, 0 and 0 where it is not."""
    return values.is_valid().to_numpy().astype(np.float64), pc.fill_null(values, 0.0).to_numpy()


def _hits(made: Projection, column: Column, answers: Any) -> tuple[Any, Any]:
    """Where the question was answered, and where the answer is this option or mark."""
    kind = made.plans[column.plan].main.type
    code = float(column.code) if kind == "number" else column.code
    hit = answers if kind == "options" else pc.equal(answers, code)
    known = answers.is_valid().to_numpy().astype(np.float64)
    return known, pc.fill_null(hit, False).to_numpy().astype(np.float64)


def _grouping(table: Any, variable: str) -> Any:
    """A grouping variable as a column of texts."""
    column = table[variable]
    return column.cast("string") if column.type().is_boolean() else column
