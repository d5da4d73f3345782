"""Plain DuckDB passes over the same file: what the sums of the tab book cost without any statistics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmark.agreement import Row, from_sums
from benchmark.places import forget
from benchmark.questionnaire import DEMOGRAPHICS, ITEMS, WEIGHT, WIDE, Question
from benchmark.timing import timed, versions

BANNER = ", ".join(d.id for d in DEMOGRAPHICS)


def _score(item: Question) -> str:
    """What is summed of an item: its mark, or whether its first answer was given."""
    return item.id if item.scale else f"({item.id} = '{item.codes[0]}')::INT"


def _place(question: Question) -> str:
    """An answer as a small number."""
    return f"{question.id}::UTINYINT" if question.scale else f"(ascii({question.id}) - 97)::UTINYINT"


def _cell() -> str:
    """The number of a person's cell of the crossed banner."""
    first, *others = DEMOGRAPHICS
    expression = f"{_place(first)}::USMALLINT"
    for demographic in others:
        expression = f"({expression} * {demographic.size} + {_place(demographic)})"
    return expression


SUMS = ",\n  ".join(f"sum({WEIGHT} * {_score(i)})" for i in ITEMS)
ONE_PASS = [f"SELECT {BANNER}, count(*), sum({WEIGHT}),\n  {SUMS}\nFROM survey GROUP BY {BANNER}"]
ALL_SUMS = [
    f"CREATE TEMP TABLE coded AS SELECT {_cell()} AS cell,\n  {WEIGHT} AS w, {WEIGHT} * {WEIGHT} AS w2,\n  "
    + ",\n  ".join(f"{_place(i)} AS {i.id}" for i in ITEMS) + "\nFROM survey",
    *(f"SELECT cell, {i.id}, count(*), sum(w), sum(w2) FROM coded GROUP BY cell, {i.id}" for i in ITEMS),
]  # fmt: skip
WIDE_PASS = [
    f"SELECT {', '.join(d.id for d in WIDE)}, count(*), sum({WEIGHT}),\n  {SUMS}\n"
    f"FROM survey GROUP BY GROUPING SETS ({', '.join(f'({d.id})' for d in WIDE)})"
]  # fmt: skip
PASSES = {"fifty": ONE_PASS, "every": ALL_SUMS, "wide": WIDE_PASS}


def run(path: str, sums: str, cold: bool = False) -> dict[str, Any]:
    """One of the passes, from the file to the rows of its result in memory; two threads."""
    if cold:
        forget(Path(path))

    def everything() -> None:
        with _connected(path) as connection:
            for query in PASSES[sums]:
                connection.execute(query).fetchnumpy()

    return {**timed(everything)[1]._asdict(), "versions": versions("duckdb")}


def figures(path: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The figures that all tools must agree with, from sums by plain SQL."""
    rows: list[Row] = []
    with _connected(path) as connection:
        for item, demographic in pairs:
            found = connection.execute(
                f"SELECT {demographic}, {item}, count(*), sum({WEIGHT}), sum({WEIGHT} * {WEIGHT}) FROM survey GROUP BY ALL"
            ).fetchall()
            sums = {(c, f"{a:.0f}" if isinstance(a, float) else a): (n, w, w2) for c, a, n, w, w2 in found}
            rows += from_sums(item, demographic, sums)
    return {"figures": rows}


def _connected(path: str) -> Any:
    """A database in memory whose `survey` is the file."""
    connection = duckdb.connect()
    connection.execute("PRAGMA threads=2")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"CREATE VIEW survey AS FROM read_parquet('{path}')")
    return connection
