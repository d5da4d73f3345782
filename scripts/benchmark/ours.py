"""What Vigie does of the same job: tab books, raking, rank sets, intake; one function each, in its own process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis.backends.duckdb  # noqa: F401 - loading the backend is not part of what is timed
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmark.agreement import Row
from benchmark.places import WAVE, facts_of, forget, respondents_of
from benchmark.questionnaire import BY_ID, WEIGHT
from benchmark.timing import timed, versions
from benchmark.weights import answer, summary
from vigie.engine.edition import Edition
from vigie.engine.engines import engine as opened
from vigie.engine.session import Engine, Session
from vigie.engine.tables import book as tables
from vigie.results.tables import Table
from vigie.run import freeze, load
from vigie.snapshot.facts import Snapshot, find
from vigie.stats.ranks import rank_sets, top_k
from vigie.stats.weights import rake as rake_cells
from vigie.study.model import Study

Book = dict[str, Table]


def tab_book(study: Study, facts: Snapshot, items: Sequence[str], demographics: Sequence[str], on: Engine) -> Book:
    """Every item by every demographic, from the frozen facts to figures with their standard errors and letters."""
    edition = Edition(study, study.waves[WAVE], (), keep=False)
    return dict(zip(items, tables(Session(facts, on), edition, items, demographics), strict=True))


def figures(book: Book) -> list[Row]:
    """The figures of a book in the form that tools are compared in."""
    return [
        (item, head.variable, head.code, dict(cell.segment).get(item, "mean"), cell.value, cell.se)
        for item, made in book.items() for line in made.lines
        for head, cell in zip(made.columns, line.cells, strict=True)
        if head.variable and cell is not None and cell.value is not None
    ]  # fmt: skip


def book(
    folder: str, items: Sequence[str], demographics: Sequence[str], cold: bool = False, engine: str = "duckdb"
) -> dict[str, Any]:
    """A tab book, timed; with the figures of its first table of every kind of item.

    The study's description is read and the engine opened before the clock starts, as others' programs are.
    """
    study, load_ = timed(lambda: load(Path(folder)))
    facts = find(Path(folder) / "out" / WAVE, facts_of(Path(folder)).name)
    if facts is None:
        raise SystemExit(f"no facts in {folder}")
    if cold:
        forget(respondents_of(Path(folder)))
    on = opened(engine)
    made, taken = timed(lambda: tab_book(study, facts, items, demographics, on))
    first = {BY_ID[item].kind: item for item in reversed(items)}.values()
    rows = [row for row in figures(made) if row[0] in first]
    told = versions("vigie", "duckdb", "ibis-framework", "numpy", "scipy")
    return {**taken._asdict(), "load": load_.seconds, "figures": rows, "versions": told}


def rake(path: str, targets: Mapping[str, Mapping[str, float]], tolerance: float) -> dict[str, Any]:
    """From a million people in memory, their categories as codes, to a weight for each: cells, raking, factors."""
    data = pq.read_table(path, columns=[WEIGHT, *targets], read_dictionary=list(targets)).combine_chunks()
    weights, taken = timed(lambda: _weights(data, targets, tolerance))
    codes = {name: _places(data[name].chunk(0), list(wanted)) for name, wanted in targets.items()}
    return answer(taken, summary(data[WEIGHT].to_numpy(), weights, codes, targets), versions("vigie"))


def _weights(data: pa.Table, targets: Mapping[str, Mapping[str, float]], tolerance: float) -> Any:
    sizes = [len(wanted) for wanted in targets.values()]
    cell = np.zeros(data.num_rows, dtype=np.int32)
    for name, wanted in targets.items():
        cell *= len(wanted)
        cell += _places(data[name].chunk(0), list(wanted))
    base = data[WEIGHT].to_numpy()
    total = np.bincount(cell, weights=base, minlength=int(np.prod(sizes)))
    margins = np.unravel_index(np.arange(len(total)), sizes)
    raked = rake_cells(total, margins, [list(w.values()) for w in targets.values()], tolerance=tolerance)
    return raked.g[cell] * base


def _places(column: pa.DictionaryArray, codes: Sequence[str]) -> Any:
    """Each person's category as a place in the list of codes."""
    order = np.array([codes.index(code) for code in column.dictionary.to_pylist()], dtype=np.int32)
    return order[column.indices.to_numpy()]


def ranks(kind: str, brands: int, draws: int) -> dict[str, Any]:
    """Rank sets with full covariance: simultaneous, marginal, or who may be among the first ten."""
    rng = np.random.default_rng(1)
    score = rng.normal(12, 1.5, brands)
    cov = np.diag(rng.uniform(0.2, 0.5, brands) ** 2) + 0.01
    actions: dict[str, Any] = {
        "simultaneous": lambda: rank_sets(score, cov, sets="simultaneous", draws=draws),
        "marginal": lambda: rank_sets(score, cov, sets="marginal", draws=draws),
        "top ten": lambda: top_k(score, cov, 10, draws=draws),
    }
    return {**timed(actions[kind])[1]._asdict(), "versions": versions("vigie", "numpy")}


def intake(folder: str) -> dict[str, Any]:
    """The raw file of 110 columns to frozen facts: every cell checked, every question given its state."""
    study = load(Path(folder))
    with tempfile.TemporaryDirectory(dir=folder) as out:
        taken = timed(lambda: freeze(study, study.waves[WAVE], Path(out) / WAVE))[1]
    return {**taken._asdict(), "versions": versions("vigie", "pyarrow")}
