"""Polars: no statistics, but the sums that they need, by the quickest plain way to write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl  # type: ignore[import-not-found]

from benchmark.agreement import Row, from_sums
from benchmark.places import forget
from benchmark.questionnaire import BY_ID, WEIGHT
from benchmark.timing import timed, versions


def book(path: str, pairs: Sequence[tuple[str, str]], cold: bool = False) -> dict[str, Any]:
    """n, Σw and Σw² of every table, one group-by each, all in one lazy query from the file."""
    if cold:
        forget(Path(path))
    found, taken = timed(lambda: _sums(path, pairs))
    rows: list[Row] = []
    for (item, demographic), frame in list(zip(pairs, found, strict=True))[:: len(pairs) // 10 + 1]:
        sums = {(c, f"{a:.0f}" if isinstance(a, float) else a): (n, w, w2) for c, a, n, w, w2 in frame.rows()}
        rows += from_sums(item, demographic, sums)
    return {**taken._asdict(), "figures": rows, "versions": versions("polars")}


def _sums(path: str, pairs: Sequence[tuple[str, str]]) -> list[Any]:
    names = {name for pair in pairs for name in pair}
    enums = [pl.col(n).cast(pl.Enum(BY_ID[n].codes)) for n in names if not BY_ID[n].scale]
    data = pl.read_parquet(path, columns=[WEIGHT, *names]).lazy()
    coded = data.with_columns(*enums, square=pl.col(WEIGHT) ** 2).collect().lazy()
    summed = [pl.len(), pl.col(WEIGHT).sum(), pl.col("square").sum()]
    return list(pl.collect_all([coded.group_by(demographic, item).agg(summed) for item, demographic in pairs]))
