"""samplics, archived since, whose arrays are the plainest interface of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl  # type: ignore[import-not-found]
from samplics import SampleWeight, TaylorEstimator  # type: ignore[import-not-found]
from samplics.utils import PopParam  # type: ignore[import-not-found]

from benchmark.questionnaire import BY_ID, WEIGHT
from benchmark.timing import timed, versions
from benchmark.weights import answer, summary


def tables(path: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`TaylorEstimator` of every share and mean by domain; on small integers, which samplics is quickest with."""
    data, load = timed(lambda: _arrays(path, {name for pair in pairs for name in pair}))
    times, rows = [], []
    for item, demographic in pairs:
        found, taken = timed(partial(_table, data, item, demographic))
        times.append(taken)
        rows += _figures(item, demographic, found)
    return {"load": load.seconds, "tables": times, "figures": rows, "versions": versions("samplics")}


def rake(path: str, targets: Mapping[str, Mapping[str, float]], tolerance: float) -> dict[str, Any]:
    """`SampleWeight.rake`, with its tolerances on the change of a sweep and on the relative gap to a target."""
    data = _arrays(path, set(targets))
    margins = {name: data[name] for name in targets}
    control = {name: dict(enumerate(wanted.values())) for name, wanted in targets.items()}
    weights, taken = timed(
        lambda: SampleWeight().rake(
            samp_weight=data[WEIGHT], margins=margins, control=control, tol=tolerance, ctrl_tol=tolerance, max_iter=1000
        )
    )
    return answer(taken, summary(data[WEIGHT], weights, margins, targets), versions("samplics"))


def _arrays(path: str, names: set[str]) -> dict[str, Any]:
    """Marks as they are, codes as their places."""
    frame = pl.read_parquet(path, columns=[WEIGHT, *names])
    enums = {n: pl.Enum(BY_ID[n].codes) for n in names if not BY_ID[n].scale}
    return {
        name: frame[name].cast(enums[name]).to_physical().cast(pl.Int64).to_numpy() if name in enums else
        frame[name].to_numpy() for name in frame.columns
    }  # fmt: skip


def _table(data: Mapping[str, Any], item: str, demographic: str) -> list[Any]:
    wanted = [PopParam.prop, *([PopParam.mean] if BY_ID[item].scale else [])]
    found = [TaylorEstimator(one) for one in wanted]
    for estimator in found:
        estimator.estimate(data[item], samp_weight=data[WEIGHT], domain=data[demographic])
    return found


def _figures(item: str, demographic: str, found: Sequence[Any]) -> list[tuple[Any, ...]]:
    shares, columns, answers = found[0], BY_ID[demographic].codes, BY_ID[item].codes
    shift = 1 if BY_ID[item].scale else 0  # a mark is one more than its place
    rows = [
        (item, demographic, columns[int(c)], answers[int(a) - shift], float(value), float(shares.stderror[c][a]))
        for c, by_answer in shares.point_est.items() for a, value in by_answer.items()
    ]  # fmt: skip
    for means in found[1:]:
        rows += [
            (item, demographic, columns[int(c)], "mean", float(v), float(means.stderror[c]))
            for c, v in means.point_est.items()
        ]
    return rows
