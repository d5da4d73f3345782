"""svy, the successor of samplics: Polars data frames, estimates in Rust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl  # type: ignore[import-not-found]
import svy  # type: ignore[import-not-found]

from benchmark.questionnaire import BY_ID, WEIGHT
from benchmark.timing import timed, versions
from benchmark.weights import answer, summary


def tables(path: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`estimation.prop` of every item by every demographic, and `estimation.mean` of scales."""
    sample, load = timed(lambda: _sample(path, {name for pair in pairs for name in pair}))
    times, rows = [], []
    for item, demographic in pairs:
        found, taken = timed(partial(_table, sample, item, demographic))
        times.append(taken)
        rows += [row for frame in found for row in _figures(frame, item, demographic)]
    return {"load": load.seconds, "tables": times, "figures": rows, "versions": versions("svy", "polars")}


def rake(path: str, targets: Mapping[str, Mapping[str, float]], tolerance: float) -> dict[str, Any]:
    """`weighting.rake`, whose tolerance is the largest relative gap to a target."""
    sample = _sample(path, set(targets))
    raked, taken = timed(
        lambda: sample.weighting.rake(controls=targets, tol=tolerance, max_iter=1000, wgt_name="raked")
    )
    codes = {name: raked.data[name].to_physical().to_numpy() for name in targets}
    summed = summary(raked.data[WEIGHT].to_numpy(), raked.data["raked"].to_numpy(), codes, targets)
    return answer(taken, summed, versions("svy"))


def _sample(path: str, names: set[str]) -> Any:
    """The columns with codes as categories, which is the quickest that svy takes."""
    enums = [pl.col(n).cast(pl.Enum(BY_ID[n].codes)) for n in names if not BY_ID[n].scale]
    return svy.Sample(pl.read_parquet(path, columns=[WEIGHT, *names]).with_columns(enums), svy.Design(wgt=WEIGHT))


def _table(sample: Any, item: str, demographic: str) -> list[Any]:
    found = [sample.estimation.prop(item, by=demographic)]
    if BY_ID[item].scale:
        found.append(sample.estimation.mean(item, by=demographic))
    return [one.to_polars() for one in found]


def _figures(frame: Any, item: str, demographic: str) -> list[tuple[Any, ...]]:
    """Rows of a frame of estimates as figures."""
    return [
        (item, demographic, row[demographic], _name(row[item]) if item in row else "mean", row["est"], row["se"])
        for row in frame.to_dicts()
    ]


def _name(answer_: object) -> str:
    """An answer as text; svy writes marks as numbers."""
    return f"{float(answer_):.0f}" if str(answer_)[0].isdigit() else str(answer_)  # type: ignore[arg-type]
