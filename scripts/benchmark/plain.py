"""Plain DuckDB passes over the same file: what the sums of the tab book cost without any statistics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmark.agreement import Row, from_sums
from benchmark.places import forget
from benchmark.questionnaire import WEIGHT
from benchmark.sql import PASSES
from benchmark.timing import timed, versions


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
            summed = f"count(*), sum({WEIGHT}), sum({WEIGHT} * {WEIGHT})"
            query = f"SELECT {demographic}, {item}, {summed} FROM survey GROUP BY ALL"
            found = connection.execute(query).fetchall()
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
